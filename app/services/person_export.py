"""All that an organisation has of one person: what the registry of columns says is told (AVG 15, 20)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.errors import NotFound
from app.models import Base, Organisation
from app.models.columns import kept_tables
from app.services.clients import Client
from app.services.persons import find_person
from app.services.reading import OpenReferral
from app.services.resources import Plain, Row, moment

# Where the rows of each table that tells something stand in the export of one referral.
SECTIONS: Final[Mapping[str, str]] = {
    "referral": "referral",
    "decision": "decisions",
    "handover": "handovers",
    "advice": "advice",
    "event": "events",
    "access_log": "accessLog",
}
# Columns that name organisations by their ids: a reader needs their names.
ORGANISATIONS: Final = ("denied_by",)


def _receipt(referral: OpenReferral, row: Row) -> Plain | None:
    """The receipt of a version, with `all` where a consent is for all: null would read as for nobody."""
    if not row["receipt"]:
        return None
    receipt = referral.receipt(row["version"], row["receipt"])
    facts = receipt["facts"]
    consents = [{**consent, "recipients": consent["recipients"] or "all"} for consent in facts["consents"]]
    return {**receipt, "facts": {**facts, "consents": consents}}


_SHOWN: Final[Mapping[tuple[str, str], Callable[[OpenReferral, Row], Any]]] = {
    ("referral", "identity"): lambda referral, _: None if referral.is_erased else referral.identity,
    ("referral", "reason"): lambda referral, _: referral.reason,
    ("decision", "receipt"): _receipt,
    ("handover", "notes"): lambda referral, row: referral.notes(row),
    ("handover", "deadlines"): lambda _, row: [
        {"kind": one["kind"], "due": one["due"]} for one in row["deadlines"]
    ],
}


async def export_person(
    connection: AsyncConnection,
    client: Client,
    keyring: Keyring,
    now: datetime,
    *,
    referral_id: UUID | None = None,
    source_reference: str | None = None,
    student_number: str | None = None,
) -> Plain:
    """All that the client's organisation has of the person, named in one of three ways, referral by referral.

    Raises NotFound where it has nobody of that name.
    """
    own = client.organisation_id
    named = {"source_reference": source_reference, "student_number": student_number}
    ids = await find_person(connection, keyring, own, referral_id=referral_id, **named)
    if not ids:
        raise NotFound
    rows = {name: await _rows(connection, Base.metadata.tables[name], ids) for name in SECTIONS}
    opened = {row["id"]: OpenReferral(row, keyring) for row in rows["referral"]}
    names = await _organisations(connection, rows.values())
    return {
        "madeAt": moment(now),
        "referrals": [_of_referral(referral, rows, names) for referral in opened.values()],
    }


def wire_name(column: str) -> str:
    """A column in the export: `receiver_organisation_id` is `receiverOrganisation`."""
    first, *others = (column.removesuffix("_id") if names_organisations(column) else column).split("_")
    return "".join((first, *map(str.capitalize, others)))


def names_organisations(column: str) -> bool:
    """Whether a column holds ids of organisations."""
    return column.endswith("organisation_id") or column in ORGANISATIONS


def _of_referral(referral: OpenReferral, rows: Mapping[str, list[Row]], names: Mapping[UUID, Plain]) -> Plain:
    told: Plain = {}
    for table, section in SECTIONS.items():
        of_it = [row for row in rows[table] if row[_key(table)] == referral.row["id"]]
        items = [_item(table, row, referral, names) for row in of_it]
        told[section] = items[0] if table == "referral" else items
    return told


def _item(table: str, row: Row, referral: OpenReferral, names: Mapping[UUID, Plain]) -> Plain:
    """One row: every column that the registry says is told."""

    def value(column: str) -> Any:
        opened = _SHOWN.get((table, column))
        if opened:
            return opened(referral, row)
        return _organisation(row[column], names) if names_organisations(column) else _plain(row[column])

    return {wire_name(column): value(column) for column in kept_tables()[table].told}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
    return value


def _organisation(value: Any, names: Mapping[UUID, Plain]) -> Any:
    if isinstance(value, list):
        return [names.get(id) for id in value]
    return names.get(value)


async def _rows(connection: AsyncConnection, table: Table, ids: list[UUID]) -> list[Row]:
    """All rows of these referrals, in the order in which they were made."""
    query = select(table).where(table.c[_key(table.name)].in_(ids)).order_by(*table.primary_key)
    return list((await connection.execute(query)).mappings())


def _key(table: str) -> str:
    return "id" if table == "referral" else "referral_id"


async def _organisations(connection: AsyncConnection, tables: Iterable[list[Row]]) -> dict[UUID, Plain]:
    """Kind, code and name of the organisations that the rows name; commands look as nobody's."""
    ids: set[UUID] = set()
    for row in (row for rows in tables for row in rows):
        for column in filter(names_organisations, row):
            ids.update(row[column] if isinstance(row[column], list) else {row[column]})
    query = select(Organisation.id, Organisation.kind, Organisation.code, Organisation.name)
    found = await connection.execute(query.where(Organisation.id.in_(ids - {None})))
    return {id: {"kind": kind, "code": code, "name": name} for id, kind, code, name in found}
