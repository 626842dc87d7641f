"""The quick way to write a decision gives what the core's own plain form gives."""

import json
from datetime import date

import pytest

from app.adapters.decision_json import compact_json, decision_json, plain_decision
from app.reference import open_reference
from app.reference.cases import WorkedCase, worked_cases
from app.routing import Directory, load_rulebook, route
from app.routing.plain import to_plain
from app.schemas.json_body import parse
from app.schemas.request import ReferralRequest
from app.schemas.submission import to_question

BOOK = load_rulebook()


@pytest.mark.parametrize("case", worked_cases(), ids=lambda case: case.case_id)
def test_a_decision_is_written_as_the_core_would(case: WorkedCase) -> None:
    reference, today = open_reference(), date(2026, 11, 21)
    facts, on = to_question(parse(json.dumps(case.request()).encode(), ReferralRequest), reference, today)
    decision = route(facts, BOOK, Directory(0, reference.places), on, today)
    plain = to_plain(decision)
    assert plain_decision(decision) == plain
    assert decision_json(decision) == compact_json(plain)
    assert json.loads(decision_json(decision)) == plain
