"""POST /v1/referrals: decides, stores and offers."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response

from app.api.bodies import Body
from app.api.naming import referral_answer
from app.api.parameters import IdempotencyKey
from app.deps import ConnectionDep, DecidingDep, NoteDep, ReferrerDep
from app.schemas.json_body import Parsed
from app.schemas.request import ReferralRequest
from app.schemas.stored import Referral
from app.schemas.submission import to_submission
from app.services import referrals

router = APIRouter(tags=["referrals"])

ReferralBody = Annotated[Parsed[ReferralRequest], Depends(Body(ReferralRequest))]
LOCATION: Final[dict[str, Any]] = {
    "Location": {
        "description": "Adres van de verwijzing.",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
STORED: Final = "De verwijzing is opgeslagen."
WAS_THERE: Final = "Dit verzoek was er al; de verwijzing zoals die nu is."


@router.post(
    "/referrals",
    status_code=201,
    summary="Verwijs",
    responses={
        201: {"model": Referral, "headers": LOCATION, "description": STORED},
        200: {"model": Referral, "headers": LOCATION, "description": WAS_THERE},
    },
)
async def submit_referral(
    client: ReferrerDep,
    body: ReferralBody,
    connection: ConnectionDep,
    deciding: DecidingDep,
    note: NoteDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Beslist, slaat de verwijzing op en biedt haar aan wie haar ontvangt.

    Hetzelfde `sourceReference` met dezelfde inhoud geeft 200 en de verwijzing zoals die nu is; met
    andere inhoud 409. Dezelfde `Idempotency-Key` met een ander verzoek geeft 422.
    """
    reference = deciding.reference
    submission = to_submission(
        body,
        reference,
        deciding.today,
        path="/v1/referrals",
        idempotency_key=idempotency_key,
        correlation_id=note.request_id,
    )
    submitted = await referrals.submit(connection, submission, client=client, deciding=deciding)
    location = {"Location": f"/v1/referrals/{submitted.referral['id']}"}
    return referral_answer(submitted.referral, reference, 201 if submitted.created else 200, location)
