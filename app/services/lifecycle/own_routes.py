"""What the decision behind a handover says of its routes: consents, terms, age."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.routing.decision import Deadline
from app.routing.directory import TeamTerms
from app.services.lifecycle.clocks import terms_from, terms_of

Plain = dict[str, Any]
Row = Mapping[Any, Any]

_OF_AGE, _ASKED_FROM = 16, 12


def routes_of(row: Row, decision: Plain) -> list[Plain]:
    """The routes of a handover, in the decision that it was made from."""
    return [decision["routes"][position] for position in row["route_positions"]]


def required_consents(row: Row, decision: Plain) -> list[str]:
    """What each of its routes requires (LAW 7.1): by age where no rule was found for it (E-01 to E-03)."""
    age = decision["age"] and decision["age"]["years"]
    return [
        route["consent"]["required"] if route["consent"] else _by_age(age)
        for route in routes_of(row, decision)
    ]


def asked_consents(row: Row, decision: Plain) -> list[tuple[str, str]]:
    """What each of its routes requires, and for which kind of receiver.

    For the kinds that the decision chose: a derived desk stands in for others; else for its own.
    """
    own, team = row["team_kind"] or "access_desk", row["team_id"]
    asked = []
    for route, required in zip(routes_of(row, decision), required_consents(row, decision), strict=True):
        chosen = [one["kind"] for one in route["receivers"] if team and one["teamId"] == team]
        asked += [(required, kind) for kind in chosen or [own]]
    return asked


def known_requirements(row: Row, decision: Plain) -> list[str | None]:
    """What each of its routes requires; None for one without a rule, before the desk has chosen a team."""
    if row["placed"] and row["team_kind"]:
        return [*required_consents(row, decision)]
    return [route["consent"]["required"] if route["consent"] else None for route in routes_of(row, decision)]


def _by_age(age: int | None) -> str:
    if age is None or age >= _OF_AGE:
        return "student"
    return "student_and_parent" if age >= _ASKED_FROM else "parent"


def offered_terms(row: Row, decision: Plain, today: date, team: TeamTerms) -> list[Plain]:
    """The terms of a handover that is offered today, to a team with these terms of its own."""
    listed = (
        Deadline(one["kind"], one["days"], one["unit"], one["basis"], tuple(one["problemDomains"]))
        for one in decision["deadlines"]
    )
    return terms_of("offered", terms_from(listed, set(row["problem_domains"]), today, team), today)
