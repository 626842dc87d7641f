"""Puts another reference in force: with a report first, wholly or not at all."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import Conflict
from app.reference import Reference
from app.reference.changes import Changes, compare
from app.services.consequences import Consequence, Named
from app.services.directories import current_edition, lock_directory
from app.services.references import (
    Edition,
    affected,
    brought_back,
    find_edition,
    keep_reference,
    use_reference,
    with_things,
)


class ReferenceChanged(Conflict):
    """Another reference came in force since the files were read against the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What whoever imports wants done as well.

    Ended places in the directory carried over, more change than a year brings taken as it is, and on the way
    back to a reference what leaving it carried over.
    """

    carry_over: bool = False
    force: bool = False
    bring_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a reference changes, what of the directory it concerns, and why it is refused.

    `back` are things as they were before the reference was left, which come back with it.
    """

    before: str
    after: str
    allowed: Allowed
    changes: Changes
    directory: tuple[Consequence, ...]
    back: tuple[Named, ...]
    refused: tuple[str, ...]


async def report_on(
    connection: AsyncConnection, edition: Edition, after: Reference, allowed: Allowed, today: date
) -> Report:
    """What changes when a reference takes the place of the edition's; stores nothing."""
    changes = compare(edition.reference, after)
    back, directory = await _concerned(connection, edition, after, allowed, today)
    return Report(
        before=edition.reference.hash,
        allowed=allowed,
        after=after.hash,
        changes=changes,
        directory=directory,
        back=back,
        refused=tuple(_refusals(changes, directory, allowed)),
    )


async def _concerned(
    connection: AsyncConnection, edition: Edition, after: Reference, allowed: Allowed, today: date
) -> tuple[tuple[Named, ...], tuple[Consequence, ...]]:
    returns = allowed.bring_back and after.hash != edition.reference.hash
    back = await brought_back(connection, edition, after.hash) if returns else ()
    return back, tuple(affected(with_things(edition, back), after, today))


def _refusals(changes: Changes, directory: tuple[Consequence, ...], allowed: Allowed) -> list[str]:
    reasons = (
        [] if allowed.force else [f"{doubt}: --force imports it nevertheless" for doubt in changes.doubts]
    )
    stuck = sum(not found.carried for found in directory)
    if stuck:
        reasons.append(
            f"{stuck} places in the directory name what has no single successor: change or end those first"
        )
    if len(directory) > stuck and not allowed.carry_over:
        reasons.append(
            f"{len(directory) - stuck} places in the directory name what ends: --carry-over replaces it there"
        )
    return reasons


async def put_in_force(
    connection: AsyncConnection, after: Reference, report: Report, *, today: date, now: datetime
) -> int:
    """Keeps a reference that was not refused and makes an edition by it. Returns the newest edition.

    Raises ReferenceChanged where the edition is no longer by the reference that the report compares with,
    or concerns other things; nothing is stored then.
    """
    await lock_directory(connection)
    edition = await find_edition(connection, await current_edition(connection))
    concerned = await _concerned(connection, edition, after, report.allowed, today)
    if report.refused or (edition.reference.hash, concerned) != (
        report.before,
        (report.back, report.directory),
    ):
        raise ReferenceChanged
    if after.hash == report.before:
        return edition.directory.edition
    await keep_reference(connection, after, "imported", now)
    return await use_reference(connection, edition, after, report.back, today=today, now=now)
