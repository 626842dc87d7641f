"""`verwijsroute decide FILE`: the decision on a request in a file, stored nowhere."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from app.adapters.clock import SystemClock
from app.cli.session import DONE_WITH_FAULTS, read_input, with_resources
from app.errors import InvalidInput
from app.reference import open_reference
from app.resources import Resources, shipped_rulebook
from app.routing import Decision, Directory, Rulebook, route
from app.routing.decision import NextChange, Text
from app.routing.plain import to_plain
from app.schemas.json_body import parse
from app.schemas.request import DecisionRequest
from app.schemas.submission import to_question

_USED: Final = Text(
    "Regelboek {version}; wet van {day}, gids van {read_for}.",
    "Rulebook {version}; law of {day}, directory of {read_for}.",
)


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
    book = shipped_rulebook()
    decision = route(facts, book, directory, on, today)
    if as_json:
        print(json.dumps(to_plain(decision), ensure_ascii=False, indent=2))
    else:
        print(_in_words(decision, language, book))


async def _newest_directory(resources: Resources) -> Directory:
    async with resources.database.transaction() as connection:
        return await resources.newest_directory(connection)


def _in_words(decision: Decision, language: str, book: Rulebook) -> str:
    """One paragraph a route, then what changes next, the warnings and the questions, a line each."""

    def say(text: Text) -> str:
        return str(getattr(text, language))

    lines = [f"! {say(warning.text)} [{warning.code}]" for warning in decision.warnings]
    lines += [f"? {say(question.text)} [{question.fact}]" for question in decision.questions]
    if decision.next_change is not None:
        lines += [f"> {say(text)}" for text in _changes(decision.next_change, book)]
    used, day, read_for = decision.rulebook, decision.reference_date, decision.directory.read_for
    paragraphs = [say(shown.explanation) for shown in decision.routes]
    paragraphs += ["\n".join(lines), say(_USED).format(version=used.version, day=day, read_for=read_for)]
    return "\n\n".join(filter(None, paragraphs))


def _changes(change: NextChange, book: Rulebook) -> Iterator[Text]:
    """What each route that changes becomes, with the day on which it does."""
    for later in change.routes:
        domain, provision = book.word("domain", later.problem_domain), later.provision
        then = book.word("provision", provision) if provision else Text("navragen", "ask")
        yield Text(f"{change.on} {domain.nl}: {then.nl}", f"{change.on} {domain.en}: {then.en}")
