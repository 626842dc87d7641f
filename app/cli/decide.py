"""`verwijsroute decide FILE`: the decision on a request in a file, stored nowhere."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.adapters.clock import SystemClock
from app.cli.session import DONE_WITH_FAULTS, read_input, with_resources
from app.errors import InvalidInput
from app.reference import open_reference
from app.resources import Resources, shipped_rulebook
from app.routing import Decision, Directory, route
from app.routing.plain import to_plain
from app.schemas.json_body import parse
from app.schemas.request import DecisionRequest
from app.schemas.submission import to_question


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
        facts, on = to_question(parse(body, DecisionRequest), open_reference(), today)
    except InvalidInput as invalid:
        for fault in invalid.faults:
            print(f"{fault.location or '/'}: {fault.detail} [{fault.code}]", file=sys.stderr)
        raise typer.Exit(DONE_WITH_FAULTS) from None
    directory = Directory(0, open_reference().places) if bare else with_resources(_newest_directory)
    decision = route(facts, shipped_rulebook(), directory, on, today)
    if as_json:
        print(json.dumps(to_plain(decision), ensure_ascii=False, indent=2))
    else:
        print(_in_words(decision, language, today))


async def _newest_directory(resources: Resources) -> Directory:
    async with resources.database.transaction() as connection:
        return await resources.newest_directory(connection)


def _in_words(decision: Decision, language: str, today: date) -> str:
    """One paragraph a route, then the warnings and the questions."""
    lines = [getattr(shown.explanation, language) for shown in decision.routes]
    if decision.next_change is not None:
        change = decision.next_change
        then = ", ".join(f"{route.problem_domain}: {route.provision or '?'}" for route in change.routes)
        lines.append(f"{change.on} ({change.because}) -> {then}")
    lines += [f"! {getattr(warning.text, language)} [{warning.code}]" for warning in decision.warnings]
    lines += [f"? {getattr(question.text, language)} [{question.fact}]" for question in decision.questions]
    book = decision.rulebook
    lines.append(f"({book.version}, {decision.reference_date}; {today})")
    return "\n\n".join(lines)
