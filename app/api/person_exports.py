"""POST /v1/person-exports: all that an organisation has of one person, as JSON or for a spreadsheet."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.adapters.spreadsheet import write_spreadsheet
from app.api.accept import CSV, wants_csv
from app.api.answers import answer
from app.api.bodies import Body
from app.deps import ClockDep, ConnectionDep, KeyringDep, ReferrerDep
from app.schemas.json_body import Parsed
from app.schemas.person_exports import PersonExport, PersonExportRequest, check_person_named
from app.services import person_export
from app.services.person_export_table import export_rows

router = APIRouter(tags=["trust"])

ExportBody = Annotated[Parsed[PersonExportRequest], Depends(Body(PersonExportRequest))]
_CSV_TYPE: Final = f"{CSV}; charset=utf-8"
_MEANING: Final = "Een rij per gegeven, gescheiden door puntkomma's, in UTF-8."
_TABLE: Final[dict[str, Any]] = {CSV: {"schema": {"type": "string", "description": _MEANING}}}
_AS_FILE: Final = {"Content-Disposition": 'attachment; filename="person-export.csv"'}


@router.post(
    "/person-exports",
    summary="Geef alles over een student",
    responses={200: {"model": PersonExport, "content": _TABLE}, 404: {}},
)
async def export_person(
    client: ReferrerDep,
    body: ExportBody,
    connection: ConnectionDep,
    keyring: KeyringDep,
    clock: ClockDep,
    request: Request,
) -> Response:
    """Alles wat de eigen organisatie over een student heeft, voor inzage en overdracht (AVG 15 en 20).

    Alle verwijzingen van die student: die met hetzelfde studentnummer, en die zonder met dezelfde naam en
    geboortedatum, tenzij twee studenten zo heten. Met `Accept: text/csv` een tabel waarin geen cel een
    formule is: voor tekst die er een zou zijn staat een apostrof.
    """
    wanted = body.shape
    check_person_named(wanted)
    export = await person_export.export_person(
        connection,
        client,
        keyring,
        clock.now(),
        referral_id=UUID(wanted.referral_id) if wanted.referral_id else None,
        source_reference=wanted.source_reference,
        student_number=wanted.student_number,
    )
    if not wants_csv(request.headers.getlist("accept")):
        return answer(export)
    return Response(write_spreadsheet(export_rows(export)), headers=_AS_FILE, media_type=_CSV_TYPE)
