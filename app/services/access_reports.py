"""Answers who looked at a person, when and why (AVG 15), and gives an auditor his organisation's trail."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.errors import NotFound
from app.models import AccessRecord, Organisation
from app.services.clients import Client
from app.services.persons import find_person
from app.services.resources import Plain, moment
from app.services.trail import concerns


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a report is about, told in one way; in none, it is the trail of the organisation itself."""

    referral_id: UUID | None = None
    source_reference: str | None = None
    student_number: str | None = None

    @property
    def ways(self) -> int:
        """In how many ways it is told."""
        told = (self.referral_id, self.source_reference, self.student_number)
        return sum(way is not None for way in told)


async def report_access(
    connection: AsyncConnection,
    client: Client,
    keyring: Keyring,
    wanted: Wanted,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[list[Plain], UUID | None]:
    """The looks, the oldest first, and where the next page starts.

    Of a person whom the client's organisation referred all of them, whoever looked; of anybody else an
    auditor gets what his own organisation looked at. Raises NotFound for a person of whom there is neither.
    """
    conditions = await _conditions(connection, client, keyring, wanted)
    if after:
        conditions.append(AccessRecord.id > after)
    query = select(AccessRecord, Organisation.kind, Organisation.code, Organisation.name)
    query = query.outerjoin(Organisation, Organisation.id == AccessRecord.organisation_id)
    query = query.where(*conditions).order_by(AccessRecord.id).limit(limit + 1)
    rows = (await connection.execute(query)).mappings().all()
    page = rows[:limit]
    for row in page:
        if row["referral_id"] is not None:
            concerns(row["referral_id"], row["referring_organisation_id"])
    return [_look(row, client) for row in page], page[-1]["id"] if len(rows) > limit else None


async def _conditions(
    connection: AsyncConnection, client: Client, keyring: Keyring, wanted: Wanted
) -> list[ColumnElement[bool]]:
    """Which rows a report is made of. That it was asked for is a look at each referral of the person."""
    own = client.organisation_id
    if not wanted.ways:
        return [AccessRecord.organisation_id == own]
    told: dict[str, Any] = {
        "referral_id": wanted.referral_id,
        "source_reference": wanted.source_reference,
        "student_number": wanted.student_number,
    }
    found = await find_person(connection, keyring, own, **told)
    for id in found:
        concerns(id, own)
    if found:
        return [AccessRecord.referral_id.in_(found)]
    looked = [AccessRecord.referral_id == wanted.referral_id, AccessRecord.organisation_id == own]
    if wanted.referral_id is None or "auditor" not in client.roles or not await _any(connection, looked):
        raise NotFound
    return looked


async def _any(connection: AsyncConnection, conditions: list[ColumnElement[bool]]) -> bool:
    return (await connection.execute(select(AccessRecord.id).where(*conditions).limit(1))).first() is not None


def _look(row: RowMapping, client: Client) -> Plain:
    """One look; who acted is told of one's own people alone."""
    organisation = row["code"] and {"kind": row["kind"], "code": row["code"], "name": row["name"]}
    own = row["organisation_id"] == client.organisation_id
    return {
        "at": moment(row["at"]),
        "organisation": organisation,
        "roles": list(row["roles"]),
        "actingUser": row["acting_user"] if own else None,
        "activity": row["activity"],
        "purpose": row["purpose"],
        "referralId": str(row["referral_id"]) if row["referral_id"] else None,
        "handoverId": str(row["handover_id"]) if row["handover_id"] else None,
    }
