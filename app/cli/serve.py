"""`verwijsroute serve`: answers requests until SIGINT or SIGTERM, with a worker beside it."""

import asyncio
import gc
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Annotated

import structlog
import typer
import uvicorn
from uvicorn.importer import import_from_string

from app import db
from app.cli.beside import Beside, keep_worker, no_worker
from app.cli.demo_keys import prepare_demo
from app.config import Settings, load_settings
from app.deps import LEAVING
from app.errors import CannotStart

CONNECTIONS_WAITING = 2048
DRAIN_TICK = 0.05
# Collections cost the slowest requests most: p99 57 to 81 ms without this, 16 to 19 ms with it.
COLLECT_AFTER = (50_000, 50, 50)


def serve(
    *,
    demo: Annotated[
        bool, typer.Option(help="Development: migrate, load the demo directory and print demo keys.")
    ] = False,
    worker: Annotated[
        bool, typer.Option(help="Run a worker beside it; `verwijsroute worker` is one by itself.")
    ] = True,
) -> None:
    """Serve the API and the pages on HOST and PORT."""
    settings = load_settings()
    if demo and settings.environment != "development":
        raise CannotStart("--demo makes keys that everyone can read: it works in development alone")
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _leave)
    with _listen(settings) as listener, db.database_addresses(settings):
        # The embedded server, where there is one, keeps running from here until the last request is answered.
        if demo:
            db.migrate(settings)
        asyncio.run(_check_database(settings))
        address = address_of(settings)
        welcome = prepare_demo(settings, address) if demo else f"Verwijsroute listens on {address}"
        beside = keep_worker if worker else no_worker
        _Server(_configuration(settings), settings, welcome, beside).run([listener])


def address_of(settings: Settings) -> str:
    """Where a browser on this machine finds the service."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


class _Server(uvicorn.Server):
    """uvicorn, with a frozen heap, a worker beside it, and readiness that goes red before the port closes."""

    def __init__(self, config: uvicorn.Config, settings: Settings, welcome: str, beside: Beside) -> None:
        super().__init__(config)
        self._settings = settings
        self._welcome = welcome
        self._beside = beside
        self._leaving = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        self._worker = asyncio.create_task(self._beside(self._leaving, self._settings.shutdown_seconds))
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        if self._settings.environment == "development":
            print(self._welcome, flush=True)
        else:  # a log has one form
            structlog.get_logger().info("listening")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._leaving.set()
        self.lifespan.state[LEAVING] = True
        until = time.monotonic() + self._settings.drain_seconds
        while time.monotonic() < until and not self.force_exit:  # noqa: ASYNC110
            await asyncio.sleep(DRAIN_TICK)  # the flag is uvicorn's: a second Ctrl-C
        await super().shutdown(sockets)
        if self._worker is not None:
            await self._worker

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets)
        if not self.started:
            raise CannotStart("the application did not start; the log above says why")


def _configuration(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "app.main:create_app",
        factory=True,
        loop="uvloop",
        http=_connection(settings),
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


def _connection(settings: Settings) -> type[asyncio.Protocol]:
    # Named as a string: a door imports no other door.
    within: Callable[..., type[asyncio.Protocol]] = import_from_string("app.api.connection:connection_within")
    return within(
        settings.head_timeout_seconds, settings.body_timeout_seconds, settings.import_upload_seconds
    )


def _listen(settings: Settings) -> socket.socket:
    """Takes the port before anything else is done, so that a second start changes nothing."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        place = (settings.host, settings.port)
        return socket.create_server(place, family=family, backlog=CONNECTIONS_WAITING)
    except OSError as error:
        raise CannotStart(f"cannot listen on {address_of(settings)} (PORT, HOST): {error.strerror}") from None


async def _check_database(settings: Settings) -> None:
    """Opens the database once beforehand: inside of uvicorn a refusal would be a traceback."""
    async with db.open_database(settings):
        pass


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Unwinds the process, which stops the embedded server; uvicorn repeats the signal when it is done."""
    sys.exit(0)
