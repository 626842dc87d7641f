"""How the jobs of the worker went: written by workers, read for readiness, metrics and people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import WorkerJob

# How long after its moment a job may still begin before its worker counts as gone.
LATE: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class JobState:
    """How one job went. `failures` since it last went well; `failure` is the kind of the last one."""

    name: str
    succeeded_at: datetime | None
    failed_at: datetime | None
    failures: int
    failure: str | None
    due_at: datetime

    def healthy(self, now: datetime) -> bool:
        """Whether it went well the last time, and some worker still does it."""
        return self.failures == 0 and now <= self.due_at + LATE


async def job_states(connection: AsyncConnection) -> list[JobState]:
    """All jobs that a worker ever did, by name; none while no worker has run."""
    columns = (getattr(WorkerJob, name) for name in JobState.__slots__)
    rows = await connection.execute(select(*columns).order_by(WorkerJob.name))
    return [JobState(**row) for row in rows.mappings()]


async def note_success(connection: AsyncConnection, name: str, *, now: datetime, due_at: datetime) -> None:
    """The job went well, and begins again at `due_at`."""
    values = {"succeeded_at": now, "failures": 0, "failure": None, "due_at": due_at}
    statement = insert(WorkerJob).values(name=name, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


async def note_failure(
    connection: AsyncConnection, name: str, *, kind: str, now: datetime, due_at: datetime
) -> None:
    """The job failed with an error of this class, and is tried again at `due_at`."""
    values = {"failed_at": now, "failures": 1, "failure": kind, "due_at": due_at}
    statement = insert(WorkerJob).values(name=name, **values)
    again = {**values, "failures": WorkerJob.failures + 1}
    await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=again))


async def keep_states_of(connection: AsyncConnection, names: Iterable[str]) -> None:
    """Forgets jobs that this release does not have: nobody would do them, and they would count as late."""
    await connection.execute(delete(WorkerJob).where(WorkerJob.name.not_in(list(names))))
