"""create_app(): settings, rulebook, database, routers, error pages; nothing is built at import."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.adapters.clock import Clock
from app.adapters.log import log_as_json
from app.adapters.token_keys import TokenKeys
from app.api import declared, document, health, metrics, openapi, standing
from app.api.figures import RequestFigures
from app.api.layers import add_layers
from app.api.problems import add_error_pages
from app.api.router import router
from app.config import Settings, load_settings
from app.deps import Access
from app.resources import open_resources, shipped_rulebook, tell_database_log, tell_reference
from app.routing import Rulebook
from app.web import pages, security_txt


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
            await tell_reference(resources)
            await standing.tell_missing_keys(resources)
            await tell_database_log(resources)
            app.state.resources, app.state.figures = resources, figures
            app.state.token_keys = TokenKeys(configured.oauth_issuers)
            yield

    log_as_json()
    figures = RequestFigures()
    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.include_router(router, prefix="/v1")
    app.include_router(document.router, prefix="/v1")
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(pages.router)
    app.include_router(security_txt.router)
    add_error_pages(app)
    add_layers(app, configured, openapi.VERSION, figures)
    return app


def declared_access() -> Iterator[tuple[str, str, Access | None]]:
    """Method, path and access rule of every operation of version 1, for the page about access."""
    return declared.declarations(router)


def openapi_document() -> str:
    """The OpenAPI document as YAML, for the command that exports it."""
    return openapi.export()
