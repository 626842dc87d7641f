"""Tells Schemathesis how to make days that occur in referrals, and how a file of referrals is sent."""

from datetime import date

import schemathesis
from hypothesis import strategies

schemathesis.openapi.format(
    "date", strategies.dates(date(2015, 1, 1), date(2026, 6, 30)).map(lambda day: day.isoformat())
)


@schemathesis.serializer(
    "text/csv", "application/x-ndjson", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)
def as_it_is(_context: object, value: object) -> bytes:
    """The file: whatever was made, as bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
