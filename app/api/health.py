"""Whether the process lives, and whether it is ready to serve."""

from fastapi import APIRouter, Depends, Response

from app.api.answers import answer
from app.db.failures import naming_failures
from app.db.fitness import is_ready
from app.deps import ResourcesDep, public
from app.errors import Unavailable

router = APIRouter(prefix="/healthz", dependencies=[Depends(public)], include_in_schema=False)


@router.get("/live")
async def live() -> Response:
    """The process answers; the database is not asked."""
    return answer({"status": "pass"})


@router.get("/ready")
async def ready(resources: ResourcesDep) -> Response:
    """The database answers, with the schema of this release; the rulebook was loaded at the start."""
    try:
        with naming_failures():
            fit = await is_ready(resources.database.engine)
    except Unavailable:
        fit = False
    return answer({"status": "pass" if fit else "fail"}, 200 if fit else 503)
