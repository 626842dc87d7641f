"""The worker beside `serve`: a process of its own, started again when it dies, that ends with its parent."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Final

import structlog

Beside = Callable[[asyncio.Event, float], Coroutine[None, None, None]]

# -P: not whatever is called `app` in the folder where this was started.
COMMAND: Final = (sys.executable, "-P", "-m", "app.worker")
UNTIL_INPUT_ENDS: Final = "--until-input-ends"
RESTART_SECONDS: Final = 2.0

_log = structlog.get_logger()


async def keep_worker(leaving: asyncio.Event, grace_seconds: float) -> None:
    """Keeps a worker running until `leaving` is set, and then waits until it has ended.

    Its standard input is a pipe that only this process holds: where it is killed, the kernel closes the
    pipe, and the worker ends by itself.
    """
    while not leaving.is_set():
        process = await asyncio.create_subprocess_exec(*COMMAND, UNTIL_INPUT_ENDS, stdin=PIPE)
        if await _ended_before(process, leaving):
            _log.error("worker_ended", exit_code=process.returncode)
            with suppress(TimeoutError):
                await asyncio.wait_for(leaving.wait(), RESTART_SECONDS)
        else:
            await _end(process, grace_seconds)


async def no_worker(_leaving: asyncio.Event, _grace_seconds: float) -> None:
    """Somebody else runs the worker."""


async def _ended_before(process: Process, leaving: asyncio.Event) -> bool:
    """Whether the process ended by itself; False as soon as it has to end."""
    ended, left = asyncio.create_task(process.wait()), asyncio.create_task(leaving.wait())
    done, waiting = await asyncio.wait({ended, left}, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    return ended in done


async def _end(process: Process, grace_seconds: float) -> None:
    """Lets the worker finish what it is doing; kills one that takes longer than it may."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), grace_seconds + 1)
    except TimeoutError:
        process.kill()
        await process.wait()
