"""Hands a handover on to another team, at once or warm, and takes that back."""

from app.errors import Unfit
from app.routing.decision import Receiver
from app.services.lifecycle.decided_now import decided_now
from app.services.lifecycle.placing import team_by_id, who_holds
from app.services.lifecycle.storing import Row
from app.services.lifecycle.successors import placed_at, succeed
from app.services.lifecycle.table import RUNNING
from app.services.lifecycle.transfers import taker_of
from app.services.lifecycle.work import Work


async def redirect(work: Work) -> None:
    """To another team; from one that has accepted only once the other accepts (warm transfer)."""
    row, storing = work.row, work.storing
    if work.asked.team == row["team_id"]:
        raise Unfit(("/team", "team.same"))
    holding = who_holds(storing.handovers.values(), row)
    receiver = team_by_id(str(work.asked.team), holding, work.deciding.directory, storing.today)
    if row["status"] in RUNNING:
        row = await decided_now(work)
        await work.change(flags=work.flags(plus="transfer_pending"))
    else:
        await work.change(status="redirected")
    columns = await placed(work, row, receiver)
    await succeed(storing, row, columns, work.actor)


async def placed(work: Work, row: Row, receiver: Receiver) -> Row:
    """The columns of a handover at a team that a person chose, with the terms of that team."""
    organisation = await work.organisation(receiver.organisation)
    terms = work.deciding.directory.terms_of(receiver.team_id)
    return await placed_at(work.storing, row, receiver, organisation, terms)


async def cancel_redirect(work: Work) -> None:
    """Takes back what was offered to the next team; the handover stays as it is."""
    await end_taker(work, "withdrawn")


async def end_taker(work: Work, status: str) -> None:
    """Ends what is offered to who was to take the handover over."""
    taker = taker_of(work.storing.handovers, work.row)
    await work.storing.change(taker["id"], work.actor, status=status)
