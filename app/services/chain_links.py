"""How a row of the access log is linked to the one before it: its number, its canonical form, its hash."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

# In the form that is hashed, first: should that form ever change, both must be known.
VERSION: Final = 1
BEGINNING: Final = bytes(32)
# Made once: as `json.dumps` it would be made anew for each row.
_encode: Final = json.JSONEncoder(separators=(",", ":")).encode

# Everything of a row but its link, as text that no setting of the server or the driver changes.
COLUMNS: Final = """
    id::text, organisation_id::text, credential_id::text, roles, acting_user, activity, purpose,
    referring_organisation_id::text, referral_id::text, handover_id::text, request_id, trace_id,
    (extract(epoch FROM at) * 1000000)::bigint
"""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends, or a part of it: the number of a row, from 1, and its hash of 32 bytes."""

    number: int
    hash: bytes

    def next(self, columns: Sequence[Any]) -> "Head":
        """The link of the row that follows: SHA-256 over the hash before and the row as canonical JSON."""
        number = self.number + 1
        form = _encode([VERSION, number, *columns])
        return Head(number, hashlib.sha256(self.hash + form.encode()).digest())


START: Final = Head(0, BEGINNING)
