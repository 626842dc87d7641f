"""POST /v1/imports: takes in a file of referrals, to be worked off beside the requests."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from app.api.answers import answer
from app.api.import_answers import LOCATION, RETRY_AFTER, shown_import, told_of
from app.api.import_uploads import arriving, documented
from app.api.parameters import IdempotencyKey
from app.deps import NoteDep, ResourcesDep, UploaderDep
from app.importing.uploading import take_in
from app.schemas.imports import Import
from app.services.importing.course import NewImport

router = APIRouter(tags=["imports"])

DryRunQuery = Annotated[
    bool, Query(alias="dryRun", description="Waar: een proef, waarbij niets wordt opgeslagen.")
]
TAKEN_IN: Final = "Het bestand is binnen; de verwerking begint zodra deze organisatie aan de beurt is."


@router.post(
    "/imports",
    status_code=202,
    summary="Stuur een bestand met verwijzingen",
    responses={202: {"model": Import, "headers": LOCATION | RETRY_AFTER, "description": TAKEN_IN}},
    openapi_extra=documented(),
)
async def begin_import(
    client: UploaderDep,
    request: Request,
    resources: ResourcesDep,
    note: NoteDep,
    dry_run: DryRunQuery = False,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Neemt een bestand aan: CSV, NDJSON of XLSX, in een formulier of als inhoud van het verzoek zelf.

    Het bestand wordt versleuteld bewaard en gewist zodra de import klaar is. Elke rij is een verwijzing
    zoals bij `POST /v1/referrals`, met een eigen `sourceReference`: wat er al staat, wordt niet dubbel. Een
    fout in een rij houdt de andere niet tegen. Hetzelfde bestand met dezelfde `Idempotency-Key`, of zolang
    de import ervan loopt, geeft die import. Meer dan twintig tegelijk geeft 409.
    """
    trail = note.trail
    file = await arriving(request, resources.settings)
    asked = NewImport(
        digest=None,
        mapping=file.mapping,
        dry_run=dry_run or file.dry_run,
        acting_user=trail.acting_user if trail else None,
        trace_id=note.trace_id,
    )
    async with take_in(resources, client, asked) as upload:
        async for piece in file.pieces:
            await upload.take(piece)
        begun = await upload.end(resources, client, idempotency_key)
    told = {"Location": f"/v1/imports/{begun.id}", **told_of(begun)}
    return answer(shown_import(begun, await resources.reference_lately()), 202, told)
