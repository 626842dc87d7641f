"""`verwijsroute audit`: compares the access log with what is anchored of it, and gives the log out."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from app.cli.audit_export import export
from app.cli.audit_turn import anchored_heads, at_the_chains
from app.cli.counts import counted
from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.resources import Resources
from app.services.chain_check import Checked, check_chains
from app.services.chain_heads import Heads, keep_heads
from app.services.chaining import accept_chains

application = typer.Typer(no_args_is_help=True, help="The log of who looked at whom.")


@application.command()
def verify(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Compare the log with the heads outside the database; exit code 1 where something was done to it."""

    async def work(resources: Resources) -> tuple[Checked, Heads]:
        async with at_the_chains(resources) as connection:
            heads = await anchored_heads(resources)
            return await check_chains(connection, heads), heads

    checked, heads = with_resources(work)
    if as_json:
        print(json.dumps({**asdict(checked), "restarts": list(map(asdict, heads.restarts))}, default=_plain))
    else:
        _print(checked, heads)
    if checked.breaks:
        raise typer.Exit(DONE_WITH_FAULTS)


def _print(checked: Checked, heads: Heads) -> None:
    rows, chains = counted(checked.rows, "row"), counted(checked.chains, "chain")
    print(f"{rows} in {chains}; {checked.beyond:,} linked since the last anchor")
    for restart in heads.restarts:
        numbers = f"at {restart.has.number}, had {restart.had.number}"
        print(f"{restart.organisation_id}: restarted {restart.at} {numbers}")
    for found in checked.breaks:
        print(f"{found.organisation_id}: {found.damage} from number {found.number} on")
    print("BROKEN" if checked.breaks else "whole")


@application.command()
def accept(
    *, dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be accepted.")] = False
) -> None:
    """After a restore: go on from the log as it is. What was anchored before stays on record."""

    async def work(resources: Resources) -> Heads:
        async with at_the_chains(resources) as connection:
            heads = await anchored_heads(resources, none=Heads())
            accepted = await accept_chains(connection, heads, resources.clock.now())
            if not dry_run:
                await keep_heads(resources.settings.trust_folder, resources.keyring, accepted)
            return Heads(restarts=accepted.restarts[len(heads.restarts) :])

    restarts = with_resources(work).restarts
    if not restarts:
        print("There is nothing to accept: the log is what was anchored of it.")
    for restart in restarts:
        print(f"{restart.organisation_id}: had {restart.had.number}, goes on from {restart.has.number}")


application.command()(export)


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
