"""Every setting: one environment variable each, typed, read once; unsafe values stop the start."""

import base64
import binascii
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.adapters.development_keys import ENCRYPTION_KEYS, INDEX_KEY, KEYS_FILE, development_keys
from app.errors import CannotStart

PREFIX = "VERWIJSROUTE_"
KEY_BYTES = 32
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
# What may also come from a file, as container engines and systemd hand secrets over.
SECRETS = ("database_url", "database_owner_url", "key_encryption_keys", "index_key")
# Fewer different bytes than this in 32 is a typed or repeated key: by chance it happens once in 10**30.
FEWEST_DIFFERENT_BYTES = 12


def _parse_key(text: object) -> object:
    """32 random bytes from base64; anything that is not text is left to pydantic."""
    if not isinstance(text, str):
        return text
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"must be {KEY_BYTES} bytes in base64, these are {len(key)}")
    if len(set(key)) < FEWEST_DIFFERENT_BYTES:
        raise ValueError("is not random: make one with `openssl rand -base64 32`")
    return key


def _parse_keys(text: object) -> object:
    """`id:base64` separated by commas; the first is the active one, the others only open what they closed."""
    if not isinstance(text, str):
        return text
    keys: dict[str, object] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key_id, colon, key = part.partition(":")
        if not colon or not key_id.isalnum() or key_id in keys:
            raise ValueError("must be id:base64, separated by commas, each id once and of letters and digits")
        keys[key_id] = _parse_key(key)
    return keys


def _check_address(text: object) -> object:
    """A PostgreSQL address in either spelling; empty counts as not set."""
    if text is None or text == "":
        return None
    if urlsplit(str(text)).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must be like postgresql://role:password@host:5432/database")
    return text


def _parse_origins(text: object) -> object:
    """Origins separated by commas, each exactly as browsers send it."""
    if not isinstance(text, str):
        return text
    origins = tuple(filter(None, (part.strip() for part in text.split(","))))
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueError("must be like https://portal.example, separated by commas, without a path")
    return origins


Key = Annotated[bytes, BeforeValidator(_parse_key)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_origins)]
Keys = Annotated[dict[str, bytes], NoDecode, BeforeValidator(_parse_keys)]
Address = Annotated[str, BeforeValidator(_check_address)]


class Settings(BaseSettings):
    """What the operator may set; the description of each is also in `.env.example`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    environment: Literal["development", "production"] = Field(
        "development", description="In production every unsafe value below stops the start."
    )
    host: str = Field(
        "127.0.0.1", validation_alias=AliasChoices("HOST"), description="The network address to listen on."
    )
    port: int = Field(
        8000, ge=1, le=65535, validation_alias=AliasChoices("PORT"), description="The port to listen on."
    )
    database_url: Address | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL"),
        repr=False,
        description="PostgreSQL 15 or newer, as the service role. Without it an embedded server is started.",
    )
    database_owner_url: Address | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_OWNER_URL"),
        repr=False,
        description="The same database as the owner of the tables; read by `verwijsroute migrate` alone.",
    )
    service_role: str = Field(
        "verwijsroute_service",
        pattern=r"^[a-z_][a-z0-9_]{0,62}$",
        description="The database role that the service connects as; the migrations grant to it.",
    )
    data_dir: Path = Field(
        Path("data"), description="Folder of the embedded server and of the generated development keys."
    )
    key_encryption_keys: Keys = Field(
        {}, repr=False, description="id:base64 of 32 random bytes, several with commas; the first encrypts."
    )
    index_key: Key | None = Field(
        None, repr=False, description="Base64 of 32 random bytes; keys the indexes over encrypted words."
    )
    secrets_dir: Path | None = Field(
        None,
        description="Folder with one file for each secret, named as its variable; a variable goes before it.",
    )
    security_contact: str = Field(
        "mailto:team@verwijsroute.example",
        pattern=r"^(mailto:|https://|tel:)[!-~]{3,200}$",
        description="Where to report a vulnerability: mailto:, https:// or tel:, told in security.txt.",
    )
    team_confirmation_days: int = Field(
        365,
        ge=1,
        le=3650,
        description="A team that was not confirmed for longer gives the warning TEAM_NOT_CONFIRMED, in days.",
    )
    header_limit_bytes: int = Field(
        16_384,
        ge=4096,
        le=65_536,
        description="The largest names and values of all request headers together, in bytes.",
    )
    body_limit_bytes: int = Field(
        1_048_576, ge=1024, le=104_857_600, description="The largest request body that is read, in bytes."
    )
    head_timeout_seconds: float = Field(
        10, gt=0, le=300, description="How long the head of a request may take to arrive, in seconds."
    )
    body_timeout_seconds: float = Field(
        10, gt=0, le=300, description="How long a request body may take to arrive, in seconds."
    )
    cors_origins: Origins = Field(
        (),
        description="Websites that may read the answers in a browser, with commas; none without it.",
    )
    shutdown_seconds: int = Field(
        10,
        ge=1,
        le=300,
        description="How long running requests may take to finish after SIGTERM, in seconds.",
    )
    drain_seconds: float = Field(
        1,
        ge=0,
        le=60,
        description="How long readiness is red after SIGTERM before the port is closed, in seconds.",
    )
    database_pool_size: int = Field(32, ge=1, le=500, description="Connections to the database, per process.")
    database_pool_seconds: float = Field(
        2, gt=0, le=60, description="How long a request waits for a free connection, in seconds."
    )
    database_connect_seconds: float = Field(
        3, gt=0, le=60, description="How long making a connection may take, in seconds."
    )
    database_command_seconds: float = Field(
        5, gt=0, le=600, description="How long the client waits for one statement: ends even a hung server's."
    )
    database_statement_seconds: float = Field(
        4, gt=0, le=600, description="How long the server works on one statement, in seconds."
    )
    database_lock_seconds: float = Field(
        3, gt=0, le=600, description="How long a statement waits for a lock, in seconds."
    )
    database_idle_seconds: float = Field(
        10, gt=0, le=600, description="How long a transaction may stand idle, in seconds."
    )

    @property
    def active_key_id(self) -> str:
        """The id of the key that wraps new data keys."""
        return next(iter(self.key_encryption_keys))

    @model_validator(mode="after")
    def refuse_one_role_for_both(self) -> Self:
        """Row-level security does not bind the owner: the service must be somebody else."""
        if self.database_url and self.database_owner_url:
            service, owner = urlsplit(self.database_url).username, urlsplit(self.database_owner_url).username
            if self.database_url == self.database_owner_url or (service and service == owner):
                raise ValueError("DATABASE_URL and DATABASE_OWNER_URL must be different roles")
        return self

    @model_validator(mode="after")
    def refuse_a_key_for_two_purposes(self) -> Self:
        """A key that both encrypts and indexes would weaken both."""
        keys = [*self.key_encryption_keys.values(), *([self.index_key] if self.index_key else [])]
        if len(set(keys)) < len(keys):
            raise ValueError(f"{ENCRYPTION_KEYS} and {INDEX_KEY}: the same key stands there twice")
        return self


def variable_of(field: str) -> str:
    """The environment variable that sets a field of Settings."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else PREFIX + field.upper()


