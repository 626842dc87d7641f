"""Identifiers: UUIDv7, whose order is the order of time to the millisecond."""

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_ids(at: datetime, count: int) -> list[UUID]:
    """New identifiers of one moment, in ascending order."""
    nanoseconds = int(at.timestamp() * 1000) * 1_000_000
    return sorted(uuid7(nanoseconds=nanoseconds) for _ in range(count))


def first_id(at: datetime) -> UUID:
    """The lowest identifier of a moment's millisecond: the border between earlier and later ones."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
