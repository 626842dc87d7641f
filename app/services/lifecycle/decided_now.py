"""A handover that runs, as the newest decision has it: what is handed on falls under the law of today."""

from typing import Any

from app.routing.case import SAFETY_PROVISIONS
from app.services.lifecycle.storing import Row
from app.services.lifecycle.work import Work

Plain = dict[str, Any]


async def decided_now(work: Work) -> Row:
    """The row of the step's handover with the routes that its problems have in the newest decision.

    A team keeps what it accepted (CONTRACT 5), so the two may differ. Where its problems have no route any
    more, the row as it is.
    """
    row, version = work.row, work.storing.referral.row["decision_version"]
    if row["decision_version"] == version:
        return row
    decision = (await work.storing.receipt(version))["decision"]
    positions = _positions(row, decision["routes"])
    if not positions:
        return row
    routes = [decision["routes"][position] for position in positions]
    return {
        **row,
        "decision_version": version,
        "route_positions": positions,
        "provisions": list(dict.fromkeys(route["provision"] for route in routes if route["provision"])),
        "problem_domains": list(dict.fromkeys(route["problemDomain"] for route in routes)),
        "flags": ["review"] if any(route["humanReview"] for route in routes) else [],
        **await _responsible(work, routes),
    }


def _positions(row: Row, routes: list[Plain]) -> list[int]:
    """Routes of the same problems: those of its own provisions where they are still there.

    What is reported for safety is nobody's to hand on.
    """
    own = [
        (position, route["provision"])
        for position, route in enumerate(routes)
        if route["problemDomain"] in row["problem_domains"]
    ]
    kept = [position for position, provision in own if provision in row["provisions"]]
    covered = {routes[position]["problemDomain"] for position in kept}
    new = [
        position
        for position, provision in own
        if routes[position]["problemDomain"] not in covered and provision not in SAFETY_PROVISIONS
    ]
    return sorted([*kept, *new])


async def _responsible(work: Work, routes: list[Plain]) -> Row:
    """Whose task it is now, and whose desk decides; as it was where no municipality is responsible."""
    named = ((route["responsible"] or {}).get("municipality") for route in routes)
    code = next((municipality["code"] for municipality in named if municipality), None)
    if code is None or code == work.row["responsible_municipality"]:
        return {}
    desk = await work.organisation(code, connected=True)
    return {"responsible_municipality": code, "desk_organisation_id": desk}
