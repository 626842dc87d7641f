"""What the OpenAPI document says of the steps of a handover is what their table says."""

import re

from app.api.examples import EXAMPLES
from app.api.openapi import document
from app.services.lifecycle.table import ACTIONS, STEPS


def test_each_field_of_a_step_names_the_steps_that_need_it() -> None:
    needed: dict[str, set[str]] = {}
    for step in STEPS:
        for name in step.needs:
            needed.setdefault(name, set()).add(step.action)
    fields = document()["components"]["schemas"]["TransitionRequest"]["properties"]
    told = {name: set(re.findall("`([a-z_]+)`", fields[name]["description"])) for name in needed}
    assert {name: told[name] & set(ACTIONS) for name in needed} == needed


def test_every_example_of_a_step_sends_what_the_step_needs_and_no_more() -> None:
    steps = [example["value"] for name, example in EXAMPLES.items() if name.startswith("TransitionRequest")]
    assert len(steps) == 7
    for sent in steps:
        step = next(step for step in STEPS if step.action == sent["action"])
        assert set(step.needs) <= sent.keys() - {"action"} <= {*step.needs, *step.may, "comment"}
