"""The start page and the documentation page, with their own assets and a strict content policy."""

from importlib.metadata import version
from pathlib import Path
from string import Template
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path as PathParameter, Response

from app.deps import RulebookDep, public
from app.errors import NotFound

router = APIRouter(dependencies=[Depends(public)], include_in_schema=False)

STATIC: Final = Path(__file__).parent / "static"
_ASSETS: Final = {
    "redoc.standalone.js": "text/javascript",
    "redoc.LICENSE.txt": "text/plain",
    "docs.js": "text/javascript",
    "pages.css": "text/css",
}
_LOCKED: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_START: Final = f"{_LOCKED}; style-src 'self'; img-src data:"
# Redoc writes its styles into the page and searches in a worker that it makes itself.
_DOCS: Final = (
    f"{_LOCKED}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; worker-src blob:"
)


@router.get("/")
async def start(rulebook: RulebookDep) -> Response:
    """What this service is, and where its documentation is."""
    page = Template((STATIC / "start.html").read_text("utf-8"))
    filled = page.substitute(
        version=version("verwijsroute"),
        rulebook=rulebook.version,
        checked_until=rulebook.checked_until.isoformat(),
    )
    return Response(filled, 200, {"Content-Security-Policy": _START}, "text/html")


@router.get("/docs")
async def docs() -> Response:
    """The documentation of the API."""
    page = (STATIC / "docs.html").read_text("utf-8")
    return Response(page, 200, {"Content-Security-Policy": _DOCS}, "text/html")


@router.get("/static/{name}")
async def asset(name: Annotated[str, PathParameter()]) -> Response:
    """One of the files that the pages use."""
    if name not in _ASSETS:
        raise NotFound
    return Response((STATIC / name).read_bytes(), 200, media_type=_ASSETS[name])
