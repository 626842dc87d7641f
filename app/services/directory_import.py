"""Many teams, schools or agreements at once: what would change, and the one edition that changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.services.directories import current_content, lock_directory, put_things
from app.services.directory_rows import Thing
from app.services.registrations import Registered, overlaps


@dataclass(frozen=True, slots=True)
class Imported:
    """The ids of what was added, changed, ended and left as it was, and the edition that holds it.

    `overlapping` are those that claim the same as another for some day: then nothing was changed.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    ended: tuple[str, ...]
    unchanged: tuple[str, ...]
    overlapping: tuple[str, ...]
    edition: int | None


async def import_things(
    connection: AsyncConnection,
    kind: type[Registered],
    things: Iterable[Registered],
    *,
    end_missing: bool,
    dry_run: bool,
    today: date,
    now: datetime,
) -> Imported:
    """Registers all of them in one edition, or none; those of before that are not among them stay.

    With `end_missing` the validity of those ends yesterday. A dry run only tells what would happen.
    """
    await lock_directory(connection)
    current: Mapping[tuple[str, ...], Any] = (await current_content(connection))[kind]
    before: dict[str, Registered] = {thing.id: thing for thing in current.values()}
    told = {thing.id: thing for thing in things}
    ended = _ended(before, told, today) if end_missing else {}
    after = {**before, **ended, **told}
    overlapping = tuple(id for id, thing in told.items() if any(overlaps(thing, o) for o in after.values()))
    edition = None
    if not dry_run and not overlapping:
        changes: list[Thing] = [*ended.values(), *told.values()]
        edition = await put_things(connection, changes, now)
    return Imported(
        added=tuple(id for id in told if id not in before),
        changed=tuple(id for id, thing in told.items() if id in before and before[id] != thing),
        ended=tuple(ended),
        unchanged=tuple(id for id, thing in told.items() if before.get(id) == thing),
        overlapping=overlapping,
        edition=edition,
    )


def _ended(
    before: Mapping[str, Registered], told: Mapping[str, Registered], today: date
) -> dict[str, Registered]:
    """What is not told and has not ended yet, with yesterday as its last day."""
    yesterday = today - timedelta(days=1)
    return {
        id: replace(thing, valid_to=yesterday)
        for id, thing in before.items()
        if id not in told and (thing.valid_to is None or thing.valid_to > yesterday)
    }
