"""What a new decision changes in what was handed over: rows and drafts in, changes out (CONTRACT 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.routing.decision import Decision
from app.routing.facts import Consent, ConsentGiver
from app.services.handing_over import HandoverDraft
from app.services.sharing import GIVERS

Row = Mapping[Any, Any]

# A new decision may still change these; a team that has accepted keeps what it accepted.
CHANGEABLE: Final = ("offered", "needs_information", "needs_consent", "needs_triage", "acknowledged")


@dataclass(frozen=True, slots=True)
class Change:
    """A stored handover that goes on under the new decision as `draft` says, with this status."""

    row: Row
    draft: HandoverDraft
    status: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A stored handover that ends: `withdrawn` for want of consent, else `redirected`."""

    row: Row
    status: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What goes on, what ends and what is new."""

    changes: tuple[Change, ...]
    endings: tuple[Ending, ...]
    new: tuple[HandoverDraft, ...]


def reconcile(rows: Iterable[Row], drafts: Iterable[HandoverDraft], refused: frozenset[int]) -> Reconciled:
    """How the stored handovers that may still change meet the drafts of a new decision.

    `refused` are the positions of routes whose missing consent was refused or withdrawn: a handover
    that would wait for it ends. A handover at the desk whose question is answered becomes the team's.
    """
    dropped = {_place(d) for d in drafts if d.status == "needs_consent" and refused.issuperset(d.routes)}
    left = _led([d for d in drafts if d.status != "needs_consent" or _place(d) not in dropped])
    changes, unmatched = [], []
    for row in (row for row in rows if row["status"] in CHANGEABLE):
        same = [draft for draft in left if _place(draft) == _row_place(row)]
        # The same place in the same status before the same place in another.
        found = min(same, key=lambda draft: draft.status != row["status"], default=None)
        if found is None:
            unmatched.append(row)
        else:
            left.remove(found)
            changes.append(Change(row, found, _status(row, found)))
    endings = []
    for row in unmatched:
        if row["team_id"] is None and left:
            adopted = left.pop(0)
            changes.append(Change(row, adopted, adopted.status))
        else:
            endings.append(Ending(row, "withdrawn" if _row_place(row) in dropped else "redirected"))
    return Reconciled(tuple(changes), tuple(endings), tuple(left))


def refused_routes(decision: Decision, consents: tuple[Consent, ...]) -> frozenset[int]:
    """The positions of routes without a consent that somebody whose word counts has refused."""
    return frozenset(
        position
        for position, route in enumerate(decision.routes)
        if route.consent is not None and any(_refuses(consents, g) for g in GIVERS[route.consent.required])
    )


def _refuses(consents: tuple[Consent, ...], giver: ConsentGiver) -> bool:
    words = [c for c in consents if c.given_by == giver and c.purpose == "referral"]
    return bool(words) and max(words, key=lambda c: (c.given_on, c.refused)).refused


def _led(drafts: list[HandoverDraft]) -> list[HandoverDraft]:
    """The drafts with one that leads: the first, where the one that would lead ends for want of consent."""
    if not drafts or any(draft.lead for draft in drafts):
        return drafts
    return [replace(drafts[0], lead=True), *drafts[1:]]


def _place(draft: HandoverDraft) -> tuple[str | None, str | None]:
    """Where a handover lies: at a team, or at the desk in a status that waits."""
    return (draft.team.team_id, None) if draft.team else (None, draft.status)


def _row_place(row: Row) -> tuple[str | None, str | None]:
    return (row["team_id"], None) if row["team_id"] else (None, row["status"])


def _status(row: Row, draft: HandoverDraft) -> str:
    """A team that has acknowledged has done so: a draft that would offer again changes nothing there."""
    return "acknowledged" if (row["status"], draft.status) == ("acknowledged", "offered") else draft.status
