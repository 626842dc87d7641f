"""Links what a new decision redirects with who has its problems now (CONTRACT 5)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.routing import Decision
from app.services.lifecycle.storing import Storing
from app.services.lifecycle.table import OPEN, Row
from app.services.reconciling import Ending


async def link_handovers(storing: Storing, endings: Iterable[Ending], version: int) -> list[Row]:
    """A handover of this version of the decision follows; returns those that none follows."""
    left = []
    for row in (ending.row for ending in endings if ending.status == "redirected"):
        heirs = [heir for heir in _open(storing.handovers, version) if _domains(row) & _domains(heir)]
        if not heirs:
            left.append(row)
            continue
        heir = max(heirs, key=lambda heir: heir["created_at"])
        await storing.change(row["id"], succeeded_by=heir["id"])
        if heir["preceded_by"] is None:
            await storing.change(heir["id"], preceded_by=row["id"])
    return left


def followed_by(left: Iterable[Row], decision: Decision, advice: Row) -> UUID | None:
    """The first of the handovers that `advice` follows; what it follows is known when it is given."""
    advised = _advised(decision, advice)
    return next((row["id"] for row in left if advised & _domains(row)), None)


async def link_advice(storing: Storing, left: Iterable[Row], decision: Decision, version: int) -> None:
    """Advice of this version of the decision follows what no handover does: its own before another's."""
    for row in left:
        given = [one for one in _open(storing.advice, version) if _advised(decision, one) & _domains(row)]
        if given:
            advice = min(given, key=lambda one: one["preceded_by"] != row["id"])
            await storing.change(row["id"], succeeded_by_advice=advice["id"])


def _open(rows: Mapping[UUID, Row], version: int) -> list[Row]:
    of_version = (row for row in rows.values() if row["decision_version"] == version)
    return [row for row in of_version if row["status"] == "open" or row["status"] in OPEN]


def _domains(row: Row) -> set[str]:
    return set(row["problem_domains"])


def _advised(decision: Decision, advice: Row) -> set[str]:
    return {decision.routes[position].problem_domain for position in advice["route_positions"]}
