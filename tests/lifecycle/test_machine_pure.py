"""G12 in the pure: seeded walks over table and clocks alone, as many as can be taken, each step judged."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.services.lifecycle import clocks
from app.services.lifecycle.table import ACTORS, ENDED, OPEN, available_actions, open_steps

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
FLAGS = ("review", "reassessment_due", "disputed", "transfer_pending")
# What a step without a target of its own becomes; the flag that it takes away.
BECOMES = {"answer": "offered", "resume": "offered", "reopen": "offered"}
CLEARS = {"cancel_redirect": "transfer_pending", "reviewed": "review", "reassessed": "reassessment_due"}


def new_row(rng: random.Random) -> dict[str, Any]:
    today = START.date()
    offered = [clocks.term("first_contact", today, today + timedelta(days=8))]
    status = rng.choice(("offered", "needs_information", "needs_consent", "needs_triage"))
    return {
        "status": status, "flags": [], "deadlines": clocks.terms_of(status, offered, today),
        "held_from": None, "paused_on": None, "first_contact_on": None, "reassess_on": None, "ended_at": None,
        "succeeded_by": None,
        "succeeded_by_advice": None, "acknowledged_at": None, "offered_at": None, "erased_at": None,
    }  # fmt: skip


def step(rng: random.Random, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The row after some step that somebody may take; itself where nobody may."""
    steps = list(open_steps(row, frozenset(ACTORS), now))
    if not steps:
        return row
    chosen, today = rng.choice(steps), now.date()
    status = chosen.to or BECOMES.get(chosen.action, row["status"])
    after = {**row, "status": status, "held_from": None, "paused_on": None}
    after["flags"] = [flag for flag in row["flags"] if flag not in {chosen.flag, CLEARS.get(chosen.action)}]
    if chosen.action == "ask":
        after |= {"held_from": row["status"], "paused_on": today}
        after["deadlines"] = [*row["deadlines"], clocks.term("question", today, today + timedelta(days=14))]
    elif status != row["status"] and status not in ENDED:
        after["deadlines"] = clocks.terms_of(status, (), today) or row["deadlines"]
    if chosen.action == "start":
        after["first_contact_on"] = today
    clocks.stamp(row, after, now)
    return after


def faults(row: dict[str, Any], now: datetime) -> Iterator[str]:
    """What must hold of one row on any day, whatever came before."""
    today = now.date()
    flagged = {**row, "flags": clocks.flags_of(row, today)}
    after = {**flagged, "flags": [*flagged["flags"], *clocks.run_out(flagged, today)]}
    if "escalated" in after["flags"] and "overdue" not in after["flags"]:
        yield "escalated and not overdue"
    if clocks.flags_of(after, today) != after["flags"]:
        yield "a flag that the next change takes away"
    if list(clocks.run_out(after, today)):
        yield "a second look finds more"
    look = clocks.next_look(after)
    if look is not None and look <= today:
        yield "the worker would look again today"
    if row["status"] in ENDED and (look is not None or set(after["flags"]) & {"overdue", "escalated"}):
        yield "a clock runs on what has ended"
    if row["status"] in OPEN and not available_actions(row, frozenset(ACTORS), now):
        yield "open, and nobody may do anything"


def walk(seed: int, steps: int) -> list[str]:
    """Takes so many steps from a seed; the faults found, with the step of each."""
    rng, found, row, now = random.Random(seed), [], None, START  # noqa: S311  a walk, no secret
    for taken in range(steps):
        if row is None or (row["status"] in ENDED and rng.random() < 0.3):
            row, now = new_row(rng), START
        now += timedelta(days=rng.choice((0, 0, 1, 7, 15, 31)))
        row = step(rng, row, now)
        if row["status"] in OPEN and rng.random() < 0.2:
            row = {**row, "flags": sorted({*row["flags"], rng.choice(FLAGS)})}
        found += [f"seed {seed}, step {taken}: {fault}" for fault in faults(row, now)]
    return found


def test_the_table_and_the_clocks_agree_on_every_walk() -> None:
    assert walk(1, 20_000) == []


@pytest.mark.long
def test_the_table_and_the_clocks_agree_on_three_hundred_thousand_steps() -> None:
    found = [fault for seed in range(35) for fault in walk(seed, 10_000)]
    print(f"\nG12: 350000 seeded steps over table and clocks, {len(found)} violations")
    assert found == []
