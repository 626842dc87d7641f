"""What a new decision changes in what was handed over: rows and drafts in, changes out (CONTRACT 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.routing.decision import Decision
from app.routing.facts import Consent
from app.services.handing_over import HandoverDraft
from app.services.lifecycle.table import CHANGEABLE
from app.services.sharing import is_refused

Row = Mapping[Any, Any]
Refused = frozenset[tuple[int, str | None]]  # routes by position, and the team of a receiver


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


def reconcile(
    rows: Iterable[Row], drafts: Iterable[HandoverDraft], refused: Refused, *, led: bool = False
) -> Reconciled:
    """How the stored handovers that may still change meet the drafts of a new decision.

    What people settled and what runs is not among them; one of those has `led` where none of these leads.

    `refused` is where a missing consent was refused or withdrawn: a handover that would wait for it ends,
    and so does one whose problem went there.
    """
    drafts = list(drafts)
    without = [d for d in drafts if _is_refused(d, refused)]
    dropped = {_place(d) for d in without}
    left = _led([d for d in drafts if d.status != "needs_consent" or _place(d) not in dropped], led=led)
    missing = _domains(without) - _domains(left)
    changes, unmatched = [], []
    for row in (row for row in rows if row["status"] in CHANGEABLE):
        same = [draft for draft in left if _place(draft) == _row_place(row)]
        # The same place in the same status before the same place in another.
        status = row["held_from"] or row["status"]
        found = min(same, key=lambda draft: draft.status != status, default=None)
        if found is None:
            unmatched.append(row)
        else:
            left.remove(found)
            changes.append(Change(row, found, _status(row, found)))
    endings = []
    for row in unmatched:
        adopted = next((draft for draft in left if _becomes(row, draft)), None)
        if adopted is not None:
            left.remove(adopted)
            changes.append(Change(row, adopted, adopted.status))
        else:
            wanting = _row_place(row) in dropped or not missing.isdisjoint(row["problem_domains"])
            endings.append(Ending(row, "withdrawn" if wanting else "redirected"))
    return Reconciled(tuple(changes), tuple(endings), tuple(left))


def refused_routes(decision: Decision, consents: tuple[Consent, ...]) -> Refused:
    """The routes and receivers without a consent that somebody whose word counts has refused."""
    return frozenset(
        (position, receiver.team_id)
        for position, route in enumerate(decision.routes)
        for receiver in route.receivers
        if route.consent is not None and is_refused([(route.consent.required, receiver.kind)], consents)
    )


def _is_refused(draft: HandoverDraft, refused: Refused) -> bool:
    team = draft.team and draft.team.team_id
    return draft.status == "needs_consent" and refused.issuperset((at, team) for at in draft.routes)


def _led(drafts: list[HandoverDraft], *, led: bool) -> list[HandoverDraft]:
    """The drafts with one that leads: the first, where the one that would lead ends for want of consent."""
    if led:
        return [replace(draft, lead=False) for draft in drafts]
    if not drafts or any(draft.lead for draft in drafts):
        return drafts
    return [replace(drafts[0], lead=True), *drafts[1:]]


def _becomes(row: Row, draft: HandoverDraft) -> bool:
    """Whether a handover at the desk becomes that of a team which now has one of its problems."""
    return row["team_id"] is None and not set(draft.problem_domains).isdisjoint(row["problem_domains"])


def _domains(drafts: Iterable[HandoverDraft]) -> set[str]:
    return {domain for draft in drafts for domain in draft.problem_domains}


def _place(draft: HandoverDraft) -> tuple[str | None, str | None]:
    """Where a handover lies: at a team, or at the desk in a status that waits."""
    return (draft.team.team_id, None) if draft.team else (None, draft.status)


def _row_place(row: Row) -> tuple[str | None, str | None]:
    return (row["team_id"], None) if row["team_id"] else (None, row["held_from"] or row["status"])


def _status(row: Row, draft: HandoverDraft) -> str:
    """A team that has acknowledged has done so; new facts are the answer to a team that asked."""
    if draft.status != "offered":
        return draft.status
    before: str = row["held_from"] or row["status"]
    return before if before == "acknowledged" else "offered"
