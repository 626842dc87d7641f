"""Ctrl-C and SIGTERM as an event: what is under way is finished."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping() -> Iterator[asyncio.Event]:
    """Set by the first signal until the block ends; the second ends the process, as it would without this."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def leave() -> None:
        stop.set()
        let_go()

    def let_go() -> None:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)

    for number in _SIGNALS:
        loop.add_signal_handler(number, leave)
    try:
        yield stop
    finally:
        let_go()
