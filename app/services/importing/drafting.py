"""From a submission to a draft: decided, sealed and indexed as `submit` does, and not yet stored."""

from collections.abc import Iterable
from typing import Final, get_args

from app.adapters.decision_json import plain_decision
from app.routing.decision import Decision
from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.importing.rows import Draft, Outcome, Summary, Waiting
from app.services.lifecycle.own_routes import required_consents
from app.services.preparing import prepare
from app.services.records import Records, Submission
from app.services.refused import has_refused
from app.services.sharing import is_refused

# The worst first: what waits for it cannot go on whatever else is there.
WORST_FIRST: Final[tuple[Waiting, ...]] = get_args(Waiting)


def draft(number: int, submission: Submission, client: Client, deciding: Deciding) -> Draft:
    """What is stored of the row with this number; its submission has a source reference.

    Raises ValueError where it has none: nothing would tell a repetition.
    """
    if submission.source_reference is None:
        raise ValueError("a row of an import has a source reference")
    prepared, consents = prepare(submission, client, deciding), submission.facts.consents
    records = prepared.records
    return Draft(
        number=number,
        reference=submission.source_reference,
        outcome=_outcome(records, submission),
        summary=_summary(prepared.decision, records),
        prints=prepared.prints,
        referral=records.referral,
        decision=records.decision,
        handovers=records.handovers,
        advice=records.advice,
        events=records.events,
        refused=consents if has_refused(consents) else (),
    )


def _outcome(records: Records, submission: Submission) -> Outcome:
    """What it waits for first; what somebody has refused is not waited for."""
    consents = submission.facts.consents
    waits = {row["status"] for row in records.handovers}
    if "needs_consent" in waits and has_refused(consents):
        asking = [row for row in records.handovers if row["status"] == "needs_consent"]
        decided = plain_decision(records.made_from)
        if all(is_refused(required_consents(row, decided), consents) for row in asking):
            waits.remove("needs_consent")
    return next((status for status in WORST_FIRST if status in waits), "stored")


def _summary(decision: Decision, records: Records) -> Summary:
    bodies = [route.responsible.municipality for route in decision.routes if route.responsible]
    return Summary(
        acts=_once(route.legal_framework for route in decision.routes),
        municipalities=_once(body.code for body in bodies if body),
        teams=_once(row["team_id"] for row in records.handovers),
    )


def _once(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
