"""One's own imports: list them, see how one goes, stop one."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.answers import answer
from app.api.conditional import ETAG, conditional_answer
from app.api.import_answers import RETRY_AFTER, shown_import, told_of
from app.api.pages import NEXT, Page, page_answer
from app.api.parameters import ResourceIdPath
from app.deps import ClockDep, ConnectionDep, ImporterDep, KeyringDep, ReferenceDep
from app.errors import ImportEnded
from app.schemas.imports import Import, ImportList
from app.schemas.words import ImportStatus
from app.services.importing import course, imports

router = APIRouter(prefix="/imports", tags=["imports"])

STOPPED: Final = "De import is gestopt; wat al was opgeslagen blijft."


class ImportFilter(Page):
    """Welke imports."""

    status: ImportStatus | None = Field(None, description="Stand.")


@router.get("", summary="Toon de eigen imports", responses={200: {"model": ImportList, "headers": NEXT}})
async def list_imports(
    client: ImporterDep,
    connection: ConnectionDep,
    keyring: KeyringDep,
    reference: ReferenceDep,
    request: Request,
    wanted: Annotated[ImportFilter, Query()],
) -> Response:
    """De imports van de eigen organisatie, de oudste eerst; dertig dagen na hun einde zijn zij weg."""
    found, following = await imports.list_imports(
        connection,
        client.organisation_id,
        keyring,
        status=wanted.status,
        after=wanted.after,
        limit=wanted.limit,
    )
    items = [shown_import(one, reference) for one in found]
    return page_answer(request, wanted, items, following)


@router.get(
    "/{id}",
    summary="Toon een import",
    responses={200: {"model": Import, "headers": ETAG | RETRY_AFTER}},
)
async def read_import(
    client: ImporterDep,
    connection: ConnectionDep,
    keyring: KeyringDep,
    reference: ReferenceDep,
    request: Request,
    id: ResourceIdPath,
) -> Response:
    """Hoe ver een import is, met aantallen per uitkomst, per wet, per gemeente en per team."""
    found = await imports.find_import(connection, client.organisation_id, keyring, id)
    return conditional_answer(request, shown_import(found, reference), told_of(found))


@router.delete(
    "/{id}",
    summary="Stop een import",
    responses={200: {"model": Import, "description": STOPPED}, 409: {}},
)
async def cancel_import(
    client: ImporterDep,
    connection: ConnectionDep,
    keyring: KeyringDep,
    reference: ReferenceDep,
    clock: ClockDep,
    id: ResourceIdPath,
) -> Response:
    """Stopt een import die wacht of loopt. Wat al is opgeslagen blijft, en haar rijen blijven op te vragen.

    Is zij al klaar, dan 409; is zij al gestopt, dan blijft dat zo.
    """
    found = await course.cancel_import(connection, client.organisation_id, keyring, id, clock.now())
    if found.status in ("succeeded", "failed"):
        raise ImportEnded
    return answer(shown_import(found, reference))
