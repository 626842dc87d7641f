"""Decides a stored referral anew, with what was added, and reconciles what was handed over."""

from datetime import date

from app.reference.carried import carried_facts
from app.routing import route
from app.routing.plain import facts_from
from app.services.deciding import Deciding, Revising
from app.services.handing_over import desk_of, hand_over
from app.services.lifecycle.organisations import referrer_code
from app.services.lifecycle.storing import Actor, Storing
from app.services.revision import Revision, write_revision
from app.services.settled import settled
from app.services.told_student import tell_student


async def decide_anew(
    storing: Storing, revising: Revising, deciding: Deciding, actor: Actor, *, anyway: bool = False
) -> bool:
    """Decides with what was added, and reconciles; the caller closes. Whether there is a new version.

    What changes nothing makes none, unless it is wanted `anyway`. What is told of the student is kept also
    where nothing depends on it: a telephone number, a house number.
    """
    tell_student(storing, revising.student)
    row = storing.referral.row
    receipt = await storing.receipt(row["decision_version"])
    # The directory of today knows no municipality that has ended since.
    before = carried_facts(facts_from(receipt["facts"]), deciding.reference)
    told_on = date.fromisoformat(receipt["referenceDate"])
    on = revising.on or told_on
    facts = revising.change(before, on)
    if (facts, on) == (before, told_on) and not (anyway or revising.anew):
        return False
    directory, today = deciding.directory, deciding.today
    decision = route(facts, deciding.rulebook, directory, on, today)
    desk = desk_of(facts, decision, directory) or await referrer_code(storing)
    advised = {id for id, item in storing.advice.items() if item["status"] != "not_needed"}
    stands = settled(storing.handovers.values(), receipt["decision"], decision, advised, revising.anew)
    handing_over = hand_over(
        decision, facts.consents, desk=desk, directory=directory, today=today, stands=stands
    )
    revision = Revision(facts, on, decision, directory, stands, handing_over)
    await write_revision(storing, revision, revising.event, actor)
    return True
