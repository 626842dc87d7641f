"""What a school adds to its own referral: answers and changed facts, and consents."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.api.bodies import Body
from app.api.naming import referral_answer
from app.api.parameters import ResourceIdPath
from app.deps import ConnectionDep, DecidingDep, NoteDep, ReferenceDep, ReferrerDep
from app.schemas.changes import to_consent_change, to_fact_change
from app.schemas.json_body import Parsed
from app.schemas.request import ConsentsRequest, FactsRequest
from app.schemas.stored import Referral
from app.schemas.submission import as_sent
from app.services.revising import Revising, revise

router = APIRouter(tags=["referrals"])

FactsBody = Annotated[Parsed[FactsRequest], Depends(Body(FactsRequest))]
ConsentsBody = Annotated[Parsed[ConsentsRequest], Depends(Body(ConsentsRequest))]


@router.post(
    "/referrals/{id}/facts",
    summary="Beantwoord vragen of meld wat veranderde",
    responses={200: {"model": Referral}, 409: {}},
)
async def add_facts(
    client: ReferrerDep,
    body: FactsBody,
    connection: ConnectionDep,
    reference: ReferenceDep,
    deciding: DecidingDep,
    note: NoteDep,
    id: ResourceIdPath,
) -> Response:
    """Beslist opnieuw met deze feiten; elke versie van het besluit blijft bewaard.

    Wat nu aangeboden kan worden, wordt aangeboden; wat nog niet was aangenomen en elders hoort, gaat
    daarheen. Dezelfde feiten nog eens veranderen niets.
    """
    request = body.shape
    change = to_fact_change(request, reference, deciding.today)
    revising = Revising(change, as_sent(request.student), request.reference_date, None)
    referral = await revise(connection, client, id, revising, deciding, note.request_id)
    return referral_answer(referral, deciding.reference)


@router.post(
    "/referrals/{id}/consents",
    summary="Leg toestemming, weigering of intrekking vast",
    responses={200: {"model": Referral}, 409: {}},
)
async def add_consents(
    client: ReferrerDep,
    body: ConsentsBody,
    connection: ConnectionDep,
    deciding: DecidingDep,
    note: NoteDep,
    id: ResourceIdPath,
) -> Response:
    """Biedt aan waarvoor nu toestemming is, en stopt wat die niet meer heeft en nog niet is aangenomen.

    Het laatste woord telt naar `givenOn`, niet naar wanneer het is gestuurd, en op dezelfde dag wint een
    weigering: toestemming die daarna komt draagt een latere dag.
    """
    revising = Revising(to_consent_change(body.shape, deciding.today), {}, None, "consent.changed")
    referral = await revise(connection, client, id, revising, deciding, note.request_id)
    return referral_answer(referral, deciding.reference)
