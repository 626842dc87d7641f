"""`verwijsroute worker`: does what runs beside requests, until SIGINT or SIGTERM; or tells how that goes."""

import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from app.cli.beside import COMMAND
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
    told = [{**asdict(job), "healthy": job.healthy(now)} for job in jobs]
    if as_json:
        print(json.dumps(told, default=str, indent=2))
    else:
        print("\n".join(map(_in_words, told)) or "No worker has run yet.")
    raise typer.Exit(0 if told and all(job["healthy"] for job in told) else DONE_WITH_FAULTS)


def _in_words(job: dict[str, object]) -> str:
    state = "well" if job["healthy"] else f"{job['failures']} failures, last {job['failure'] or 'late'}"
    return f"{job['name']}  {state}  last success {job['succeeded_at'] or 'never'}  due {job['due_at']}"
