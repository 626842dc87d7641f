"""The directory by edition: every change makes a new one, and an edition once made never changes."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import and_, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.clock import AMSTERDAM
from app.adapters.identifiers import new_ids
from app.adapters.postgres import driver_of
from app.errors import NotFound
from app.models import DirectoryEdition, DirectoryOrganisation, Event
from app.routing.directory import Agreement, Directory, Place, School, Team
from app.services.actors import OPERATOR, SYSTEM, Actor
from app.services.directory_rows import (
    KEYS,
    TABLES,
    ListedOrganisation,
    Row,
    TableOf,
    Thing,
    from_row,
    key_of,
    to_row,
)
from app.services.unforeseen import look_today

T = TypeVar("T", ListedOrganisation, Team, School, Agreement)
Things = dict[tuple[str, ...], Thing]
Content = dict[type[Thing], Things]

# Asked in every request, so past SQLAlchemy.
NEWEST = "SELECT coalesce(max(edition), 0) FROM directory_edition"
EDITIONS = text("""
SELECT edition, made_at,
       (SELECT count(*) FROM team AS t
         WHERE t.edition_from <= e.edition AND coalesce(t.edition_to > e.edition, true)) AS teams,
       (SELECT count(*) FROM school AS s
         WHERE s.edition_from <= e.edition AND coalesce(s.edition_to > e.edition, true)) AS schools,
       (SELECT count(*) FROM agreement AS a
         WHERE a.edition_from <= e.edition AND coalesce(a.edition_to > e.edition, true)) AS agreements
  FROM directory_edition AS e ORDER BY edition DESC
""")
# The first one stored is what editions were made with that name none: those of before references were kept.
REFERENCE = """
SELECT coalesce((SELECT reference_hash FROM directory_edition WHERE edition = $1),
                (SELECT hash FROM reference WHERE origin = 'shipped' ORDER BY stored_at, hash LIMIT 1))
"""
ONE_WRITER = 7_265_882  # any number, the same in every release: the key of the advisory lock


async def current_edition(connection: AsyncConnection) -> int:
    """The number of the newest edition; 0 while nothing was ever registered."""
    newest = await (await driver_of(connection)).fetchval(NEWEST)
    return int(newest)


async def list_editions(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Every edition, newest first: `edition`, `made_at`, and how many teams, schools and agreements."""
    return [dict(row) for row in (await connection.execute(EDITIONS)).mappings()]


async def reference_hash_of(connection: AsyncConnection, edition: int) -> str | None:
    """The hash of the reference that an edition was made with; None while none is stored."""
    found: str | None = await (await driver_of(connection)).fetchval(REFERENCE, edition)
    return found


async def load_directory(connection: AsyncConnection, edition: int, places: Mapping[str, Place]) -> Directory:
    """An edition with these places; raises NotFound where there is none. Edition 0 is empty.

    `references.find_edition` gives it with the places that it was made with.
    """
    query = select(DirectoryEdition.confirm_within_days).where(DirectoryEdition.edition == edition)
    made = (await connection.execute(query)).one_or_none()
    if edition and made is None:
        raise NotFound
    organisations = await _load(connection, ListedOrganisation, edition)
    return Directory(
        edition=edition,
        places=places,
        teams=tuple(await _load(connection, Team, edition)),
        schools=tuple(await _load(connection, School, edition)),
        agreements=tuple(await _load(connection, Agreement, edition)),
        connected=frozenset(listed.code for listed in organisations if listed.connected),
        confirm_within_days=made.confirm_within_days if made else None,
    )


async def replace_directory(
    connection: AsyncConnection,
    *,
    organisations: Iterable[tuple[str, str, str, bool]],
    teams: Iterable[Team],
    schools: Iterable[School],
    agreements: Iterable[Agreement],
    now: datetime,
) -> int:
    """Makes an edition that holds exactly these; the same content makes none. Returns the newest edition.

    An organisation is its kind, code and name, and whether it works with the service.
    """
    listed = (ListedOrganisation(*organisation) for organisation in organisations)
    things: tuple[Thing, ...] = (*listed, *teams, *schools, *agreements)
    await lock_directory(connection)
    content = await current_content(connection)
    return await _make_edition(connection, content, content_of(things), now, OPERATOR)


async def put_things(
    connection: AsyncConnection, things: Iterable[Thing], now: datetime, actor: Actor = OPERATOR
) -> int:
    """Registers or changes some teams, schools, agreements or organisations. Returns the newest edition."""
    await lock_directory(connection)
    current = await current_content(connection)
    changed = content_of(things)
    wanted: Content = {kind: {**current[kind], **changed[kind]} for kind in current}
    return await _make_edition(connection, current, wanted, now, actor)


async def adopt_setting(connection: AsyncConnection, confirm_within_days: int, now: datetime) -> int:
    """Lets the newest edition ask for confirmation as often as the operator wants. Returns its number.

    The setting takes part in decisions, so it belongs to the edition. Makes the first one.
    """
    await lock_directory(connection)
    content = await current_content(connection)
    confirm = confirm_within_days
    return await _make_edition(connection, content, content, now, SYSTEM, confirm_within_days=confirm)


async def set_connected(
    connection: AsyncConnection, organisation: ListedOrganisation, now: datetime, actor: Actor = OPERATOR
) -> int:
    """Registers whether an organisation works with the service; one that is listed keeps its name there."""
    await lock_directory(connection)
    current = select(DirectoryOrganisation.name, DirectoryOrganisation.connected).where(
        DirectoryOrganisation.kind == organisation.kind,
        DirectoryOrganisation.code == organisation.code,
        DirectoryOrganisation.edition_to.is_(None),
    )
    listed = (await connection.execute(current)).one_or_none()
    if listed and listed.connected == organisation.connected:
        return await current_edition(connection)
    named = organisation._replace(name=listed.name) if listed else organisation
    return await put_things(connection, [named], now, actor)


