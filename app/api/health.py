"""Whether the process lives, and whether it is ready to serve, in the form of `application/health+json`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response

from app.adapters.decision_json import compact_json
from app.api.standing import Standing, standing
from app.deps import LEAVING, ResourcesDep, public
from app.services.job_states import JobState

router = APIRouter(prefix="/healthz", dependencies=[Depends(public)], include_in_schema=False)

MEDIA_TYPE: Final = "application/health+json"
# Without these no request can be answered.
NEEDED: Final = frozenset({"database", "schema"})
# Who was to be erased must not be served: a job that fails at that turns requests away (SECURITY G26).
OF_PROMISES: Final = frozenset({"retention", "repeat_erasures"})
# What a worker does within minutes was missed when nobody has done it for so long.
MISSED: Final = timedelta(days=2)

# Numbering is done twice a second; who reads the feed misses nothing by waiting, but learns of it late.
LATE_SECONDS: Final = 60

Check = tuple[str, dict[str, Any]]


@router.get("/live")
async def live() -> Response:
    """The process answers; the database is not asked."""
    return _health("pass", {})


@router.get("/ready")
async def ready(request: Request, resources: ResourcesDep) -> Response:
    """Whether requests may be sent here: not while the process stops, nor without its database and schema.

    A worker that fails, that nobody runs or that is behind is told as `warn`: requests are answered all
    the same. Not where it fails to erase what must be.
    """
    if request.scope.get("state", {}).get(LEAVING):
        return _health("fail", {"stopping": [{"status": "fail"}]})
    checks = dict(_checks(await standing(resources), resources.clock.now()))
    return _health(_worst(checks), {name: [check] for name, check in checks.items()})


def _health(status: str, checks: dict[str, Any]) -> Response:
    told = {"status": status, "checks": checks} if checks else {"status": status}
    return Response(compact_json(told), 503 if status == "fail" else 200, media_type=MEDIA_TYPE)


def _worst(checks: dict[str, dict[str, Any]]) -> str:
    needed = NEEDED | {f"worker:{name}" for name in OF_PROMISES}
    statuses = {check["status"] for name, check in checks.items() if name in needed}
    if "fail" in statuses:
        return "fail"
    return "pass" if all(check["status"] == "pass" for check in checks.values()) else "warn"


def _checks(found: Standing, now: datetime) -> Iterator[Check]:
    yield "database", {"status": "fail" if found.schema is None else "pass"}
    if found.schema is not None:
        yield "schema", {"status": {"current": "pass", "newer": "warn", "older": "fail"}[found.schema]}
    if found.jobs == ():
        yield "worker", {"status": "fail", "output": "no worker has run yet"}
    for job in found.jobs or ():
        yield f"worker:{job.name}", _check_of(job, now)
    if found.missing_keys is not None:
        yield "keys", _check_of_keys(found.missing_keys)
    if found.backlog is not None:
        waited = found.backlog.seconds(now)
        status = "warn" if waited > LATE_SECONDS else "pass"
        yield "events", {"status": status, "observedUnit": "seconds", "observedValue": round(waited)}


def _check_of(job: JobState, now: datetime) -> dict[str, Any]:
    check = {"status": "pass" if job.healthy(now) else _unhealthy(job, now), "observedUnit": "failures"}
    last = {"time": job.succeeded_at.isoformat()} if job.succeeded_at else {}
    return {**check, "observedValue": job.failures, **last}


def _check_of_keys(missing: tuple[str, ...]) -> dict[str, Any]:
    """One key that is lost turns nobody else's requests away."""
    if not missing:
        return {"status": "pass"}
    said = f"something is sealed under keys that are not in the settings: {', '.join(missing)}"
    return {"status": "fail", "output": said}


def _unhealthy(job: JobState, now: datetime) -> str:
    """A job of promises that nobody does is only late, until it was missed."""
    is_late = job.failures == 0 and job.name in OF_PROMISES and now <= job.due_at + MISSED
    return "warn" if is_late else "fail"
