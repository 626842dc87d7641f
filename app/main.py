"""create_app(): settings, rulebook, database, routers, error pages; nothing is built at import."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from app.adapters.clock import Clock, SystemClock
from app.adapters.encryption import Keyring
from app.api import document, health, openapi
from app.api.edge import Edge
from app.api.gate import Gate
from app.api.problems import add_error_pages
from app.api.router import router
from app.config import Settings, load_settings
from app.db import open_database
from app.deps import Resources
from app.errors import CannotStart
from app.reference import open_reference
from app.routing import Rulebook, load_rulebook
from app.routing.loader import RulebookError
from app.services.rulebooks import store_rulebook
from app.web import pages


def create_app(
    settings: Settings | None = None, rulebook: Rulebook | None = None, clock: Clock | None = None
) -> FastAPI:
    """The application; its lifespan opens the database. Raises CannotStart.

    What is not given is read: the settings from the environment, the rulebook from the shipped files.
    """
    configured = settings or load_settings()
    rules = rulebook or _load_rulebook()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _open_resources(configured, rules, clock or SystemClock()) as resources:
            app.state.resources = resources
            yield

    _log_as_json()
    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.include_router(router, prefix="/v1")
    app.include_router(document.router, prefix="/v1")
    app.include_router(health.router)
    app.include_router(pages.router)
    add_error_pages(app)
    app.add_middleware(Gate, configured.body_limit_bytes, configured.body_timeout_seconds)
    app.add_middleware(Edge, openapi.VERSION)
    return app


def _load_rulebook() -> Rulebook:
    """The shipped rulebook; a broken rule file stops the start with file, rule and reason."""
    try:
        return load_rulebook()
    except RulebookError as error:
        raise CannotStart(str(error)) from None


def openapi_document() -> str:
    """The OpenAPI document as YAML, for the command that exports it."""
    return openapi.export()


@asynccontextmanager
async def _open_resources(settings: Settings, rulebook: Rulebook, clock: Clock) -> AsyncIterator[Resources]:
    """What the process holds open, with the rulebook kept by its hash for replays."""
    keyring = _keyring(settings)
    async with open_database(settings) as database:
        async with database.transaction() as connection:
            await store_rulebook(connection, rulebook, clock.now())
        yield Resources(
            settings=settings,
            database=database,
            rulebook=rulebook,
            reference=open_reference(),
            keyring=keyring,
            clock=clock,
        )


def _keyring(settings: Settings) -> Keyring:
    if settings.index_key is None:
        raise CannotStart("VERWIJSROUTE_INDEX_KEY is missing")
    return Keyring(settings.key_encryption_keys, settings.active_key_id, settings.index_key)


def _log_as_json() -> None:
    """One JSON object per line on standard output; nothing but what the caller names."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
