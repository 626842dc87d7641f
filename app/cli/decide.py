"""`verwijsroute decide FILE`: the decision on a request in a file, stored nowhere."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.adapters.clock import SystemClock
from app.cli.in_words import decision_as_json, decision_in_words
from app.cli.session import DONE_WITH_FAULTS, read_input, with_resources
from app.errors import InvalidInput
from app.resources import Resources, shipped_rulebook
from app.routing import route
from app.schemas.json_body import parse
from app.schemas.request import DecisionRequest
from app.schemas.submission import to_question
from app.services.references import Edition, bare_edition


def decide(
    file: Annotated[
        Path, typer.Argument(help="A request as for POST /v1/decisions; - reads standard input.")
    ],
    *,
    bare: Annotated[
        bool, typer.Option("--bare", help="Without the directory and its database: every team is derived.")
    ] = False,
    language: Annotated[Literal["nl", "en"], typer.Option(help="Of the explanation.")] = "nl",
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole decision as JSON.")] = False,
) -> None:
    """Decide on one request and explain it; nothing is stored."""
    body, today = read_input(file), SystemClock().today()
    try:
        edition = bare_edition() if bare else with_resources(_newest_edition)
        facts, on = to_question(parse(body, DecisionRequest), edition.reference, today)
    except InvalidInput as invalid:
        for fault in invalid.faults:
            print(f"{fault.location or '/'}: {fault.detail} [{fault.code}]", file=sys.stderr)
        raise typer.Exit(DONE_WITH_FAULTS) from None
    book = shipped_rulebook()
    decision = route(facts, book, edition.directory, on, today)
    if as_json:
        print(decision_as_json(decision))
    else:
        print(decision_in_words(decision, language, book))


async def _newest_edition(resources: Resources) -> Edition:
    async with resources.database.transaction() as connection:
        return await resources.newest_edition(connection)
