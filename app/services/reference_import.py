"""Puts another reference in force: with a report first, wholly or not at all."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import Conflict
from app.reference import Reference
from app.reference.changes import Changes, compare
from app.services.consequences import Consequence
from app.services.directories import current_edition, lock_writers
from app.services.references import Edition, affected, find_edition, keep_reference, use_reference


class ReferenceChanged(Conflict):
    """Another reference came in force since the files were read against the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a reference changes, what of the directory it concerns, and why it is refused; empty is done."""

    before: str
    after: str
    changes: Changes
    directory: tuple[Consequence, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What whoever imports takes upon himself: places carried over, and more change than a year brings."""

    carry_over: bool = False
    force: bool = False


def report_on(edition: Edition, after: Reference, allowed: Allowed, today: date) -> Report:
    """What changes when a reference takes the place of the edition's; stores nothing."""
    changes = compare(edition.reference, after)
    directory = tuple(affected(edition, after, today))
    return Report(
        before=edition.reference.hash,
        after=after.hash,
        changes=changes,
        directory=directory,
        refused=tuple(_refusals(changes, directory, allowed)),
    )


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
    await lock_writers(connection)
    edition = await find_edition(connection, await current_edition(connection))
    same = edition.reference.hash == report.before and report.directory == tuple(
        affected(edition, after, today)
    )
    if report.refused or not same:
        raise ReferenceChanged
    if after.hash == report.before:
        return edition.directory.edition
    await keep_reference(connection, after, "imported", now)
    return await use_reference(connection, edition, after, today=today, now=now)
