"""What each step does to a handover that stays where it is; one small function for each action."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from app.errors import ConsentMissing
from app.routing.plain import facts_from
from app.services.deciding import Revising
from app.services.deciding_anew import decide_anew
from app.services.lifecycle import moving, transferring
from app.services.lifecycle.clocks import EXPECTED, QUESTION, question_term, resumed, term, terms_of
from app.services.lifecycle.own_routes import offered_terms, required_consents
from app.services.lifecycle.storing import Row, Storing
from app.services.lifecycle.work import Work
from app.services.sharing import may_share_all


async def _answer(work: Work) -> None:
    """Back to what it was, then decided anew where facts were told that change something."""
    if work.row["held_from"]:
        await work.storing.change(work.id, work.actor, **returned(work.row, work.storing))
    if work.asked.facts:
        revising = Revising(work.asked.facts, work.asked.student or {}, work.asked.on, None)
        await decide_anew(work.storing, revising, work.deciding, work.actor)


async def _resume(work: Work) -> None:
    await work.storing.change(work.id, work.actor, **returned(work.row, work.storing))


def returned(row: Row, storing: Storing) -> Row:
    """The columns of a handover that goes back to what it was before a question; its clocks go on."""
    stood_still = [one for one in row["deadlines"] if one["kind"] != QUESTION]
    return {
        "status": row["held_from"],
        "held_from": None,
        "paused_on": None,
        "offered_at": row["offered_at"],
        "deadlines": resumed(stood_still, row["paused_on"], storing.today),
    }


async def _triage(work: Work) -> None:
    await work.change(**moving.at_desk(work.storing, work.row))


async def _consent(work: Work) -> None:
    row, storing = work.row, work.storing
    decision = (await storing.receipt(row["decision_version"]))["decision"]
    newest = await storing.receipt(storing.referral.row["decision_version"])
    if not may_share_all(
        required_consents(row, decision), row["team_kind"], facts_from(newest["facts"]).consents
    ):
        raise ConsentMissing
    await work.change(status="offered", deadlines=offered_terms(row, decision, storing.today, work.own_terms))


async def _acknowledge(work: Work) -> None:
    await work.change(status="acknowledged")


async def _ask(work: Work) -> None:
    today, row = work.storing.today, work.row
    kept = [one for one in row["deadlines"] if one["kind"] != QUESTION]
    question = question_term(today, work.own_terms)
    await work.change(
        status="needs_information", held_from=row["status"], paused_on=today, deadlines=[*kept, question]
    )


async def _accept(work: Work) -> None:
    await work.change(status="accepted")


async def _start(work: Work) -> None:
    contact = work.row["first_contact_on"] or work.asked.first_contact_on
    await work.change(status="in_progress", first_contact_on=contact, expected_on=None, reason=None)


async def _hold(work: Work) -> None:
    asked, today = work.asked, work.storing.today
    assert asked.expected_on is not None
    kept = [one for one in work.row["deadlines"] if one["kind"] not in (QUESTION, EXPECTED)]
    await work.change(
        status="on_hold",
        reason=asked.reason,
        expected_on=asked.expected_on,
        deadlines=[*kept, term(EXPECTED, today, asked.expected_on)],
    )


async def _complete(work: Work) -> None:
    await work.change(status="completed", outcome=work.asked.outcome, flags=work.flags("transfer_pending"))


async def _stop(work: Work) -> None:
    await work.change(status="stopped", reason=work.asked.reason, flags=work.flags("transfer_pending"))


async def _withdraw(work: Work) -> None:
    await work.change(status="withdrawn", reason=work.asked.reason)


async def _reopen(work: Work) -> None:
    """Offered again to the same team, then decided anew for today."""
    row, storing = work.row, work.storing
    decision = (await storing.receipt(row["decision_version"]))["decision"]
    newest = await storing.receipt(storing.referral.row["decision_version"])
    consents = facts_from(newest["facts"]).consents
    shared = may_share_all(required_consents(row, decision), row["team_kind"], consents)
    status = "offered" if shared else "needs_consent"
    terms = (
        offered_terms(row, decision, storing.today, work.own_terms)
        if shared
        else terms_of(status, (), storing.today)
    )
    again = {
        "outcome": None,
        "reason": None,
        "expected_on": None,
        "acknowledged_at": None,
        "first_contact_on": None,
    }
    await work.change(status=status, deadlines=terms, **again)
    anew = Revising(lambda facts, _: facts, {}, storing.today, None, frozenset(row["problem_domains"]))
    await decide_anew(storing, anew, work.deciding, work.actor)


async def _mark_in_error(work: Work) -> None:
    """What would have taken it over falls with it."""
    row = work.row
    pending = "transfer_pending" in row["flags"]
    await work.change(
        status="entered_in_error", reason=work.asked.reason, flags=work.flags("transfer_pending")
    )
    if pending:
        await transferring.end_taker(work, "entered_in_error")


async def _reviewed(work: Work) -> None:
    await work.change(flags=work.flags("review"))


async def _reassessed(work: Work) -> None:
    await work.change(flags=work.flags("reassessment_due"))


EFFECTS: Final[Mapping[str, Callable[[Work], Awaitable[None]]]] = {
    "answer": _answer,
    "resume": _resume,
    "triage": _triage,
    "consent": _consent,
    "assign": moving.assign,
    "forward": moving.forward,
    "settle": moving.settle,
    "acknowledge": _acknowledge,
    "ask": _ask,
    "accept": _accept,
    "reject": moving.reject,
    "redirect": transferring.redirect,
    "cancel_redirect": transferring.cancel_redirect,
    "start": _start,
    "hold": _hold,
    "complete": _complete,
    "stop": _stop,
    "withdraw": _withdraw,
    "reopen": _reopen,
    "mark_in_error": _mark_in_error,
    "reviewed": _reviewed,
    "reassessed": _reassessed,
}
