"""Reads the settings once, from the environment and files; unsafe values stop the start."""

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.adapters.development_keys import ENCRYPTION_KEYS, INDEX_KEY, KEYS_FILE, development_keys
from app.config.settings import PREFIX, Settings, variable_of
from app.errors import CannotStart

# What may also come from a file, as container engines and systemd hand secrets over.
SECRETS = ("database_url", "database_owner_url", "key_encryption_keys", "index_key")


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
        f"{variable_of('trust_dir')} is missing": settings.trust_dir is None,
        f"{variable_of('webhook_allow_loopback')} is for development": settings.webhook_allow_loopback,
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
