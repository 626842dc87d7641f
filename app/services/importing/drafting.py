"""From a submission to a draft: decided, sealed and indexed as `submit` does, and not yet stored."""

from collections.abc import Iterable
from typing import Final, get_args

from app.adapters.decision_json import plain_decision
from app.routing.decision import Decision, Route
from app.routing.facts import Consent
from app.services.clients import Client
from app.services.deciding import Deciding
from app.services.importing.rows import Draft, Outcome, Summary, Waiting
from app.services.preparing import prepare
from app.services.records import Records, Row, Submission
from app.services.refused import ends_at_once, has_refused
from app.services.refused_advice import is_every_adviser_refused

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
    left = _left(records, consents)
    is_gone = not left and _is_gone(records, consents)
    return Draft(
        number=number,
        reference=submission.source_reference,
        outcome="needs_consent" if is_gone else _outcome(left),
        summary=Summary((), (), ()) if is_gone else _summary(prepared.decision, records, left),
        prints=prepared.prints,
        referral=records.referral,
        decision=records.decision,
        handovers=records.handovers,
        advice=records.advice,
        events=records.events,
        refused=consents if has_refused(consents) else (),
    )


def _left(records: Records, consents: tuple[Consent, ...]) -> list[Row]:
    """The handovers without those that a refusal ends as soon as they are stored: see `follow_refusal`."""
    if not has_refused(consents):
        return records.handovers
    decided = plain_decision(records.made_from)
    return [row for row in records.handovers if not ends_at_once(row, decided, consents)]


def _is_gone(records: Records, consents: tuple[Consent, ...]) -> bool:
    """Whether a refusal leaves the fact of the talk alone, of a draft without handovers."""
    if records.advice or not has_refused(consents):
        return False
    decided = plain_decision(records.made_from)
    return bool(records.handovers) or is_every_adviser_refused(decided, consents)


def _outcome(left: list[Row]) -> Outcome:
    """What it waits for first; what somebody has refused is not waited for."""
    waits = {row["status"] for row in left}
    return next((status for status in WORST_FIRST if status in waits), "stored")


def _summary(decision: Decision, records: Records, left: list[Row]) -> Summary:
    """Where it goes: what was refused goes nowhere."""
    routes = decision.routes if left is records.handovers else _routes_left(decision, records, left)
    bodies = [route.responsible.municipality for route in routes if route.responsible]
    return Summary(
        acts=_once(route.legal_framework for route in routes),
        municipalities=_once(body.code for body in bodies if body),
        teams=_once(row["team_id"] for row in left),
    )


def _routes_left(decision: Decision, records: Records, left: list[Row]) -> list[Route]:
    """The routes of what is left, and those that nobody hands over."""
    kept = {position for row in left for position in row["route_positions"]}
    ended = {position for row in records.handovers for position in row["route_positions"]} - kept
    return [route for position, route in enumerate(decision.routes) if position not in ended]


def _once(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
