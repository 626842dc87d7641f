"""The worked cases of the law, each as a test: provisions, responsible bodies and warnings."""

import json
import re
from datetime import date
from typing import Final

import pytest

from app.reference import open_reference
from app.reference.cases import WorkedCase, worked_cases
from app.routing import Decision, Directory, Rulebook, route
from app.routing.decision import Responsible
from app.schemas.mapping import to_facts
from app.schemas.request import ReferralRequest

TODAY: Final = date(2026, 11, 21)
CASES: Final = [pytest.param(case, id=f"{case.case_id}: {case.title}") for case in worked_cases()]


def decide(case: WorkedCase, book: Rulebook, directory: Directory) -> Decision:
    """The decision on a case, asked as a client asks it."""
    request = ReferralRequest.model_validate_json(json.dumps(case.request()))
    return route(to_facts(request, open_reference()), book, directory, case.reference_date, TODAY)


@pytest.mark.parametrize("case", CASES)
def test_the_provisions_are_those_of_the_law(case: WorkedCase, book: Rulebook, demo: Directory) -> None:
    decision = decide(case, book, demo)
    found: dict[str, set[str | None]] = {}
    for shown in decision.routes:
        found.setdefault(shown.problem_domain, set()).add(shown.provision)
    assert found == {domain: set(expected) for domain, expected in case.expected_provisions().items()}


@pytest.mark.parametrize("case", CASES)
def test_the_responsible_body_is_the_one_of_the_law(
    case: WorkedCase, book: Rulebook, demo: Directory
) -> None:
    decision = decide(case, book, demo)
    for provision, place in case.expected_bodies().items():
        (body,) = {shown.responsible for shown in decision.routes if shown.provision == provision}
        assert body is not None
        # "Leeuwarden (residence of the child)"; "municipality approached" was not told: the core is presumed.
        plain = place.split(" (")[0].removeprefix("region ")
        plain = case.core_municipality if plain == "municipality approached" else plain
        assert named(body) in (open_reference().resolve(plain).code, plain)


def named(body: Responsible) -> str:
    """The municipality's code, the region's name, or the kind of a body that is neither."""
    if body.municipality:
        return body.municipality.code
    return body.region.name if body.region else body.kind


@pytest.mark.parametrize("case", CASES)
def test_the_warnings_are_raised(case: WorkedCase, book: Rulebook, demo: Directory) -> None:
    decision = decide(case, book, demo)
    raised = {warning.code for warning in decision.warnings}
    raised |= {f"{warning.code}={warning.on}" for warning in decision.warnings}
    raised |= {f"{w.code}={w.municipality.name}" for w in decision.warnings if w.municipality}
    assert set(case.expected_warnings()) - raised == set()


@pytest.mark.parametrize("case", CASES)
def test_the_receiver_is_one_that_the_case_names(case: WorkedCase, book: Rulebook, demo: Directory) -> None:
    named = {word.lower() for word in re.findall(r"[A-Z][A-Z_0-9]{1,}", case.receiving_team)}
    named = {"municipal_youth_team" if word == "core_youth_team" else word for word in named}
    decision = decide(case, book, demo)
    primaries = {r.kind for shown in decision.routes for r in shown.receivers if r.role == "primary"}
    assert primaries <= named or primaries & named
