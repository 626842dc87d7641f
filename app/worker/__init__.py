"""What runs beside requests; `JOBS` is all of it, one small file each."""

from app.worker import (
    chain_access_log,
    clocks,
    delivery_status,
    erasures,
    expired_keys,
    idempotency_keys,
    imports,
    number_events,
    retention,
    send_deliveries,
)
from app.worker.job import Job
from app.worker.loop import work

JOBS: tuple[Job, ...] = (
    idempotency_keys.JOB,
    expired_keys.JOB,
    number_events.JOB,
    chain_access_log.JOB,
    send_deliveries.JOB,
    imports.JOB,
    delivery_status.JOB,
    clocks.JOB,
    erasures.JOB,
    retention.JOB,
)

__all__ = ["JOBS", "Job", "work"]
