"""Values that are well formed but cannot be: what is refused before anything is decided."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Final

from app.errors import Fault, InvalidInput
from app.routing import Facts
from app.routing.dates import add_months, age_on
from app.routing.facts import ABSENT, Stay
from app.schemas.circumstances import Circumstances, Residence
from app.schemas.faults import fault
from app.schemas.json_body import MAX_FAULTS
from app.schemas.person import Consent, Student
from app.schemas.request import (
    ConsentsRequest,
    DecisionRequest,
    FactsRequest,
    ReferralRequest,
    ReferralSearchRequest,
)

FIRST_REFERENCE_DATE: Final = date(2015, 1, 1)
OLDEST: Final = 120


def check_possible(request: DecisionRequest, today: date) -> None:
    """Raises InvalidInput with every value of the request that cannot be; `today` is the default day."""
    day = request.reference_date or today
    faults = [
        *_reference_date(day, today),
        *_required(request),
        *_age(request, day),
        *_domains(request),
        *_residence(request.residence, day),
        *_circumstances(request.circumstances, day),
        *_consents(request.consents, max(day, today)),
    ]
    if faults:
        raise InvalidInput(*faults[:MAX_FAULTS])


def check_possible_change(request: FactsRequest, changed: Facts, day: date, today: date) -> None:
    """Raises InvalidInput with every value of new facts that cannot be on the reference date that now holds.

    `changed` are the facts of before with the new ones over them.
    """
    faults = [
        *(_reference_date(day, today) if request.reference_date else ()),
        *(_birth_date(request.student, day) if request.student else ()),
        *_home_taken_away(request, changed),
        *_acute_domains(request.circumstances, changed.problem_domains),
        *_residence(request.residence, day),
        *_circumstances(request.circumstances, day),
    ] or list(_known_before(changed, day))
    if faults:
        raise InvalidInput(*faults[:MAX_FAULTS])


def check_possible_consents(request: ConsentsRequest, day: date, today: date) -> None:
    """Raises InvalidInput for every word that is of a day to come; `day` is the reference date."""
    faults = list(_consents(request.consents, max(day, today)))
    if faults:
        raise InvalidInput(*faults[:MAX_FAULTS])


def check_one_told(request: ReferralSearchRequest) -> None:
    """Raises InvalidInput unless just one thing is told to search by."""
    if (request.source_reference is None) == (request.student_number is None):
        raise InvalidInput(fault("", "search.one"))


def _home_taken_away(request: FactsRequest, changed: Facts) -> Iterator[Fault]:
    """A home that is taken away by a change needs what a request without one needs."""
    taken_away = "home_municipality" in request.model_fields_set and request.home_municipality is None
    excused = changed.circumstances.acute_danger is True
    if taken_away and not excused and changed.residence.status in (ABSENT, None, "registered"):
        yield fault("/residence/status", "residence.status_required")


def _known_before(facts: Facts, day: date) -> Iterator[Fault]:
    """What was told before and cannot be on another reference date."""
    born, stay = facts.birth_date, facts.residence.stay
    since = stay.since if isinstance(stay, Stay) else None
    if any(isinstance(known, date) and known > day for known in (born, since)):
        yield fault("/referenceDate", "date.after_reference")
    elif born and age_on(born, day) > OLDEST:
        yield fault("/referenceDate", "age.too_high")


def _reference_date(day: date, today: date) -> Iterator[Fault]:
    if not FIRST_REFERENCE_DATE <= day <= add_months(today, 12):
        yield fault("/referenceDate", "date.out_of_range")


def _required(request: DecisionRequest) -> Iterator[Fault]:
    """What only acute danger excuses from."""
    if request.circumstances.acute_danger:
        return
    if request.support_variant is None:
        yield fault("/supportVariant", "required")
    if "home_municipality" not in request.model_fields_set:
        yield fault("/homeMunicipality", "required")
    elif request.home_municipality is None and request.residence.status in (None, "registered"):
        yield fault("/residence/status", "residence.status_required")
    if isinstance(request, ReferralRequest):
        for field, name in (("surname", "surname"), ("first_names", "firstNames")):
            if getattr(request.student, field, None) is None:
                yield fault(f"/student/{name}", "required")


def _age(request: DecisionRequest, day: date) -> Iterator[Fault]:
    student = request.student
    if student is None or (student.birth_date is None and student.age is None):
        if not request.circumstances.acute_danger:
            yield fault("/student/birthDate", "age.required")
    else:
        yield from _birth_date(student, day)


def _birth_date(student: Student, day: date) -> Iterator[Fault]:
    if student.birth_date and student.birth_date > day:
        yield fault("/student/birthDate", "date.after_reference")
    elif student.birth_date and age_on(student.birth_date, day) > OLDEST:
        yield fault("/student/birthDate", "age.too_high")


def _domains(request: DecisionRequest) -> Iterator[Fault]:
    asked = request.problem_domains
    for index, domain in enumerate(asked):
        if domain in asked[:index]:
            yield fault(f"/problemDomains/{index}", "duplicate")
    yield from _acute_domains(request.circumstances, asked)


def _acute_domains(circumstances: Circumstances, asked: Collection[str]) -> Iterator[Fault]:
    for index, domain in enumerate(circumstances.acute_domains or ()):
        if domain not in asked:
            yield fault(f"/circumstances/acuteDomains/{index}", "domain.not_asked")


def _residence(residence: Residence, day: date) -> Iterator[Fault]:
    stay = residence.stay
    if stay and stay.since and stay.since > day:
        yield fault("/residence/stay/since", "date.after_reference")


def _circumstances(circumstances: Circumstances, day: date) -> Iterator[Fault]:
    for index, help_ in enumerate(circumstances.youth_help or ()):
        place = f"/circumstances/youthHelp/{index}"
        if help_.started_on and help_.ended_on and help_.ended_on < help_.started_on:
            yield fault(f"{place}/endedOn", "date.before_start")
    for index, child in enumerate(circumstances.children or ()):
        born_in = child.birth_date.year if child.birth_date else child.birth_year
        if (child.birth_date and child.birth_date > day) or (born_in and born_in > day.year):
            name = "birthDate" if child.birth_date else "birthYear"
            yield fault(f"/circumstances/children/{index}/{name}", "date.after_reference")


def _consents(consents: list[Consent], latest: date) -> Iterator[Fault]:
    for index, consent in enumerate(consents):
        if consent.given_on > latest:
            yield fault(f"/consents/{index}/givenOn", "date.in_future")
