"""`verwijsroute rules`: proves the rules, lists those in force on a day, and writes their reference."""

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.adapters.clock import SystemClock
from app.cli.committed import print_or_compare
from app.cli.rules_page import rules_page
from app.cli.session import DONE_WITH_FAULTS
from app.resources import shipped_rulebook
from app.routing.check import check_rulebook, last_day_checked
from app.routing.plain import to_plain
from app.routing.rule import Rule

COMMITTED = Path("docs/rules.md")

application = typer.Typer(no_args_is_help=True, help="The rules that decide.")


@application.callback()
def _group() -> None:
    """The rules that decide."""


@application.command()
def check() -> None:
    """Prove that the rules are complete and unambiguous; exit code 1 where they are not."""
    book = shipped_rulebook()
    stages = check_rulebook(book, last_day_checked(book))
    for stage in stages:
        print(f"{stage.name:<18} {stage.combinations:>9,} combinations  {len(stage.faults)} faults")
        for fault in stage.faults:
            print(f"  {fault}")
    raise typer.Exit(DONE_WITH_FAULTS if any(stage.faults for stage in stages) else 0)


@application.command()
def document(
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Compare with docs/rules.md in this folder; exit code 1 where it differs."
        ),
    ] = False,
) -> None:
    """Print the reference of all rules as Markdown."""
    print_or_compare(rules_page(shipped_rulebook()), COMMITTED, check=check)


@application.command("list")
def list_rules(
    *,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Rules in force on this day; default today.")
    ] = None,
    domain: Annotated[str | None, typer.Option(help="Of one problem domain.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the rules in force: conditions, provision, articles and how sure they are."""
    day = on.date() if on else SystemClock().today()
    book = shipped_rulebook()
    rules = [
        rule
        for rule in book.rules
        if rule.in_force_on(day) and (domain is None or domain in rule.problem_domains)
    ]
    if as_json:
        print(json.dumps([_plain(rule) for rule in rules], ensure_ascii=False, indent=2))
        return
    print(f"Rulebook {book.version}, {book.hash}, checked until {book.checked_until}; in force on {day}.\n")
    print("\n\n".join(_in_words(rule) for rule in rules))


def _plain(rule: Rule) -> dict[str, Any]:
    """The rule as JSON-able values, its conditions in the words of the rule file."""
    plain: dict[str, Any] = to_plain(replace(rule, conditions=()))
    del plain["conditions"]
    return plain | {"when": list(rule.when)}


def _in_words(rule: Rule) -> str:
    until = rule.valid_to.isoformat() if rule.valid_to else ".."
    articles = "; ".join(f"{c.act} {c.article} [{c.status} {_day(c.text_of)}]" for c in rule.citations)
    return "\n".join(
        (
            f"{rule.id} -> {rule.provision} ({rule.confidence}), {rule.valid_from} to {until}",
            f"  domains:   {', '.join(rule.problem_domains)}",
            f"  when:      {' and '.join(rule.when) or 'always'}",
            f"  receivers: {', '.join(':'.join(receiver) for receiver in rule.receivers)}",
            f"  articles:  {articles}",
            f"  because:   {rule.because.nl}",
        )
    )


def _day(text_of: date | None) -> str:
    return text_of.isoformat() if text_of else "no date"