def load_settings() -> Settings:
    """The settings from the environment, with development keys where needed. Raises CannotStart."""
    _refuse_unknown_variables()
    try:
        settings = Settings(**_secrets_in_files())
    except ValidationError as error:
        raise CannotStart("; ".join(_faults(error))) from None
    if settings.environment == "production":
        _refuse_unsafe(settings)
        return settings
    return _with_development_keys(settings)


def _secrets_in_files() -> dict[str, Any]:
    """What the files in VERWIJSROUTE_SECRETS_DIR hold, by field; a variable goes before its file."""
    folder = os.environ.get(variable_of("secrets_dir"))
    if not folder:
        return {}
    held = {}
    for field in SECRETS:
        file = Path(folder, variable_of(field))
        if os.environ.get(variable_of(field)) or not file.exists():
            continue
        try:
            held[field] = file.read_text("utf-8").strip()
        except (OSError, ValueError):
            raise CannotStart(f"{file} cannot be read as text") from None
    if not held and not Path(folder).is_dir():
        raise CannotStart(f"{variable_of('secrets_dir')} is no folder")
    return held


def _faults(error: ValidationError) -> list[str]:
    """One sentence per fault: variable and reason, never the value."""
    faults = []
    for fault in error.errors(include_input=False, include_context=False, include_url=False):
        place = str(fault["loc"][0]) if fault["loc"] else ""
        name = variable_of(place) if place in Settings.model_fields else place
        faults.append(f"{name} {fault['msg'].removeprefix('Value error, ')}".strip())
    return faults


def _refuse_unknown_variables() -> None:
    """A misspelt name would silently leave a default in force."""
    known = {variable_of(field) for field in Settings.model_fields}
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise CannotStart(f"{', '.join(unknown)}: no such setting; .env.example lists them all")


def _refuse_unsafe(settings: Settings) -> None:
    """Outside development nothing is generated, embedded or left open."""
    unsafe = {
        "DATABASE_URL is missing: the embedded database is for development": not settings.database_url,
        f"{ENCRYPTION_KEYS} is missing": not settings.key_encryption_keys,
        f"{INDEX_KEY} is missing": settings.index_key is None,
        f"{variable_of('cors_origins')} must be https": any(
            origin.startswith("http:") for origin in settings.cors_origins
        ),
    }
    if any(unsafe.values()):
        raise CannotStart("; ".join(reason for reason, found in unsafe.items() if found))


def _with_development_keys(settings: Settings) -> Settings:
    """Fills in missing keys from the data folder, where they are generated once."""
    if settings.key_encryption_keys and settings.index_key:
        return settings
    stored = development_keys(settings.data_dir)
    try:
        kept = Settings(key_encryption_keys=stored[ENCRYPTION_KEYS], index_key=stored[INDEX_KEY])
    except (KeyError, ValidationError):
        raise CannotStart(f"{settings.data_dir / KEYS_FILE} is damaged: restore it from a backup") from None
    return settings.model_copy(
        update={
            "key_encryption_keys": settings.key_encryption_keys or kept.key_encryption_keys,
            "index_key": settings.index_key or kept.index_key,
        }
    )
