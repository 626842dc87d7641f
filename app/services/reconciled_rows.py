"""Writes what a new decision changes in the handovers of a referral."""

from typing import Final
from uuid import UUID

from app.services.lifecycle.clocks import QUESTION, resumed
from app.services.lifecycle.organisations import organisations_by_code
from app.services.lifecycle.storing import Row, Storing
from app.services.reconciling import Change, Reconciled
from app.services.records import drafted_columns

# Flags that a new decision sets anew, or that end with the one before it.
_DECIDED_ANEW: Final = ("review", "reassessment_due", "disputed")


async def store_handovers(storing: Storing, reconciled: Reconciled, version: int) -> None:
    """Changes what goes on, makes what is new, and ends the rest, under a version of the decision."""
    drafts = [*reconciled.new, *(change.draft for change in reconciled.changes)]
    codes = [code for draft in drafts for code in (draft.receiver, draft.desk)]
    organisations = await organisations_by_code(storing.connection, codes)
    for change in reconciled.changes:
        columns = _changed_columns(storing, change) | {"decision_version": version}
        await storing.change(change.row["id"], **_resolved(columns, organisations))
    for draft in reconciled.new:
        columns = drafted_columns(draft, storing.now) | {"decision_version": version}
        await storing.create({"status": draft.status, **_resolved(columns, organisations)})
    for ending in reconciled.endings:
        reason = "consent_withdrawn" if ending.status == "withdrawn" else None
        await storing.change(ending.row["id"], status=ending.status, reason=reason)


def _changed_columns(storing: Storing, change: Change) -> Row:
    """What changes of a handover that goes on; one that is not offered anew keeps its clocks."""
    row, columns = change.row, {**drafted_columns(change.draft, storing.now), "status": change.status}
    columns |= {"held_from": None, "paused_on": None, "placed": False, "denied_by": []}
    flags = [flag for flag in row["flags"] if flag not in _DECIDED_ANEW]
    columns["flags"] = list(dict.fromkeys((*flags, *columns["flags"])))
    if change.status == (row["held_from"] or row["status"]):
        kept = [one for one in row["deadlines"] if not (row["held_from"] and one["kind"] == QUESTION)]
        columns["deadlines"] = resumed(kept, row["paused_on"], storing.today)
        columns["offered_at"] = row["offered_at"]
    return columns


def _resolved(columns: Row, organisations: dict[str | None, UUID]) -> Row:
    """The columns with organisations by id in the stead of their codes."""
    left = {name: value for name, value in columns.items() if name not in ("receiver", "desk")}
    return left | {
        "receiver_organisation_id": organisations.get(columns["receiver"]),
        "desk_organisation_id": organisations.get(columns["desk"]),
    }
