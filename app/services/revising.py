"""New facts or consents to a stored referral: decides anew, and hands over what changed (CONTRACT 4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.encryption import Keyring
from app.reference import Reference
from app.reference.carried import carried_facts
from app.routing import Directory, Facts, Rulebook, route
from app.routing.plain import facts_from
from app.services.clients import Client
from app.services.handing_over import desk_of, hand_over
from app.services.own_referrals import find_referral, open_referral
from app.services.resources import Plain
from app.services.revision import Revision, write_revision


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a decision is made with: law, directory and its reference, keys, the day and the moment."""

    rulebook: Rulebook
    directory: Directory
    reference: Reference
    keyring: Keyring
    today: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Revising:
    """What a client adds to a referral.

    `change` turns the facts as they were into those on the reference date; `student` holds what it tells
    of the student's identity, `on` another reference date, `event` what is told beside the decision.
    """

    change: Callable[[Facts, date], Facts]
    student: Plain
    on: date | None
    event: str | None
    correlation_id: str | None


async def revise(
    connection: AsyncConnection, client: Client, id: UUID, revising: Revising, deciding: Deciding
) -> Plain:
    """The referral as it is afterwards; the same facts again change nothing.

    Makes the next version of the decision, with the facts as they are now, and keeps all earlier
    ones. Raises NotFound for a referral of another organisation and for none.
    """
    referral = await open_referral(connection, client, deciding.keyring, id, lock=True)
    receipt = (await referral.receipts(connection))[referral.row["decision_version"]]
    # The directory of today knows no municipality that has ended since.
    before = carried_facts(facts_from(receipt["facts"]), deciding.reference)
    told_on = date.fromisoformat(receipt["referenceDate"])
    on = revising.on or told_on
    facts = revising.change(before, on)
    if (facts, on) != (before, told_on):
        decision = route(facts, deciding.rulebook, deciding.directory, on, deciding.today)
        desk = desk_of(facts, decision, deciding.directory) or client.organisation_code
        handing_over = hand_over(decision, facts.consents, desk=desk, today=deciding.today)
        revision = Revision(facts, on, deciding.today, decision, handing_over, revising.student, deciding.now)
        await write_revision(connection, referral, revision, revising.event, revising.correlation_id)
    return await find_referral(connection, client, deciding.keyring, id)
