"""create_app(): settings, rulebook, database, routers, error pages; nothing is built at import."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI

from app.adapters.clock import Clock
from app.api import document, health, openapi
from app.api.cors import Cors
from app.api.edge import Edge
from app.api.gate import Gate
from app.api.problems import add_error_pages
from app.api.router import router
from app.config import Settings, load_settings
from app.resources import open_resources, shipped_rulebook
from app.routing import Rulebook
from app.web import pages


def create_app(
    settings: Settings | None = None, rulebook: Rulebook | None = None, clock: Clock | None = None
) -> FastAPI:
    """The application; its lifespan opens the database. Raises CannotStart.

    What is not given is read: the settings from the environment, the rulebook from the shipped files.
    """
    configured = settings or load_settings()
    rules = rulebook or shipped_rulebook()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_resources(configured, rules, clock) as resources:
            app.state.resources = resources
            yield

    _log_as_json()
    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.include_router(router, prefix="/v1")
    app.include_router(document.router, prefix="/v1")
    app.include_router(health.router)
    app.include_router(pages.router)
    add_error_pages(app)
    app.add_middleware(
        Gate,
        header_limit_bytes=configured.header_limit_bytes,
        body_limit_bytes=configured.body_limit_bytes,
        body_timeout_seconds=configured.body_timeout_seconds,
    )
    app.add_middleware(Edge, openapi.VERSION)
    app.add_middleware(Cors, configured.cors_origins)
    return app


def openapi_document() -> str:
    """The OpenAPI document as YAML, for the command that exports it."""
    return openapi.export()


def _log_as_json() -> None:
    """One JSON object per line on standard output; nothing but what the caller names."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
