"""Every setting: one environment variable each, typed; what no combination may be is refused here."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.adapters.development_keys import ENCRYPTION_KEYS, INDEX_KEY
from app.config.values import Address, Issuers, Key, Keys, Origins

PREFIX = "VERWIJSROUTE_"


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
    trust_dir: Path | None = Field(
        None,
        description="Folder outside the database and its backups: ledger of erasures, heads of the log.",
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
    oauth_issuers: Issuers = Field(
        {},
        description="Who issues tokens: issuer=file with its public keys (JWKS), several with commas.",
    )
    oauth_audience: str | None = Field(
        None,
        pattern=r"^[!-~]{1,200}$",
        description="Who this service is in a token's `aud`; needed with VERWIJSROUTE_OAUTH_ISSUERS.",
    )
    quota_requests: int = Field(
        6000,
        ge=0,
        le=100_000_000,
        description="How many requests a client may make in each window; 0 is no limit.",
    )
    quota_seconds: int = Field(
        60, ge=1, le=86_400, description="The window of VERWIJSROUTE_QUOTA_REQUESTS, in seconds."
    )
    security_contact: str = Field(
        "mailto:team@verwijsroute.example",
        pattern=r"^(mailto:|https://|tel:)[!-~]{3,200}$",
        description="Where to report a vulnerability: mailto:, https:// or tel:, told in security.txt.",
    )
    referral_retention_days: int = Field(
        730,
        ge=30,
        le=7305,
        description="A referral is erased so many days after its last handover ended (LAW E-33), in days.",
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
    batch_limit_bytes: int = Field(
        4_194_304,
        ge=1024,
        le=104_857_600,
        description="The largest body of a batch of decisions, in bytes: a thousand requests of 4 KiB.",
    )
    head_timeout_seconds: float = Field(
        10, gt=0, le=300, description="How long the head of a request may take to arrive, in seconds."
    )
    body_timeout_seconds: float = Field(
        10, gt=0, le=300, description="How long a request body may take to arrive, in seconds."
    )
    import_max_bytes: int = Field(
        268_435_456,
        ge=65_536,
        le=10_737_418_240,
        description="The largest upload of an import, in bytes; it is taken in while it arrives.",
    )
    import_upload_seconds: float = Field(
        1800,
        gt=0,
        le=86_400,
        description="How long the upload of an import may take in all, in seconds.",
    )
    imports_at_once: int = Field(
        2,
        ge=1,
        le=32,
        description="How many imports one worker works off at a time, of different organisations; "
        "each holds two connections of the pool.",
    )
    import_processes: int = Field(
        1,
        ge=1,
        le=64,
        description="How many processes of one worker decide rows of imports, at a low priority.",
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
    webhook_allow_loopback: bool = Field(
        False, description="`true` lets webhooks go to this machine itself, also by http: for development."
    )
    webhook_source: str = Field(
        "urn:nld:oin:00000000000000000000:systeem:verwijsroute",
        pattern=r"^urn:nld:[a-z0-9:.-]{3,100}$",
        description="Who sends events (CloudEvents): a URN with the OIN of whoever runs this.",
    )
    webhook_deadline_seconds: float = Field(
        15, gt=0, le=30, description="How long one attempt at a receiver may take in all, in seconds."
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

    import_wait_seconds: float = Field(
        600,
        ge=0,
        le=86_400,
        description="How long an import waits for a database that is away or full, in seconds.",
    )

    @property
    def trust_folder(self) -> Path:
        """Where things are kept that nobody who can change the database can change."""
        return self.trust_dir or self.data_dir / "trust"

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
    def refuse_tokens_for_anybody(self) -> Self:
        """Without an audience a token for any other service would do here too."""
        if self.oauth_issuers and not self.oauth_audience:
            raise ValueError(f"{PREFIX}OAUTH_AUDIENCE is missing")
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
