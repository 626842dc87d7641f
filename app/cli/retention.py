"""`verwijsroute retention`: erases what was kept for its term, and holds what may not be erased yet."""

import json
from collections import Counter
from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

import typer

from app.cli.days import AS_TYPED, day_of
from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.errors import CannotStart, NotFound
from app.resources import Resources
from app.services.holding import hold_referral
from app.services.retention import Keeping, days_now, overdue, purge
from app.services.retention_terms import TERMS

Because = Literal["weighty_interest", "law_forbids"]
_GROUNDS: Final[dict[Because, str]] = {
    "weighty_interest": "the weighty interest of another person",
    "law_forbids": "the law forbids its erasure",
}

application = typer.Typer(no_args_is_help=True, help="How long records are kept.")


@application.command()
def run(
    *,
    dry_run: Annotated[bool, typer.Option(help="Only count what is kept for longer than its term.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Erase and forget what is kept for longer than its term; the worker does the same each hour.

    What the ledger says was erased is erased first, as at every start.
    """
    counts = with_resources(_count if dry_run else _purge_all)
    if as_json:
        print(json.dumps({"dryRun": dry_run, "counts": counts}))
        return
    for name, count in counts.items():
        print(f"{name:<20} {count:>8,}")


@application.command()
def hold(
    referral: Annotated[UUID, typer.Argument(help="The id of the referral.")],
    *,
    until: Annotated[
        date | None,
        typer.Option(parser=day_of, metavar=AS_TYPED, help="The last day, today or later; none lets go."),
    ] = None,
    because: Annotated[
        Because, typer.Option(help="The law forbids it, or the weighty interest of another person does.")
    ] = "law_forbids",
) -> None:
    """Keep a referral from being erased until the end of a day, or let it go."""

    async def work(resources: Resources) -> None:
        if until and until < resources.clock.today():
            raise CannotStart(
                f"{until} is past: a referral is held until today or later, or let go without --until"
            )
        async with resources.database.transaction() as connection:
            await hold_referral(connection, referral, until, because if until else None)

    try:
        with_resources(work)
    except NotFound:
        typer.echo("There is no referral with this id that is not erased.", err=True)
        raise typer.Exit(DONE_WITH_FAULTS) from None
    print(f"Held until {until}, {because}: {_GROUNDS[because]}." if until else "Not held any more.")


async def _count(resources: Resources) -> dict[str, int]:
    async with resources.database.transaction() as connection:
        return await overdue(connection, _keeping(resources))


async def _purge_all(resources: Resources) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for term in TERMS:
        counts[term.name] = 0
        while done := await _purge(resources, term.name):
            counts[term.name] += done
    return dict(counts)


async def _purge(resources: Resources, name: str) -> int:
    async with resources.database.transaction() as connection:
        return await purge(connection, _keeping(resources), name)


def _keeping(resources: Resources) -> Keeping:
    settings, clock = resources.settings, resources.clock
    outside = (resources.ledger, settings.trust_folder, resources.keyring)
    return Keeping(days_now(settings.referral_retention_days), *outside, clock.now(), clock.today())