async def change_reference(
    connection: AsyncConnection,
    reference_hash: str,
    changed: Iterable[Thing],
    now: datetime,
    actor: Actor = OPERATOR,
) -> int:
    """Makes an edition by another reference, with these things changed. Returns the newest edition.

    The caller holds `lock_directory`, and the reference is stored.
    """
    current = await current_content(connection)
    new = content_of(changed)
    wanted = {kind: {**current[kind], **new[kind]} for kind in current}
    return await _make_edition(connection, current, wanted, now, actor, reference=reference_hash)


async def _load(connection: AsyncConnection, kind: type[T], edition: int) -> list[T]:
    """The things of one kind in an edition, in the order of their keys on every machine."""
    table = TABLES[kind]
    there = and_(table.edition_from <= edition, or_(table.edition_to.is_(None), table.edition_to > edition))
    rows = (await connection.execute(select(table).where(there))).mappings()
    things = [from_row(kind, row) for row in rows]
    return sorted((thing for thing in things if isinstance(thing, kind)), key=key_of)


async def lock_directory(connection: AsyncConnection) -> None:
    """One writer at a time, until its transaction ends: editions are numbered in a row."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_WRITER})


async def hold_directory(connection: AsyncConnection) -> int:
    """The number of the newest edition, which stays that until the transaction ends."""
    driver = await driver_of(connection)
    await driver.execute("SELECT pg_advisory_xact_lock_shared($1)", ONE_WRITER)
    return await current_edition(connection)


async def current_content(connection: AsyncConnection) -> Content:
    """Everything in the newest edition, by kind and key."""
    edition = await current_edition(connection)
    loaded: tuple[Thing, ...] = (
        *await _load(connection, ListedOrganisation, edition),
        *await _load(connection, Team, edition),
        *await _load(connection, School, edition),
        *await _load(connection, Agreement, edition),
    )
    return content_of(loaded)


def content_of(things: Iterable[Thing]) -> Content:
    """These things by kind and key."""
    content: Content = {kind: {} for kind in TABLES}
    for thing in things:
        content[type(thing)][key_of(thing)] = thing
    return content


async def _make_edition(
    connection: AsyncConnection,
    current: Content,
    wanted: Content,
    now: datetime,
    actor: Actor,
    *,
    confirm_within_days: int | None = None,
    reference: str | None = None,
) -> int:
    """The newest edition; a new one, and the event of it, where content, setting or reference differs.

    Where nothing is said of the last two, those of the edition before stay.
    """
    edition = await current_edition(connection)
    in_force = await reference_hash_of(connection, edition)
    query = select(DirectoryEdition.confirm_within_days).where(DirectoryEdition.edition == edition)
    confirm = (await connection.execute(query)).scalar_one_or_none()
    if current == wanted and confirm_within_days in (None, confirm) and reference in (None, in_force):
        return edition
    edition += 1
    values = {
        "edition": edition,
        "hash": _hash(wanted),
        "made_at": now,
        "confirm_within_days": confirm_within_days or confirm,
        "reference_hash": reference or in_force,
    }
    await connection.execute(insert(DirectoryEdition).values(values))
    for kind, table in TABLES.items():
        old, new = current[kind], wanted[kind]
        await _close(connection, kind, [key for key in old if new.get(key) != old[key]], edition)
        await _open(connection, table, [new[key] for key in new if old.get(key) != new[key]], edition)
    agreements, teams = ((current[kind], wanted[kind]) for kind in (Agreement, Team))
    await look_today(connection, agreements, teams, now.astimezone(AMSTERDAM).date())
    await _tell(connection, actor, now)
    return edition


async def _close(
    connection: AsyncConnection, kind: type[Thing], keys: list[tuple[str, ...]], edition: int
) -> None:
    """Lets the current rows with these keys end before an edition."""
    table = TABLES[kind]
    for key in keys:
        named = [getattr(table, name) == part for name, part in zip(KEYS[kind], key, strict=True)]
        query = update(table).where(table.edition_to.is_(None), *named)
        await connection.execute(query.values(edition_to=edition))


async def _open(connection: AsyncConnection, table: TableOf, things: list[Thing], edition: int) -> None:
    """Adds rows that hold from an edition on."""
    rows: list[Row] = [{**to_row(thing), "edition_from": edition} for thing in things]
    if rows:
        await connection.execute(insert(table), rows)


async def _tell(connection: AsyncConnection, actor: Actor, now: datetime) -> None:
    """The event of a new edition, which concerns everybody."""
    values = {
        "id": new_ids(now, 1)[0],
        "organisation_id": actor.organisation_id,
        "type": "directory.changed",
        "role": actor.role,
        "actor_organisation_id": actor.organisation_id,
        "correlation_id": actor.correlation_id,
        "at": now,
    }
    await connection.execute(insert(Event).values(values))


def _hash(content: Content) -> str:
    """SHA-256 over the content, whatever order it came in."""
    plain = [
        [kind.__name__, to_row(things[key])] for kind, things in content.items() for key in sorted(things)
    ]
    return "sha256:" + hashlib.sha256(json.dumps(plain, default=str, sort_keys=True).encode()).hexdigest()
