"""Writes the next version of a decision with what it changes in handovers and advice."""

from dataclasses import dataclass
from datetime import date

from app.routing import Decision as Decided, Directory, Facts
from app.services.advised_anew import store_advice
from app.services.decision_version import store_decision
from app.services.handing_over import HandingOver
from app.services.lifecycle.storing import SYSTEM, Actor, Row, Storing
from app.services.lineage import link_advice, link_handovers
from app.services.reconciled_rows import store_handovers
from app.services.reconciling import reconcile, refused_routes
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
    advice, changed = revision.handing_over.advice, revision.stands.changed
    await store_advice(storing, advice, revision.decision, version, changed=changed, left=left)
    await link_advice(storing, left, revision.decision, version)
    await look_again_on(storing, revision.decision)
    await _store_referral(storing, revision, version)


async def _store_referral(storing: Storing, revision: Revision, version: int) -> None:
    """What the referral's own row says of the newest decision."""
    columns: Row = {
        "decision_version": version,
        "reference_date": revision.on,
        "home_municipality": revision.facts.home_municipality,
        "support_variant": revision.facts.support_variant,
    }
    storing.columns |= columns
