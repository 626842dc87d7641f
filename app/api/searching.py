"""POST /v1/referrals/_search: one's own referrals by identifiers that belong in no address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.api.answers import answer
from app.api.bodies import Body
from app.deps import ConnectionDep, KeyringDep, ReferrerDep
from app.schemas.json_body import Parsed
from app.schemas.possible import check_one_told
from app.schemas.request import ReferralSearchRequest
from app.schemas.stored import ReferralList
from app.services.searching import search_referrals as search

router = APIRouter(tags=["referrals"])

SearchBody = Annotated[Parsed[ReferralSearchRequest], Depends(Body(ReferralSearchRequest))]


@router.post(
    "/referrals/_search",
    summary="Zoek eigen verwijzingen",
    responses={200: {"model": ReferralList}},
)
async def search_referrals(
    client: ReferrerDep, body: SearchBody, connection: ConnectionDep, keyring: KeyringDep
) -> Response:
    """Eigen verwijzingen met dit kenmerk of dit studentnummer: de nieuwste honderd, de oudste eerst.

    Vergeleken wordt wat letterlijk is gestuurd. Niets gevonden is een lege lijst.
    """
    wanted = body.shape
    check_one_told(wanted)
    found = await search(
        connection,
        client,
        keyring,
        source_reference=wanted.source_reference,
        student_number=wanted.student_number,
    )
    return answer({"items": found})
