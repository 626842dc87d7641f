"""Seals and opens what is secret of a subscription: where it goes, and what it is signed with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.adapters.encryption import DataKey, Keyring
from app.services.sealed import dump, unseal

TABLE: Final = "webhook_subscription"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secret in force, and the one before it, which signs beside it until a moment."""

    newest: str
    old: str | None = None

    def signing(self, old_until: datetime | None, now: datetime) -> list[str]:
        """The secrets that sign now, the newest first."""
        both = self.old and old_until and now < old_until
        return [self.newest, self.old] if both and self.old else [self.newest]


def seal(keyring: Keyring, organisation: UUID, id: UUID, url: str, secrets: Secrets) -> dict[str, Any]:
    """The sealed columns, under a data key that is new each time."""
    row = _row(organisation, id)
    key, wrapped, key_id = keyring.new_data_key(row)
    return {
        "key_id": key_id,
        "wrapped_key": wrapped,
        "url": key.encrypt(dump(url), table=TABLE, column="url", row=row),
        "secrets": key.encrypt(dump([secrets.newest, secrets.old]), table=TABLE, column="secrets", row=row),
    }


def open_url(row: Mapping[str, Any], keyring: Keyring, id: UUID) -> str:
    """Where it goes."""
    key, name = _opened(row, keyring, id)
    url: str = unseal(key, row["url"], TABLE, "url", name)
    return url


def open_secrets(row: Mapping[str, Any], keyring: Keyring, id: UUID) -> Secrets:
    """What it is signed with."""
    key, name = _opened(row, keyring, id)
    return Secrets(*unseal(key, row["secrets"], TABLE, "secrets", name))


def _row(organisation: UUID, id: UUID) -> str:
    return f"{organisation}/{id}"


def _opened(row: Mapping[str, Any], keyring: Keyring, id: UUID) -> tuple[DataKey, str]:
    name = _row(row["organisation_id"], id)
    return keyring.open_data_key(row["key_id"], row["wrapped_key"], name), name
