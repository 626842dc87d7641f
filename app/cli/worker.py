"""`verwijsroute worker`: does what runs beside requests, until SIGINT or SIGTERM; or tells how that goes."""

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from app.cli.aligned import aligned
from app.cli.beside import COMMAND
from app.cli.counts import counted
from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.resources import Resources
from app.services.job_states import JobState, job_states


def worker(
    *,
    status: Annotated[
        bool, typer.Option(help="Print how the jobs go and exit; with 1 where one fails or is late.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --status: print JSON.")] = False,
) -> None:
    """Do what runs beside requests; any number of workers may run at once."""
    if not status:
        # The worker is a program of its own: this process becomes it, and signals reach it.
        sys.stdout.flush()
        os.execv(COMMAND[0], COMMAND)  # noqa: S606  our own interpreter

    async def read(resources: Resources) -> tuple[list[JobState], datetime]:
        async with resources.database.transaction() as connection:
            return await job_states(connection), resources.clock.now()

    jobs, now = with_resources(read)
    if as_json:
        told = [{**asdict(job), "healthy": job.healthy(now)} for job in jobs]
        print(json.dumps(told, default=str, indent=2))
    else:
        print(aligned([_row(job, now) for job in jobs]) or "No worker has run yet.")
    raise typer.Exit(0 if jobs and all(job.healthy(now) for job in jobs) else DONE_WITH_FAULTS)


def _row(job: JobState, now: datetime) -> tuple[str, ...]:
    failed = f"{counted(job.failures, 'failure')}, last {job.failure or 'late'}"
    succeeded = job.succeeded_at.isoformat(" ", "seconds") if job.succeeded_at else "never"
    return (
        job.name,
        "well" if job.healthy(now) else failed,
        f"last success {succeeded}",
        f"due {job.due_at.isoformat(' ', 'seconds')}",
    )
