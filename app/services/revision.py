"""Writes the next version of a decision with what it changes in handovers and advice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.routing import Decision as Decided, Directory, Facts
from app.services.decision_version import store_decision
from app.services.handing_over import HandingOver
from app.services.lifecycle.storing import SYSTEM, Actor, Row, Storing
from app.services.lineage import followed_by, link_advice, link_handovers
from app.services.reconciled_rows import store_handovers
from app.services.reconciling import reconcile, refused_routes
from app.services.records import advice_rows
from app.services.settled import Settled
from app.services.standing_support import ask_to_look_again, follow_consent, look_again_on


@dataclass(frozen=True, slots=True)
class Revision:
    """A decision made anew: from which facts, for which day, what stands of before, what it gives rise to."""

    facts: Facts
    on: date
    decision: Decided
    directory: Directory
    stands: Settled
    handing_over: HandingOver


async def write_revision(storing: Storing, revision: Revision, event: str | None, actor: Actor) -> None:
    """Stores the version and reconciles; the referral's row is locked by the caller, who closes.

    `event` is what `actor` did to bring it about, beside the decision.
    """
    version = storing.referral.row["decision_version"] + 1
    await store_decision(storing, revision.facts, revision.on, revision.decision, version)
    if event:
        storing.tell(event, actor)
    storing.tell("referral.decided")
    open_to_change = [row for id, row in storing.handovers.items() if id not in revision.stands.kept]
    refused = refused_routes(revision.decision, revision.facts.consents)
    drafts = revision.handing_over.handovers
    reconciled = reconcile(open_to_change, drafts, refused, led=revision.stands.led)
    await store_handovers(storing, reconciled, version)
    await ask_to_look_again(storing, revision.stands, told=actor != SYSTEM)
    await follow_consent(storing, revision.stands, revision.facts.consents, revision.directory)
    left = await link_handovers(storing, reconciled.endings, version)
    await _store_advice(storing, revision, left, version)
    await link_advice(storing, left, revision.decision, version)
    await look_again_on(storing, revision.decision)
    await _store_referral(storing, revision, version)


async def _store_advice(
    storing: Storing, revision: Revision, left: Sequence[Mapping[Any, Any]], version: int
) -> None:
    """Advice that stands stays as it is, under the new version; what no longer holds is not needed.

    What is new follows a handover that is `left` without another.

    What a rejection gave rise to stays until the route itself changes: the decision that it departs from is
    not its source.
    """
    open_now = [(id, row) for id, row in storing.advice.items() if row["status"] == "open"]
    still = {_kind(row): id for id, row in open_now if _rejected_for(storing, row) is None}
    gone = [id for id, row in open_now if revision.stands.changed & set(_rejected_for(storing, row) or ())]
    for row in advice_rows(revision.handing_over.advice, version, storing.now):
        standing = still.pop(_kind(row), None)
        if standing is None:
            before = followed_by(left, revision.decision, row)
            await storing.advise({**row, "preceded_by": before})
        else:
            kept = {"route_positions": row["route_positions"], "decision_version": version}
            await storing.change_advice(standing, **kept)
    for id in (*still.values(), *gone):
        await storing.change_advice(id, status="not_needed", handled_at=storing.now)


def _rejected_for(storing: Storing, advice: Row) -> list[str] | None:
    """The problems of the rejected handover that advice follows; None where a decision gave it."""
    before = storing.handovers.get(advice["preceded_by"])
    return before["problem_domains"] if before and before["status"] == "rejected" else None


def _kind(row: Row) -> tuple[Any, ...]:
    return (row["channel"], row["kind"], row["role"])


async def _store_referral(storing: Storing, revision: Revision, version: int) -> None:
    """What the referral's own row says of the newest decision."""
    columns: Row = {
        "decision_version": version,
        "reference_date": revision.on,
        "home_municipality": revision.facts.home_municipality,
        "support_variant": revision.facts.support_variant,
    }
    storing.columns |= columns
