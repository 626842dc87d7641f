"""Looks names up without ever holding up anything else: in threads of its own, one for each name."""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

# The system's resolver cannot be stopped once it runs, for half a minute where a name server does not
# answer. In the loop's own few threads it would also hold up new connections to the database.
THREADS: Final = 64

Resolve = Callable[[str, int], list[str]]


class LookupBusy(OSError):
    """Too many look-ups that have no answer yet."""


def resolve(name: str, port: int) -> list[str]:
    """All addresses of a name, as the system finds them; waits. Raises OSError."""
    # With the dot the name is whole: no search domain of this machine's network is put behind it.
    absolute = f"{name}." if "." in name and not name.replace(".", "").isdigit() else name
    found = socket.getaddrinfo(absolute, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Lookup:
    """Looks up names. Who asks for one that is being looked up waits for the same answer.

    Who stops waiting leaves the thread behind; it counts until it ends.
    """

    def __init__(self, resolving: Resolve = resolve) -> None:
        self._resolving = resolving
        self._running: dict[tuple[str, int], asyncio.Future[list[str] | None]] = {}

    async def __call__(self, name: str, port: int) -> list[str]:
        """All addresses of a name; raises OSError where there are none, LookupBusy among them."""
        key = (name, port)
        if key not in self._running:
            if len(self._running) >= THREADS:
                raise LookupBusy
            self._running[key] = self._start(key)
        found = await asyncio.shield(self._running[key])
        if found is None:
            raise OSError("not found")
        return found

    def _start(self, key: tuple[str, int]) -> asyncio.Future[list[str] | None]:
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[str] | None] = loop.create_future()

        def end(addresses: list[str] | None) -> None:
            del self._running[key]
            found.set_result(addresses)

        def look() -> None:
            addresses = None
            with suppress(OSError, UnicodeError):
                addresses = self._resolving(*key)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(end, addresses)

        # A daemon: a look-up that hangs does not keep the process from ending.
        threading.Thread(target=look, name="lookup", daemon=True).start()
        return found
