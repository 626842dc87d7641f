"""POST /v1/referrals/{id}/advice/{adviceId}: what the referrer did with advice."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.api.bodies import Body
from app.api.naming import referral_answer
from app.api.parameters import AdviceIdPath, ResourceIdPath
from app.deps import ClockDep, ConnectionDep, KeyringDep, NoteDep, ReferenceDep, ReferrerDep
from app.schemas.json_body import Parsed
from app.schemas.request import AdviceRequest
from app.schemas.stored import Referral
from app.services import advising

router = APIRouter(tags=["referrals"])

AdviceBody = Annotated[Parsed[AdviceRequest], Depends(Body(AdviceRequest))]


@router.post(
    "/referrals/{id}/advice/{adviceId}",
    summary="Meld dat een advies is afgehandeld",
    responses={200: {"model": Referral}, 409: {}},
)
async def mark_advice(
    client: ReferrerDep,
    body: AdviceBody,
    connection: ConnectionDep,
    keyring: KeyringDep,
    clock: ClockDep,
    reference: ReferenceDep,
    note: NoteDep,
    id: ResourceIdPath,
    advice_id: AdviceIdPath,
) -> Response:
    """Legt vast dat het advies is opgevolgd of niet meer nodig is, met de gebeurtenis `advice.done`.

    Hetzelfde nog eens verandert niets; het andere woord vervangt het eerdere. De verwijzing is `closed`
    zodra er geen overdracht of advies meer open is.
    """
    marked = await advising.mark_advice(
        connection,
        client,
        keyring,
        id,
        advice_id,
        body.shape.action,
        correlation_id=note.request_id,
        today=clock.today(),
        now=clock.now(),
    )
    return referral_answer(marked, reference)
