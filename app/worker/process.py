"""One worker as a process: it stops in order on SIGINT, SIGTERM, or when its parent ends."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable

from app.adapters.log import log_as_json
from app.config import load_settings
from app.errors import CannotStart
from app.resources import open_resources
from app.worker import JOBS, work

COULD_NOT_RUN = 2
UNTIL_INPUT_ENDS = "--until-input-ends"


def run(arguments: list[str]) -> None:
    """Works until it is told to stop; what keeps it from starting is one message and exit code 2."""
    log_as_json()
    try:
        asyncio.run(_run(watch_input=UNTIL_INPUT_ENDS in arguments))
    except CannotStart as error:
        print(f"verwijsroute: {error}", file=sys.stderr)
        sys.exit(COULD_NOT_RUN)
    except TimeoutError:
        sys.exit(1)


async def _run(*, watch_input: bool) -> None:
    settings = load_settings()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with open_resources(settings) as resources, asyncio.timeout(None) as bound:

        def leave() -> None:
            if not stop.is_set():
                stop.set()
                bound.reschedule(loop.time() + settings.shutdown_seconds)

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, leave)
        if watch_input:
            loop.add_reader(sys.stdin.fileno(), _when_ended, leave)
        await work(resources, JOBS, stop)


def _when_ended(leave: Callable[[], None]) -> None:
    """Nothing is ever written to the pipe: it can be read when its other end is closed."""
    if not os.read(sys.stdin.fileno(), 1):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        leave()
