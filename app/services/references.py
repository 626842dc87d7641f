"""Keeps references by hash, as rulebooks are kept, and tells which one the newest edition was made with."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import RowMapping, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotFound
from app.models import DirectoryEdition, ReferenceRow
from app.reference import Reference, open_reference, read_reference
from app.routing import Directory
from app.services.consequences import Consequence, Named, carried_over, consequences, successions
from app.services.directories import (
    change_reference,
    current_edition,
    load_directory,
    lock_directory,
    reference_hash_of,
)

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
        await change_reference(connection, shipped.hash, (), now)


async def origin_of(connection: AsyncConnection, hash: str) -> str | None:
    """How a reference came here first: `shipped` or `imported`; None for one that is not stored."""
    query = select(ReferenceRow.origin).where(ReferenceRow.hash == hash)
    return (await connection.execute(query)).scalar_one_or_none()


def affected(edition: Edition, after: Reference, today: date) -> list[Consequence]:
    """What in an edition names a place that another reference does not have."""
    ended = successions(edition.reference, after)
    return [found for thing in _things(edition) for found in consequences(thing, ended, today)]


async def use_reference(
    connection: AsyncConnection, edition: Edition, after: Reference, *, today: date, now: datetime
) -> int:
    """Makes an edition by another reference, what names an ended place carried over. Returns its number.

    The caller holds `lock_directory`, and has seen that everything that is `affected` can be carried over.
    """
    ended = successions(edition.reference, after)
    found = [(thing, consequences(thing, ended, today)) for thing in _things(edition)]
    changed = [carried_over(thing, of) for thing, of in found if of]
    return await change_reference(connection, after.hash, changed, now)


def _things(edition: Edition) -> tuple[Named, ...]:
    directory = edition.directory
    return (*directory.teams, *directory.schools, *directory.agreements)


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
