"""What each step at a desk, and each rejection, does: to a team, to another body, or to a desk."""

from typing import Final

from app.errors import Unfit
from app.routing.decision import Receiver
from app.routing.plain import facts_from
from app.services.handing_over import stay_of
from app.services.lifecycle.organisations import referrer_code
from app.services.lifecycle.placing import Advised, Row, at_body, team_by_id, who_holds
from app.services.lifecycle.successors import advise_instead, at_desk, succeed
from app.services.lifecycle.transferring import placed
from app.services.lifecycle.transfers import giver_of
from app.services.lifecycle.work import Work

__all__ = ["assign", "at_desk", "forward", "reject", "settle"]

MOST_BOUNCES: Final = 3


async def assign(work: Work) -> None:
    """The desk has chosen: offered to that team, which may be the desk itself."""
    await work.change(**await _at_team(work), flags=work.flags("overdue", "escalated"))


async def settle(work: Work) -> None:
    """The same, where two municipalities had denied it."""
    flags = work.flags("overdue", "escalated", "disputed")
    await work.change(**await _at_team(work), flags=flags, denied_by=[])


async def _at_team(work: Work) -> Row:
    holding = who_holds(work.storing.handovers.values(), work.row)
    receiver = team_by_id(str(work.asked.team), holding, work.deciding.directory, work.storing.today)
    return await placed(work, work.row, receiver)


async def forward(work: Work) -> None:
    """To the desk of the municipality that is named; the second denial leaves it where the student stays."""
    row, body = work.row, work.asked.responsible_body
    if body is None or body.municipality is None:
        raise Unfit(("/responsibleBody/municipality", "required"))
    if body.municipality == row["responsible_municipality"]:
        raise Unfit(("/responsibleBody/municipality", "municipality.same"))
    denied = [*row["denied_by"], *([row["desk_organisation_id"]] if row["desk_organisation_id"] else [])]
    second = bool(row["denied_by"])
    code = await _stay(work) if second else body.municipality
    desk = await work.organisation(code, connected=True)
    columns = at_desk(work.storing, {**row, "desk_organisation_id": desk})
    await work.change(
        **columns,
        desk_organisation_id=desk,
        responsible_municipality=row["responsible_municipality"] if second else body.municipality,
        denied_by=denied or [work.storing.referral.row["organisation_id"]],
        flags=work.flags("overdue", "escalated", plus="disputed" if second else None),
    )


async def _stay(work: Work) -> str:
    """Whose desk keeps it: the actual stay's, else the core municipality's, else the referrer's own."""
    receipt = await work.storing.receipt(work.storing.referral.row["decision_version"])
    facts, directory = facts_from(receipt["facts"]), work.deciding.directory
    return stay_of(facts, directory, work.storing.today) or await referrer_code(work.storing)


async def reject(work: Work) -> None:
    """Not ours: it goes to the body that is named, else to the desk, and there after the third time.

    Rejected by who was to take it over, it stays with who has it.
    """
    row, asked, storing = work.row, work.asked, work.storing
    bounces = row["bounces"] + 1
    goes_back = giver_of(storing.handovers, row) is not None
    target = None if goes_back or bounces >= MOST_BOUNCES else _named(work)
    await work.change(status="rejected", reason=asked.reason, bounces=bounces)
    if goes_back:
        return
    if isinstance(target, Advised):
        await advise_instead(storing, work.row, target, work.actor)
    elif target is None:
        await succeed(storing, work.row, at_desk(storing, row), work.actor)
    else:
        assert asked.responsible_body is not None
        code = asked.responsible_body.municipality
        columns = await placed(work, row, target)
        desk = await work.organisation(code, connected=True)
        columns |= {"responsible_municipality": code, "desk_organisation_id": desk}
        await succeed(storing, work.row, columns, work.actor)


def _named(work: Work) -> Receiver | Advised | None:
    body, row = work.asked.responsible_body, work.row
    if body is None:
        return None
    if body.municipality is not None and body.municipality == row["responsible_municipality"]:
        raise Unfit(("/responsibleBody/municipality", "municipality.same"))
    holding = who_holds(work.storing.handovers.values(), row)
    return at_body(row, body, holding, work.deciding.directory, work.storing.today)
