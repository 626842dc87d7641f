"""A body that is made to cost time is refused before it does."""

import time

import pytest

from app.errors import InvalidInput
from app.schemas.json_body import parse
from app.schemas.request import ReferralRequest
from tests.faults.hostile import KINDS, hostile_body


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "too large"])
def test_a_hostile_body_is_refused_before_it_costs_half_a_second(kind: str) -> None:
    began = time.process_time()
    with pytest.raises(InvalidInput):
        parse(hostile_body(kind), ReferralRequest)
    assert time.process_time() - began < 0.5
