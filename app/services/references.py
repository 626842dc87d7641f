"""Keeps references by hash, as rulebooks are kept, and tells which one the newest edition was made with."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import RowMapping, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound
from app.models import DirectoryEdition, ReferenceRow
from app.reference import Reference, open_reference, read_reference
from app.routing import Directory
from app.routing.directory import Agreement, School, Team
from app.services.actors import SYSTEM
from app.services.consequences import Consequence, Named, carried_over, consequences, successions
from app.services.directories import (
    change_reference,
    current_edition,
    load_directory,
    lock_directory,
    reference_hash_of,
)

# The last edition by a reference that was followed by one of another.
_LEFT = text("""
WITH made AS (SELECT edition, coalesce(reference_hash, (SELECT hash FROM reference WHERE origin = 'shipped'
                                                         ORDER BY stored_at, hash LIMIT 1)) AS hash
                FROM directory_edition)
SELECT max(made.edition) FROM made JOIN made AS later ON later.edition = made.edition + 1
 WHERE made.hash = :hash AND later.hash <> :hash
""")

Find = Callable[[AsyncConnection, str | None], Awaitable[Reference]]


class Edition(NamedTuple):
    """An edition of the directory with the reference that it was made with: they belong together."""

    directory: Directory
    reference: Reference


def bare_edition() -> Edition:
    """What a decision needs without any database: nobody registered, the places that are shipped."""
    shipped = open_reference()
    return Edition(Directory(0, shipped.places), shipped)


async def find_reference(connection: AsyncConnection, hash: str | None) -> Reference:
    """The reference with a hash; for None the shipped one. Raises NotFound.

    Reading the tables takes some 50 ms: it is done beside the event loop.
    """
    if hash in (None, open_reference().hash):
        return open_reference()
    query = select(ReferenceRow.files).where(ReferenceRow.hash == hash)
    files = (await connection.execute(query)).scalar_one_or_none()
    if files is None:
        raise NotFound
    return await asyncio.to_thread(read_reference, files)


async def find_edition(connection: AsyncConnection, edition: int, find: Find = find_reference) -> Edition:
    """An edition as it was made, for a decision now or for one to be made again. Raises NotFound."""
    reference = await find(connection, await reference_hash_of(connection, edition))
    return Edition(await load_directory(connection, edition, reference.places), reference)


async def keep_reference(
    connection: AsyncConnection, reference: Reference, origin: str, now: datetime
) -> bool:
    """Keeps a reference, and tells whether it is new here; one that is kept already stays as it is."""
    values = {"hash": reference.hash, "files": dict(reference.files), "origin": origin, "stored_at": now}
    kept = insert(ReferenceRow).values(values).on_conflict_do_nothing().returning(ReferenceRow.hash)
    return (await connection.execute(kept)).first() is not None


async def adopt_shipped(connection: AsyncConnection, now: datetime, today: date) -> None:
    """Keeps what this release ships; the first time it follows an older shipped one in force.

    An imported reference stays in force, as does one of which the directory names what ended since.
    Several processes may do this at once, of several releases: each reference is
    taken over once at most, so that an older process does not bring its own back.
    """
    shipped = open_reference()
    if await origin_of(connection, shipped.hash):
        return
    await lock_directory(connection)
    before = await reference_hash_of(connection, await current_edition(connection))
    new = await keep_reference(connection, shipped, "shipped", now)
    if not new or before is None or await origin_of(connection, before) != "shipped":
        return
    edition = await find_edition(connection, await current_edition(connection))
    if not affected(edition, shipped, today):
        await change_reference(connection, shipped.hash, (), now, SYSTEM)


async def origin_of(connection: AsyncConnection, hash: str) -> str | None:
    """How a reference came here first: `shipped` or `imported`; None for one that is not stored."""
    query = select(ReferenceRow.origin).where(ReferenceRow.hash == hash)
    return (await connection.execute(query)).scalar_one_or_none()


def affected(edition: Edition, after: Reference, today: date) -> list[Consequence]:
    """What in an edition names a place that another reference does not have."""
    ended = successions(edition.reference, after)
    things = _by_id(edition.directory).values()
    return [found for thing in things for found in consequences(thing, ended, today)]


async def brought_back(connection: AsyncConnection, edition: Edition, hash: str) -> tuple[Named, ...]:
    """What was carried over when a reference was left for another, as it was before.

    Only what nobody changed since: going back to a reference undoes what leaving it did, and no more.
    """
    left = (await connection.execute(_LEFT, {"hash": hash})).scalar_one()
    if left is None:
        return ()
    before, after = [_by_id(await load_directory(connection, number, {})) for number in (left, left + 1)]
    today = _by_id(edition.directory)
    return tuple(
        thing
        for key, thing in before.items()
        if key in after and thing != after[key] and today.get(key) == after[key]
    )


def with_things(edition: Edition, changed: Iterable[Named]) -> Edition:
    """An edition in which these things stand as they are here."""
    things = {**_by_id(edition.directory), **{(type(thing), thing.id): thing for thing in changed}}.values()
    directory = replace(
        edition.directory,
        teams=tuple(thing for thing in things if isinstance(thing, Team)),
        schools=tuple(thing for thing in things if isinstance(thing, School)),
        agreements=tuple(thing for thing in things if isinstance(thing, Agreement)),
    )
    return Edition(directory, edition.reference)


async def use_reference(
    connection: AsyncConnection,
    edition: Edition,
    after: Reference,
    back: Iterable[Named],
    *,
    today: date,
    now: datetime,
) -> int:
    """Makes an edition by another reference, what names an ended place carried over. Returns its number.

    `back` are things to bring back. The caller holds `lock_directory`, and has seen that everything that is
    `affected` can be carried over.
    """
    ended = successions(edition.reference, after)
    changed = {(type(thing), thing.id): thing for thing in back}
    for key, thing in _by_id(with_things(edition, changed.values()).directory).items():
        if found := consequences(thing, ended, today):
            changed[key] = carried_over(thing, found)
    return await change_reference(connection, after.hash, changed.values(), now)


def _by_id(directory: Directory) -> dict[tuple[type[Named], str], Named]:
    things: tuple[Named, ...] = (*directory.teams, *directory.schools, *directory.agreements)
    return {(type(thing), thing.id): thing for thing in things}


async def list_references(connection: AsyncConnection) -> list[RowMapping]:
    """All that are kept, oldest first, with the first and last edition that names each."""
    editions = DirectoryEdition.edition
    query = (
        select(
            ReferenceRow.hash,
            ReferenceRow.origin,
            ReferenceRow.stored_at,
            func.min(editions).label("first_edition"),
            func.max(editions).label("last_edition"),
        )
        .outerjoin(DirectoryEdition, DirectoryEdition.reference_hash == ReferenceRow.hash)
        .group_by(ReferenceRow.hash)
        .order_by(ReferenceRow.stored_at, ReferenceRow.hash)
    )
    return list((await connection.execute(query)).mappings())
