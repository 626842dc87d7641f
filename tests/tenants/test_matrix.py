"""Nobody sees, finds, counts or changes what is not theirs, whatever they ask of which operation (G16).

Row-level security is off while others ask: what is forgotten in the code shows.
"""

import re

import pytest

from tests.tenants.operations import MISSING, Operation, operations
from tests.tenants.outcome import Outcome
from tests.tenants.people import Prober
from tests.tenants.probes import OWNER

# Somewhat less than there are: a matrix that has shrunk is no matrix.
AT_LEAST = 2_500


def test_nothing_of_others_is_in_any_answer(outcome: Outcome) -> None:
    assert outcome.found.leaks == []


def test_everybody_gets_the_status_that_follows_from_the_declaration(outcome: Outcome) -> None:
    assert outcome.found.statuses == []


def test_what_is_not_theirs_is_answered_to_the_byte_like_what_does_not_exist(outcome: Outcome) -> None:
    assert outcome.found.unlike == []


def test_what_others_ask_changes_nothing(outcome: Outcome) -> None:
    assert outcome.changed == []


def test_the_keys_and_references_of_others_mean_nothing(outcome: Outcome) -> None:
    assert (outcome.borrowed.leaks, outcome.borrowed.statuses) == ([], [])


def test_messages_wait_for_those_alone_who_may_see_the_event(outcome: Outcome) -> None:
    assert outcome.planned
    for code, event, roles in outcome.planned:
        told = Prober("its subscription", code, frozenset(roles), None)
        assert outcome.tokens.admits(event, told), (code, event)


def test_figures_count_what_is_their_own(outcome: Outcome) -> None:
    for counted, stored in outcome.figures.values():
        assert counted == stored


def test_control_whoever_may_gets_an_answer_from_every_operation(outcome: Outcome) -> None:
    assert outcome.own.statuses == []
    assert outcome.own.leaks == []


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.name)
def test_an_operation_is_probed_in_every_way_that_it_has(outcome: Outcome, operation: Operation) -> None:
    assert outcome.missing(operation) == set()


def test_there_are_as_many_probes_as_there_were(outcome: Outcome) -> None:
    count = outcome.found.asked.total() + outcome.borrowed.asked.total() + outcome.own.asked.total()
    print(f"{count} probes of {len(operations())} operations for {len(outcome.tokens.permits)} canaries")
    assert count >= AT_LEAST


def test_every_name_of_a_record_in_a_body_is_known() -> None:
    names = {
        name for one in operations() for name in one.fields if re.search("(Id|Reference|Number)s?$", name)
    }
    assert names <= MISSING.keys()


def test_every_relation_has_an_owner_who_asks() -> None:
    assert {one.relation for one in operations()} == OWNER.keys()
