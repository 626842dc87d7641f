"""The proof's second stage: every provision has a responsible body or an explicit question, always."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Final

from app.routing.facts import (
    ABSENT,
    Child,
    Circumstances,
    Facts,
    Residence,
    ResidenceStatus,
    Stay,
    Told,
)
from app.routing.residence import BODY_OF, Body, responsible_body
from app.routing.rulebook import Rulebook

# One day in each version of the residence tests (LAW 2.3, JW-21, JW-25).
_DAYS: Final = (date(2021, 12, 31), date(2024, 12, 31), date(2025, 1, 1))
_STATUSES: Final[tuple[Told[ResidenceStatus], ...]] = (
    ABSENT, "registered", "secret", "postal_address", "under_investigation", "not_registered", "abroad",
)  # fmt: skip
_TOLD: Final = (ABSENT, None, "0001")
# Where none is read like not told.
_TOLD_OR_NOT: Final[tuple[Told[str], ...]] = (ABSENT, "0001")
_HOMES: Final = (None, "0002")
_CORES: Final = (None, "0003")
_STAYS: Final = (ABSENT, None, Stay(kind="residential_youth_care"), Stay(kind="wlz_institution"))


def check_bodies(book: Rulebook) -> Iterator[str | None]:
    """Goes through what the residence tests read, for each provision and residence the rules name."""
    for provision, residence in sorted({(r.provision, r.residence or "") for r in book.rules}):
        spaces = _youth_act_space() if provision.startswith("jw") and not residence else _space(residence)
        for facts, core, day, minor in spaces:
            yield _fault(provision, residence or None, facts, core, day, minor=minor)


Situation = tuple[Facts, str | None, date, bool]


def _youth_act_space() -> Iterator[Situation]:
    told = product(_STATUSES, _STAYS, _TOLD, _TOLD, _TOLD_OR_NOT, _TOLD, _HOMES, _CORES, _DAYS, (True, False))
    for status, stay, previous, mother, actual, parents, home, core, day, minor in told:
        residence = Residence(
            status=status,
            stay=stay,
            previous_municipality=previous,
            mother_municipality_at_birth=mother,
            actual_stay_municipality=actual,
            parents_municipality=parents,
        )
        yield _facts(home, residence, Circumstances()), core, day, minor


def _space(residence: str) -> Iterator[Situation]:
    others = {
        "child": [
            Circumstances(children=c) for c in (ABSENT, None, (Child(),), (Child(municipality="0004"),))
        ],
        "care_recipient": [Circumstances(care_recipient_municipality=told) for told in _TOLD],
    }
    told = product(
        _STATUSES, _TOLD_OR_NOT, _TOLD_OR_NOT, _HOMES, _CORES, others.get(residence, [Circumstances()])
    )
    for status, actual, approached, home, core, circumstances in told:
        lived = Residence(status=status, actual_stay_municipality=actual, municipality_approached=approached)
        yield _facts(home, lived, circumstances), core, _DAYS[-1], False


def _facts(home: str | None, residence: Residence, circumstances: Circumstances) -> Facts:
    return Facts(
        problem_domains=("mental_health",),
        support_variant=None,
        home_municipality=home,
        residence=residence,
        circumstances=circumstances,
    )


def _fault(
    provision: str, residence: str | None, facts: Facts, core: str | None, day: date, *, minor: bool
) -> str | None:
    try:
        body = responsible_body(provision, residence, facts, core, day, minor=minor)
    except KeyError:
        return f"unhandled: no residence test for the provision {provision}"
    return None if _is_answer(provision, body) else f"gap: {provision} on {day}: neither body nor question"


def _is_answer(provision: str, body: Body) -> bool:
    """Exactly one: a body of its own kind, a municipality, or a question; safety is never held back."""
    if provision in BODY_OF:
        return body.municipality is None and body.asks is None
    if provision == "vt":
        return body.asks is None
    return (body.municipality is None) != (body.asks is None)
