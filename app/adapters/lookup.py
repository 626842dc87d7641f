"""Looks names up without ever holding up anything else: in threads of its own, and not too many."""

import asyncio
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Final

# The system's resolver cannot be stopped once it runs, for half a minute where a name server does not
# answer. In the loop's own few threads it would also hold up new connections to the database.
THREADS: Final = 64
THREADS_FOR_ONE_NAME: Final = 2

Resolve = Callable[[str, int], list[str]]


class LookupBusy(OSError):
    """Too many look-ups of this name, or in all, that have no answer yet."""


def resolve(name: str, port: int) -> list[str]:
    """All addresses of a name, as the system finds them; waits. Raises OSError."""
    # With the dot the name is whole: no search domain of this machine's network is put behind it.
    absolute = f"{name}." if "." in name and not name.replace(".", "").isdigit() else name
    found = socket.getaddrinfo(absolute, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Lookup:
    """Looks up names; who stops waiting leaves a thread behind, which counts until it ends."""

    def __init__(self, resolving: Resolve = resolve) -> None:
        self._resolving = resolving
        self._running: Counter[str] = Counter()

    async def __call__(self, name: str, port: int) -> list[str]:
        """All addresses of a name; raises OSError, also as LookupBusy."""
        if self._running[name] >= THREADS_FOR_ONE_NAME or self._running.total() >= THREADS:
            raise LookupBusy
        self._running[name] += 1
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[str]] = loop.create_future()

        def end(addresses: list[str], error: OSError | None) -> None:
            self._running -= Counter([name])
            if found.cancelled():
                return
            if error:
                found.set_exception(error)
            else:
                found.set_result(addresses)

        def look() -> None:
            addresses: list[str] = []
            error: OSError | None = None
            try:
                addresses = self._resolving(name, port)
            except (OSError, UnicodeError):
                error = OSError("not found")
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(end, addresses, error)

        # A daemon: a look-up that hangs does not keep the process from ending.
        threading.Thread(target=look, name="lookup", daemon=True).start()
        return await found
