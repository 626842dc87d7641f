"""The clocks of a handover: which term runs, when it has run out, when to look again (LAW 11.1)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.routing.decision import Deadline
from app.routing.directory import TeamTerms
from app.services.deadlines import ACKNOWLEDGEMENT, days_between, due_on, earliest, with_team_terms
from app.services.lifecycle.table import ENDED

Row = Mapping[Any, Any]
Plain = dict[str, Any]

# Terms of the service itself, in calendar days. A municipality that is not responsible says so within two
# weeks (JW-27, iJw 3.2); nothing else may wait for longer than that without somebody being told.
ANSWER_DAYS: Final = 14
QUESTION: Final = "question"
EXPECTED: Final = "expected"
_WAITING: Final = {"needs_information": QUESTION, "needs_consent": "consent", "needs_triage": "triage"}
_ANSWERED_BY_TEAM: Final = "acceptance"
_DAY: Final = timedelta(days=1)


def term(kind: str, since: date, due: date, unit: str = "calendar") -> Plain:
    """A term as it is kept: `due` is the last day, `since` the one it is counted from, in days of a unit."""
    return {"kind": kind, "since": since.isoformat(), "due": due.isoformat(), "unit": unit}


def question_term(today: date, terms: TeamTerms) -> Plain:
    """The clock of a question that a team asks today: the team's own term, else the service's."""
    if terms.answer_within_days is None:
        return term(QUESTION, today, today + ANSWER_DAYS * _DAY)
    return term(QUESTION, today, due_on(terms.answer_within_days, terms.unit, today), terms.unit)


def terms_from(deadlines: Iterable[Deadline], domains: set[str], today: date, team: TeamTerms) -> list[Plain]:
    """The terms that come with an offer today: those of the acts, and how soon the team wants to react."""
    found = earliest(with_team_terms(deadlines, team), domains, today)
    return [term(one.kind, today, day, one.unit) for one, day in found]


def terms_of(status: str, offered: Iterable[Plain], today: date) -> list[Plain]:
    """The terms of a handover that gets this status today; `offered` are those that come with an offer."""
    fortnight = today + ANSWER_DAYS * _DAY
    if status in _WAITING:
        return [term(_WAITING[status], today, fortnight)]
    if status != "offered":
        return []
    return sorted(
        [*offered, term(_ANSWERED_BY_TEAM, today, fortnight)], key=lambda one: (one["due"], one["kind"])
    )


def is_running(one: Plain, row: Row) -> bool:
    """Whether the step that a term waits for has not been taken yet.

    What waits for an answer, a consent or the desk goes with it; while a team's question is open, all else
    stands still. The terms of the acts wait for the start of support: of what a team does before it, nobody
    tells the service.
    """
    kind, status = one["kind"], str(row["status"])
    if status in ENDED:
        return False
    if row["paused_on"] is not None:
        return bool(kind == QUESTION)
    if kind in _WAITING.values():
        return True
    if kind == ACKNOWLEDGEMENT:
        return status == "offered"
    if kind == _ANSWERED_BY_TEAM:
        return status in ("offered", "acknowledged")
    return status == "on_hold" if kind == EXPECTED else row["first_contact_on"] is None


def has_run_out(one: Plain, today: date) -> bool:
    """Whether the last day of a term is over."""
    return _due(one) < today


def flags_of(row: Row, today: date) -> list[str]:
    """The flags as they should be today: one of the clocks goes when no term is that late any more."""
    running = [one for one in row["deadlines"] if is_running(one, row)]
    late = {
        "overdue": any(has_run_out(one, today) for one in running),
        "escalated": any(_twice(one) < today for one in running),
    }
    return [flag for flag in row["flags"] if late.get(flag, True)]


def run_out(row: Row, today: date) -> Iterator[str]:
    """The flags that a clock sets today and that are not there yet."""
    running = [one for one in row["deadlines"] if is_running(one, row)]
    if "overdue" not in row["flags"] and any(has_run_out(one, today) for one in running):
        yield "overdue"
    if "escalated" not in row["flags"] and any(_twice(one) < today for one in running):
        yield "escalated"


def next_look(row: Row) -> date | None:
    """The first day on which the worker finds something to do; None where nothing can run out."""
    if row["status"] in ENDED:
        return None
    days = [row["reassess_on"]] if row["reassess_on"] else []
    for one in (one for one in row["deadlines"] if is_running(one, row)):
        if "overdue" not in row["flags"]:
            days.append(_due(one) + _DAY)
        if "escalated" not in row["flags"]:
            days.append(_twice(one) + _DAY)
    return min(days, default=None)


def resumed(deadlines: Iterable[Plain], paused_on: date | None, today: date) -> list[Plain]:
    """Terms that stood still from a day until today: each has as many days left as it had."""
    if paused_on is None:
        return list(deadlines)
    return [_resumed(one, paused_on, today) for one in deadlines]


def _resumed(one: Plain, paused_on: date, today: date) -> Plain:
    stood_still, unit = today - paused_on, _unit(one)
    if unit == "calendar" or _due(one) <= paused_on:
        due = _due(one) + stood_still
    else:
        due = due_on(days_between(paused_on, _due(one), unit), unit, today)
    return term(one["kind"], _since(one) + stood_still, due, unit)


def _unit(one: Plain) -> str:
    return str(one.get("unit", "calendar"))


def _since(one: Plain) -> date:
    return date.fromisoformat(str(one.get("since", one["due"])))


def _due(one: Plain) -> date:
    return date.fromisoformat(one["due"])


def _twice(one: Plain) -> date:
    """As long again after the term has run out, a day at least."""
    days = days_between(_since(one), _due(one), _unit(one))
    return due_on(max(days, 1), _unit(one), _due(one))


def stamp(before: Row, after: Plain, now: datetime) -> None:
    """The moments that follow from a status."""
    status = after["status"]
    if status == before["status"]:
        return
    if status in ("acknowledged", "accepted") and after["acknowledged_at"] is None:
        after["acknowledged_at"] = now
    if status == "offered" and before["held_from"] != status:  # back after a question, it is no new offer
        after["offered_at"] = now
    after["ended_at"] = now if status in ENDED else None
