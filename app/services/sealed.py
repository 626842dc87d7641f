"""What is sealed of a referral: values as deflated JSON, and the row to which their ciphertext is bound."""

import json
from typing import Any
from uuid import UUID

from app.adapters.decision_json import compact_json
from app.adapters.deflate import deflate, inflate
from app.adapters.encryption import DataKey


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8, deflated: what was sealed can no longer be made smaller."""
    return deflate(compact_json(value))


def row_name(organisation: UUID, referral: UUID) -> str:
    """The row to which ciphertext is bound: a referral of one organisation."""
    return f"{organisation}/{referral}"


def unseal(key: DataKey, sealed: bytes, table: str, column: str, row: str) -> Any:
    """The value that `dump` wrote and that was sealed in a column."""
    return json.loads(inflate(key.decrypt(sealed, table=table, column=column, row=row)))
