"""POST /v1/access-reports: who looked at this person, when and why."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.api.bodies import Body
from app.api.pages import NEXT, Page, page_answer
from app.deps import ConnectionDep, KeyringDep, ReporterDep
from app.errors import InvalidInput
from app.schemas.access import AccessReport, AccessReportRequest
from app.schemas.faults import fault
from app.schemas.json_body import Parsed
from app.services.access_reports import Wanted, report_access

router = APIRouter(tags=["trust"])

ReportBody = Annotated[Parsed[AccessReportRequest], Depends(Body(AccessReportRequest))]


@router.post(
    "/access-reports",
    name="report_access",
    summary="Toon wie iemands gegevens zag",
    responses={200: {"model": AccessReport, "headers": NEXT}, 404: {}},
)
async def report(
    client: ReporterDep,
    body: ReportBody,
    connection: ConnectionDep,
    keyring: KeyringDep,
    request: Request,
    page: Annotated[Page, Query()],
) -> Response:
    """Wie de gegevens van deze persoon las of wijzigde, wanneer en waarvoor; ook dit overzicht komt erin.

    Een school vraagt naar wie zij zelf verwees, en krijgt alle verwijzingen van die persoon samen. Met de
    rol `auditor` gaat het ook over wat de eigen organisatie van een ander bekeek, en zonder iets in de
    aanvraag over alles wat de eigen organisatie bekeek. Stuur voor de volgende bladzijde hetzelfde
    verzoek naar het adres in de header `Link`.
    """
    asked = body.shape
    referral_id = UUID(asked.referral_id) if asked.referral_id else None
    wanted = Wanted(referral_id, asked.source_reference, asked.student_number)
    if wanted.ways != 1 and not (wanted.ways == 0 and "auditor" in client.roles):
        raise InvalidInput(fault("", "person.one"))
    items, following = await report_access(
        connection, client, keyring, wanted, after=page.after, limit=page.limit
    )
    return page_answer(request, page, items, following)
