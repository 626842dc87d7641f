"""What lies around every endpoint: other websites, headers and the log, then size and time."""

from fastapi import FastAPI

from app.api.cors import Cors
from app.api.edge import Edge
from app.api.figures import RequestFigures
from app.api.gate import Gate
from app.config import Settings


def add_layers(app: FastAPI, settings: Settings, version: str, figures: RequestFigures) -> None:
    """Adds them, the innermost first. `version` is the API's."""
    app.add_middleware(
        Gate,
        header_limit_bytes=settings.header_limit_bytes,
        body_limit_bytes=settings.body_limit_bytes,
        body_timeout_seconds=settings.body_timeout_seconds,
        larger={"/v1/decisions/_batch": max(settings.batch_limit_bytes, settings.body_limit_bytes)},
    )
    app.add_middleware(Edge, version, figures)
    app.add_middleware(Cors, settings.cors_origins)
