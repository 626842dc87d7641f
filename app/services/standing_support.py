"""What a new decision asks of support that stands: to look again, and to follow the consent of today."""

from app.routing import Decision as Decided, Directory
from app.routing.facts import Consent
from app.services.lifecycle.own_routes import asked_consents, offered_terms, required_consents
from app.services.lifecycle.reassessment import reassess_on
from app.services.lifecycle.storing import Row, Storing
from app.services.lifecycle.table import CHANGEABLE, OPEN, RUNNING
from app.services.refused_advice import end_refused_advice
from app.services.settled import Settled
from app.services.sharing import is_refused, may_share_all

_DUE = "reassessment_due"


async def ask_to_look_again(storing: Storing, stands: Settled, *, told: bool) -> None:
    """Running support whose routes have changed is asked to look again.

    What was asked before is withdrawn where somebody `told` facts since (CONTRACT 5), not by a clock.
    """
    for id, row in list(storing.handovers.items()):
        flags = [flag for flag in row["flags"] if flag != _DUE or id in stands.due or not told]
        if id in stands.due and _DUE not in flags:
            flags.append(_DUE)
        if flags != row["flags"]:
            await storing.change(id, flags=flags)


async def ask_to_prepare(storing: Storing, domains: frozenset[str]) -> None:
    """Running support for problems that soon change is asked to look again, where it was not yet."""
    for id, row in list(storing.handovers.items()):
        concerned = row["status"] in RUNNING and not domains.isdisjoint(row["problem_domains"])
        if concerned and "reassessment_due" not in row["flags"]:
            await storing.change(id, flags=[*row["flags"], "reassessment_due"])


async def look_again_on(storing: Storing, decision: Decided) -> None:
    """Whatever is open is looked at again on the day that follows from the decision."""
    day = reassess_on(decision, storing.today)
    for id, row in list(storing.handovers.items()):
        if row["status"] in OPEN:
            await storing.change(id, reassess_on=day)


async def follow_consent(
    storing: Storing, stands: Settled, consents: tuple[Consent, ...], directory: Directory
) -> None:
    """What runs, what a person placed and what was advised follow the consent of today."""
    await end_refused_advice(storing, consents)
    for id, row in list(storing.handovers.items()):
        if row["status"] in RUNNING or (id in stands.kept and row["team_kind"]):
            await _follow_consent(storing, row, consents, directory)


async def _follow_consent(
    storing: Storing, row: Row, consents: tuple[Consent, ...], directory: Directory
) -> None:
    decision = (await storing.receipt(row["decision_version"]))["decision"]
    required = required_consents(row, decision)
    if may_share_all(required, row["team_kind"], consents):
        if row["status"] == "needs_consent":
            terms = offered_terms(row, decision, storing.today, directory.terms_of(row["team_id"]))
            await storing.change(row["id"], status="offered", deadlines=terms)
    elif is_refused(asked_consents(row, decision), consents):
        ended = "withdrawn" if row["status"] in CHANGEABLE else "stopped"
        flags = [flag for flag in row["flags"] if flag != "transfer_pending"]
        await storing.change(row["id"], status=ended, reason="consent_withdrawn", flags=flags)
