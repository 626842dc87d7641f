"""Links what a new decision redirects with who has its problems now (CONTRACT 5)."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.routing import Decision
from app.services.lifecycle.storing import Row, Storing
from app.services.lifecycle.table import OPEN
from app.services.reconciling import Ending


async def link(storing: Storing, decision: Decision, endings: Iterable[Ending], version: int) -> None:
    """A handover follows, else advice, of this version of the decision; none where another keeps it all."""
    for ending in (ending for ending in endings if ending.status == "redirected"):
        id, domains = ending.row["id"], set(ending.row["problem_domains"])
        heirs = [row for row in _open(storing.handovers, version) if domains & set(row["problem_domains"])]
        advised = [row for row in _open(storing.advice, version) if domains & _domains(decision, row)]
        if heirs:
            heir = max(heirs, key=lambda row: row["created_at"])
            await storing.change(id, succeeded_by=heir["id"])
            if heir["preceded_by"] is None:
                await storing.change(heir["id"], preceded_by=id)
        elif advised:
            await storing.change(id, succeeded_by_advice=advised[0]["id"])


def _open(rows: Mapping[UUID, Row], version: int) -> list[Row]:
    of_version = (row for row in rows.values() if row["decision_version"] == version)
    return [row for row in of_version if row["status"] == "open" or row["status"] in OPEN]


def _domains(decision: Decision, advice: Row) -> set[str]:
    return {decision.routes[position].problem_domain for position in advice["route_positions"]}
