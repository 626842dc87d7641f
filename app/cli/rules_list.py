"""`verwijsroute rules list`: rules in force, what differs between two days, and the open points of law."""

import json
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import typer

from app.adapters.clock import SystemClock
from app.cli.days import AS_TYPED, day_of
from app.errors import CannotStart
from app.resources import shipped_rulebook
from app.routing import Rulebook
from app.routing.plain import to_plain
from app.routing.rule import Rule
from app.routing.vocabulary import PROBLEM_DOMAINS


def _known(domain: str | None) -> str | None:
    """The problem domain; raises CannotStart where there is none of this name."""
    if domain and domain not in PROBLEM_DOMAINS:
        raise CannotStart(f"there is no problem domain {domain!r}: one of {', '.join(PROBLEM_DOMAINS)}")
    return domain


def list_rules(
    *,
    on: Annotated[
        date | None,
        typer.Option(parser=day_of, metavar=AS_TYPED, help="Rules in force on this day; default today."),
    ] = None,
    between: Annotated[
        tuple[date, date] | None,
        typer.Option(
            parser=day_of,
            metavar=f"{AS_TYPED} {AS_TYPED}",
            help="What differs between two days: rules that ended, rules that began.",
        ),
    ] = None,
    points: Annotated[
        bool, typer.Option("--open", help="The points of law that are not confirmed, and rules on them.")
    ] = False,
    domain: Annotated[str | None, typer.Option(callback=_known, help="Of one problem domain.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the rules in force: conditions, provision, articles and how sure they are."""
    book = shipped_rulebook()
    if points:
        _print_open_points(book, as_json=as_json)
    elif between:
        _print_difference(book, *between, domain, as_json=as_json)
    else:
        _print_rules(book, on or SystemClock().today(), domain, as_json=as_json)


def _print_rules(book: Rulebook, day: date, domain: str | None, *, as_json: bool) -> None:
    rules = _in_force(book, day, domain)
    if as_json:
        print(json.dumps([_plain(rule) for rule in rules], ensure_ascii=False, indent=2))
        return
    print(f"Rulebook {book.version}, {book.hash}, checked until {book.checked_until}; in force on {day}.\n")
    print("\n\n".join(_in_words(rule) for rule in rules))


def _print_difference(book: Rulebook, first: date, last: date, domain: str | None, *, as_json: bool) -> None:
    before, after = _in_force(book, first, domain), _in_force(book, last, domain)
    ended = [rule for rule in before if rule not in after]
    began = [rule for rule in after if rule not in before]
    if as_json:
        parts = {"ended": [_plain(rule) for rule in ended], "began": [_plain(rule) for rule in began]}
        print(json.dumps(parts, ensure_ascii=False, indent=2))
        return
    print(f"Rulebook {book.version}: from {first} to {last}, {len(ended)} ended and {len(began)} began.")
    for sign, rules in (("-", ended), ("+", began)):
        for rule in rules:
            print("\n" + "\n".join(f"{sign} {line}" for line in _in_words(rule).splitlines()))


def _print_open_points(book: Rulebook, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(to_plain(book.open_points), ensure_ascii=False, indent=2))
        return
    for point in book.open_points:
        print(f"{point.number:>3}  {point.text}")
        print(f"     effect: {point.effect}\n     check:  {point.check}")
        if point.rules:
            print(f"     rules:  {', '.join(point.rules)}")


def _in_force(book: Rulebook, day: date, domain: str | None) -> list[Rule]:
    return [
        rule
        for rule in book.rules
        if rule.in_force_on(day) and (domain is None or domain in rule.problem_domains)
    ]


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
