"""GET /v1/statistics: an organisation's own figures, none of them small enough to point at somebody."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import answer
from app.deps import ConnectionDep, StatisticsDep, TodayDep
from app.schemas.base import IsoDate
from app.schemas.statistics import Statistics
from app.services.quarters import Quarter, last_settled, quarter_of, quarters
from app.services.statistics import find_statistics

router = APIRouter(tags=["statistics"])

MOST_QUARTERS: Final = 20


class StatisticsFilter(BaseModel):
    """Over welke tijd."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: IsoDate | None = Field(
        None, alias="from", description="Een dag in het eerste kwartaal; standaard een jaar in totaal."
    )
    to: IsoDate | None = Field(
        None, description="Een dag in het laatste kwartaal; standaard het laatste dat vaststaat."
    )


@router.get("/statistics", summary="Toon cijfers per kwartaal", responses={200: {"model": Statistics}})
async def read_statistics(
    client: StatisticsDep,
    connection: ConnectionDep,
    today: TodayDep,
    wanted: Annotated[StatisticsFilter, Query()],
) -> Response:
    """Overdrachten per wet, probleemgebied, variant en uitkomst, en doorlooptijden per gemeente en team.

    Van een school over de eigen verwijzingen, van een gemeente over wat zij ontvangt of waarvoor zij
    verantwoordelijk is, van de beheerder over alles. Altijd hele kwartalen die vaststaan, hoogstens
    twintig. Een aantal onder de vijf blijft weg, ook als het uit andere aantallen zou volgen.
    """
    settled = last_settled(today)
    first, last = _asked(wanted, settled)
    figures = await find_statistics(connection, client, first, last)
    return answer({"settledUntil": settled.last.isoformat(), "quarters": figures})


def _asked(wanted: StatisticsFilter, settled: Quarter) -> tuple[Quarter, Quarter]:
    """The first and last quarter that are asked for and settled; a fault where they cannot be."""
    last = quarter_of(wanted.to) if wanted.to else settled
    first = quarter_of(wanted.from_) if wanted.from_ else _year_until(last)
    if wanted.from_ and wanted.to and wanted.to < wanted.from_:
        raise RequestValidationError([{"type": "date.before_start", "loc": ("query", "to")}])
    last = min(last, settled)
    if len(list(quarters(first, last))) > MOST_QUARTERS:
        raise RequestValidationError([{"type": "date.out_of_range", "loc": ("query", "from")}])
    return first, last


def _year_until(last: Quarter) -> Quarter:
    """The first of the four quarters that end with this one."""
    return quarter_of(date(last.first.year - 1, last.first.month, 1)).following
