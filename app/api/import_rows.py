"""What became of the rows of an import, page by page."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.pages import NEXT, RowPage, page_answer
from app.api.parameters import ResourceIdPath
from app.deps import ConnectionDep, ImporterDep, KeyringDep
from app.schemas.imports import ImportRowList
from app.schemas.words import RowOutcome
from app.services.importing.imports import find_import
from app.services.importing.results import list_rows
from app.services.importing.shown import row_resource

router = APIRouter(prefix="/imports", tags=["imports"])


class RowFilter(RowPage):
    """Welke rijen."""

    outcome: RowOutcome | None = Field(None, description="Uitkomst.")


@router.get(
    "/{id}/rows",
    summary="Toon de rijen van een import",
    responses={200: {"model": ImportRowList, "headers": NEXT}},
)
async def list_import_rows(
    client: ImporterDep,
    connection: ConnectionDep,
    keyring: KeyringDep,
    request: Request,
    wanted: Annotated[RowFilter, Query()],
    id: ResourceIdPath,
) -> Response:
    """Wat er van elke rij is geworden, in de volgorde van het bestand, voor zover de import nu is."""
    found = await find_import(connection, client.organisation_id, keyring, id)
    rows, following = await list_rows(
        connection, found, outcome=wanted.outcome, after=wanted.after, limit=wanted.limit
    )
    return page_answer(request, wanted, [row_resource(found, row) for row in rows], following)
