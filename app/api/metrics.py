"""`/metrics`: the figures of this process and the state of the service, for Prometheus."""

from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy.pool import QueuePool

from app.api.figures import RequestFigures, State
from app.api.standing import standing
from app.deps import ResourcesDep, public
from app.resources import Resources

router = APIRouter(dependencies=[Depends(public)], include_in_schema=False)

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics")
async def metrics(request: Request, resources: ResourcesDep) -> Response:
    """No personal data: counts, durations and states; a proxy keeps it from the outside all the same."""
    figures = request.app.state.figures
    assert isinstance(figures, RequestFigures)
    return Response(figures.text(await _state(resources)), media_type=MEDIA_TYPE)


async def _state(resources: Resources) -> State:
    pool = resources.database.engine.pool
    assert isinstance(pool, QueuePool)
    held = pool.checkedout()  # before this request takes one itself
    return State(
        now=resources.clock.now(),
        rulebook_days_left=(resources.rulebook.checked_until - resources.clock.today()).days,
        pool_size=pool.size(),
        pool_in_use=held,
        standing=await standing(resources),
    )
