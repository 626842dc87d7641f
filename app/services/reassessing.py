"""Looks again at a stored decision on the day on which something changes: moves offers, flags support."""

from datetime import date
from typing import Any

from app.adapters.decision_json import plain_decision
from app.reference.carried import carried_facts
from app.routing import Decision, Facts, route
from app.routing.dates import birthday, transition_days
from app.routing.plain import facts_from
from app.services.deciding import Deciding, Revising
from app.services.deciding_anew import decide_anew
from app.services.lifecycle.storing import SYSTEM, Row, Storing
from app.services.settled import changed_domains
from app.services.standing_support import ask_to_prepare, look_again_on

_ADULT = 18


def must_look(storing: Storing) -> bool:
    """Whether the day has come on which somebody must look at an open handover again."""
    return any(_is_due(row, storing.today) for row in storing.handovers.values())


async def reassess(storing: Storing, deciding: Deciding) -> None:
    """Decides for today, as the system; the caller closes.

    Where a route differs, the new version supersedes what was not yet accepted and goes elsewhere, and flags
    support that runs; where none does, nothing is stored but the next day to look.
    """
    receipt = await storing.receipt(storing.referral.row["decision_version"])
    on = max(storing.today, date.fromisoformat(receipt["referenceDate"]))
    facts = carried_facts(facts_from(receipt["facts"]), deciding.reference)
    then = _decide(facts, deciding, on)
    preparing = _preparing(storing, facts, deciding, then)
    if changed_domains(receipt["decision"], plain_decision(then)):
        await decide_anew(storing, Revising(_as_told, {}, on, None), deciding, SYSTEM, anyway=True)
    else:
        await look_again_on(storing, then)
    await ask_to_prepare(storing, preparing)


def _is_due(row: Row, today: date) -> bool:
    """What has ended has no clock."""
    return row["clock_on"] is not None and row["reassess_on"] is not None and row["reassess_on"] <= today


def _as_told(facts: Facts, _: date) -> Facts:
    return facts


def _decide(facts: Facts, deciding: Deciding, on: date) -> Decision:
    return route(facts, deciding.rulebook, deciding.directory, on, deciding.today)


def _preparing(storing: Storing, facts: Facts, deciding: Deciding, now: Decision) -> frozenset[str]:
    """The domains that change at 18, where a day to prepare for that has come since the last look (JW-30)."""
    born, today = facts.birth_date, storing.today
    due: list[Any] = [row["reassess_on"] for row in storing.handovers.values() if _is_due(row, today)]
    if born is None or not any(min(due) <= day <= today for day in transition_days(born)):
        return frozenset()
    at_18 = _decide(facts, deciding, max(birthday(born, _ADULT), now.reference_date))
    return changed_domains(plain_decision(now), plain_decision(at_18))
