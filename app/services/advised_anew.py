"""Stores the advice of a new decision beside what stands; what no longer holds is not needed (CONTRACT 4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.routing import Decision
from app.services.handing_over import AdviceDraft
from app.services.lifecycle.storing import Row, Storing
from app.services.lineage import followed_by
from app.services.records import advice_rows


async def store_advice(
    storing: Storing,
    advice: tuple[AdviceDraft, ...],
    decision: Decision,
    version: int,
    *,
    changed: frozenset[str],
    left: Sequence[Mapping[Any, Any]],
) -> None:
    """Advice that stands stays as it is, under the new version; what no longer holds is not needed.

    What is new follows a handover that is `left` without another.

    What a rejection gave rise to stays until the route itself has `changed`: the decision that it departs
    from is not its source.
    """
    open_now = [(id, row) for id, row in storing.advice.items() if row["status"] == "open"]
    still = {_kind(row): id for id, row in open_now if _rejected_for(storing, row) is None}
    gone = [id for id, row in open_now if changed & set(_rejected_for(storing, row) or ())]
    for row in advice_rows(advice, version, storing.now):
        standing = still.pop(_kind(row), None)
        if standing is None:
            before = followed_by(left, decision, row)
            await storing.advise({**row, "preceded_by": before})
        else:
            kept = {"route_positions": row["route_positions"], "decision_version": version}
            await storing.change_advice(standing, **kept)
    for id in (*still.values(), *gone):
        await storing.change_advice(id, status="not_needed", handled_at=storing.now)


def _rejected_for(storing: Storing, advice: Row) -> list[str] | None:
    """The problems of the rejected handover that advice follows; None where a decision gave it."""
    before = storing.handovers.get(advice["preceded_by"])
    return before["problem_domains"] if before and before["status"] == "rejected" else None


def _kind(row: Row) -> tuple[Any, ...]:
    return (row["channel"], row["kind"], row["role"])
