"""The first later day on which a route differs with all other facts unchanged, and what it is then."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Final

from app.routing.case import Case, DomainDraft, Later
from app.routing.dates import AGE_BORDERS, birthday, school_year_end, student_finance_from
from app.routing.decision import ChangedRoute, NextChange
from app.routing.residence import SWITCH_DAYS
from app.routing.youth_help import half_year_ends

# CONTRACT 3: nothing is looked for from this birthday on.
HORIZON_AGE: Final = 28
Signatures = dict[tuple[str, str], tuple[str | None, ...]]


def next_change(later: Later) -> NextChange | None:
    """The next change of a case; None without a birth date, or before the 28th birthday."""
    case, now = later.case, later.drafted
    before = _signatures(now)
    for day, because in candidate_days(case, _served_places(now)):
        then = later.on(day)
        if all(one is other for one, other in zip(then, now, strict=True)):
            continue
        after = _signatures(then)
        if after != before:
            changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
            return NextChange(day, because, tuple(_changed(then, changed)))
    return None


def candidate_days(case: Case, places: Iterable[str]) -> list[tuple[date, str]]:
    """The days after the case's day on which something can change, with the reason, in order.

    `places` are the municipalities whose teams are looked at, by code.
    """
    born = case.facts.birth_date
    if born is None:
        return []
    horizon = birthday(born, HORIZON_AGE)
    days = (*_days_of_birth(born), *_days(case), *_team_days(case, places))
    ahead = [found for found in days if case.on < found[0] < horizon]
    # On a day with several reasons the first word of the alphabet is named: the birthday.
    return sorted(dict(sorted(ahead, key=itemgetter(1), reverse=True)).items())


@lru_cache(maxsize=65_536)
def _days_of_birth(born: date) -> tuple[tuple[date, str], ...]:
    return (
        *((birthday(born, years), f"age:{years}") for years in AGE_BORDERS),
        (school_year_end(birthday(born, 16)) + timedelta(days=1), "school_year"),
        (student_finance_from(born), "student_finance"),
    )


def _days(case: Case) -> Iterator[tuple[date, str]]:
    window = half_year_ends(case.facts)
    if window is not None:
        yield window + timedelta(days=1), "half_year"
    for days in (case.rulebook.switch_days, SWITCH_DAYS):
        for day in days[bisect_right(days, case.on) :]:
            yield day, "rule"
    yield from case.directory.agreement_days(case.core)


def _team_days(case: Case, places: Iterable[str]) -> Iterator[tuple[date, str]]:
    for place in {*places, *((case.core,) if case.core else ())}:
        for day, team_id in case.directory.team_changes(place, case.on):
            yield day, f"team:{team_id}"


def _served_places(domains: tuple[DomainDraft, ...]) -> set[str]:
    """The municipalities that are responsible for some route today."""
    bodies = (draft.body for domain in domains for draft in domain.drafts)
    return {body.municipality for body in bodies if body and body.municipality}


def _signatures(domains: tuple[DomainDraft, ...]) -> Signatures:
    return {
        (draft.problem_domain, draft.match.limb): draft.signature
        for domain in domains
        for draft in domain.drafts
    }


def _changed(then: tuple[DomainDraft, ...], changed: set[tuple[str, str]]) -> Iterator[ChangedRoute]:
    shown = set()
    for domain in then:
        for draft in domain.drafts:
            key = (draft.problem_domain, draft.match.limb)
            if key in changed:
                shown.add(key)
                yield ChangedRoute(draft.problem_domain, draft.signature[0])
    for gone in sorted(changed - shown):
        yield ChangedRoute(gone[0], None)
