"""Finds all referrals of one person within one organisation, by the number and the name that were told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.models import Referral
from app.services.fingerprints import source_reference_index, student_number_index

Row = Mapping[str, Any]


async def find_person(
    connection: AsyncConnection,
    keyring: Keyring,
    organisation: UUID,
    *,
    referral_id: UUID | None = None,
    source_reference: str | None = None,
    student_number: str | None = None,
) -> list[UUID]:
    """The ids of an organisation's own referrals of the persons named in one of three ways, the oldest first.

    Empty where the organisation has none. Told more than once, each must fit. Which referrals are of one
    person: see `person_of`.
    """
    wanted: list[ColumnElement[bool]] = []
    if referral_id is not None:
        wanted.append(Referral.id == referral_id)
    if source_reference is not None:
        index = source_reference_index(keyring, organisation, source_reference)
        wanted.append(Referral.source_reference_index == index)
    if student_number is not None:
        index = student_number_index(keyring, organisation, student_number)
        wanted.append(Referral.student_number_index == index)
    if not wanted:
        raise ValueError("name a person")
    named = await _read(connection, organisation, *wanted)
    rows = await _connected(connection, organisation, named)
    person = person_of(rows.values())
    meant = {person[id] for id in named}
    return sorted(id for id, whose in person.items() if whose in meant)


def person_of(rows: Iterable[Row]) -> dict[UUID, bytes | UUID]:
    """Whose each referral is, by its id: the index of a number, of a name, or the referral's own id.

    `rows` hold `id`, `student_number_index` and `subject_index` of all referrals of an organisation with any
    of these numbers and names. One number is one person, whatever the name. A referral without a number is
    of the person with that name and birth date, unless two numbers bear it: of two namesakes nobody can tell
    which of them, so that it belongs to neither and all such are one. What tells neither stands alone.
    """
    rows = list(rows)
    numbers = defaultdict(set)
    for row in rows:
        if row["student_number_index"] is not None:
            numbers[row["subject_index"]].add(row["student_number_index"])
    return {row["id"]: _whose(row, numbers[row["subject_index"]]) for row in rows}


def _whose(row: Row, numbers: set[bytes]) -> bytes | UUID:
    number: bytes | None = row["student_number_index"]
    if number is not None:
        return number
    name: bytes | None = row["subject_index"]
    if name is None:
        own: UUID = row["id"]
        return own
    return next(iter(numbers)) if len(numbers) == 1 else name


async def _connected(
    connection: AsyncConnection, organisation: UUID, named: dict[UUID, Row]
) -> dict[UUID, Row]:
    """These referrals with all that share a number or a name with them, or with those in turn."""
    rows, asked = dict(named), (frozenset[bytes](), frozenset[bytes]())
    while (known := (_told(rows, "student_number_index"), _told(rows, "subject_index"))) != asked:
        numbers, names = known
        shares = or_(Referral.student_number_index.in_(numbers), Referral.subject_index.in_(names))
        rows |= await _read(connection, organisation, shares)
        asked = known
    return rows


def _told(rows: dict[UUID, Row], column: str) -> frozenset[bytes]:
    return frozenset(row[column] for row in rows.values() if row[column] is not None)


async def _read(
    connection: AsyncConnection, organisation: UUID, *wanted: ColumnElement[bool]
) -> dict[UUID, Row]:
    query = select(Referral.id, Referral.student_number_index, Referral.subject_index)
    found = await connection.execute(query.where(Referral.organisation_id == organisation, *wanted))
    return {row["id"]: dict(row) for row in found.mappings()}
