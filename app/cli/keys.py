"""`verwijsroute keys`: lists the keys that wrap data keys, and wraps all of these under the active one."""

import asyncio
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer

from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.resources import Resources
from app.services.key_rotation import KeyUse, count_keys, wrap_some

AT_ONCE: Final = 500
# A row that somebody changes at this moment is asked for again, so often and after so many seconds.
ROUNDS: Final = 20
PAUSE_SECONDS: Final = 0.5

application = typer.Typer(no_args_is_help=True, help="The keys that wrap the data keys.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@application.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """List which keys wrap how many data keys; the active one has a star."""

    async def work(resources: Resources) -> list[dict[str, Any]]:
        return [_told(use, resources) for use in await _counted(resources)]

    keys = with_resources(work)
    print(json.dumps(keys, indent=2) if as_json else "\n".join(map(_line, keys)) or "Nothing is sealed yet.")


@application.command()
def rotate(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count alone; change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Wrap every data key under the active key, while the service runs; can be broken off and begun again.

    Ends with 1 where rows stay under another key: that one must stay in the settings.
    """

    async def work(resources: Resources) -> dict[str, Any]:
        done = {"wrapped": 0, "unreadable": 0} if dry_run else await _rotate(resources)
        left = [_told(use, resources) for use in await _counted(resources) if _is_old(use, resources)]
        return {"active": resources.keyring.active, **done, "left": left}

    report = with_resources(work)
    print(json.dumps(report, indent=2) if as_json else _in_words(report))
    raise typer.Exit(DONE_WITH_FAULTS if report["left"] and not dry_run else 0)


async def _rotate(resources: Resources) -> dict[str, int]:
    """Goes over all that is under an older key until nothing is, or only what does not open."""
    wrapped = unreadable = 0
    for _ in range(ROUNDS):
        old = [use for use in await _counted(resources) if _is_old(use, resources)]
        opened = [use for use in old if resources.keyring.has(use.key_id)]
        rounds = [await _over(resources, use) for use in opened]
        unreadable = sum(broken for _, broken in rounds)
        wrapped += sum(done for done, _ in rounds)
        if sum(use.rows for use in opened) <= sum(map(sum, rounds)):
            break
        await asyncio.sleep(PAUSE_SECONDS)
    return {"wrapped": wrapped, "unreadable": unreadable}


async def _over(resources: Resources, use: KeyUse) -> tuple[int, int]:
    """One round over a table's rows under one key: how many were wrapped anew, and how many cannot be."""
    wrapped, unreadable, after = 0, 0, None
    while True:
        async with resources.database.transaction() as connection:
            batch = await wrap_some(
                connection, resources.keyring, use.table, use.key_id, size=AT_ONCE, after=after
            )
        wrapped, unreadable, after = wrapped + batch.wrapped, unreadable + batch.unreadable, batch.last
        if after is None:
            return wrapped, unreadable
        print(f"{use.table}: {wrapped:,} of {use.rows:,} from {use.key_id}", file=sys.stderr)


async def _counted(resources: Resources) -> list[KeyUse]:
    async with resources.database.transaction() as connection:
        return await count_keys(connection)


def _is_old(use: KeyUse, resources: Resources) -> bool:
    return use.key_id != resources.keyring.active


def _told(use: KeyUse, resources: Resources) -> dict[str, Any]:
    here = resources.keyring.has(use.key_id)
    return {**asdict(use), "active": not _is_old(use, resources), "in_settings": here}


def _line(use: dict[str, Any]) -> str:
    missing = "" if use["in_settings"] else "  not in the settings: cannot be opened"
    return f"{'*' if use['active'] else ' '} {use['key_id']}  {use['table']}  {use['rows']:,}{missing}"


def _in_words(report: dict[str, Any]) -> str:
    left: Iterable[dict[str, Any]] = report["left"]
    lines = [f"Wrapped anew under {report['active']}: {report['wrapped']:,}. Left under another key:"]
    if report["unreadable"]:
        lines.append(f"Rows that do not open, moved or changed from outside: {report['unreadable']:,}.")
    return "\n".join([*lines, *(map(_line, left) if report["left"] else ["  none"])])
