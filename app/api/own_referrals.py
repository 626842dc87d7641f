"""One's own referrals: list them, read one, read its receipt."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from app.api.conditional import ETAG, conditional_answer
from app.api.naming import named_referral
from app.api.pages import NEXT, Page, page_answer
from app.api.parameters import ResourceIdPath
from app.deps import ClockDep, ConnectionDep, KeyringDep, ReferenceDep, ReferrerDep
from app.schemas.base import IsoDate
from app.schemas.stored import Receipt, Referral, ReferralList
from app.schemas.words import ReferralStatus
from app.services import referrals

router = APIRouter(tags=["referrals"])


VersionQuery = Annotated[
    int | None,
    Query(
        ge=1,
        le=2_147_483_647,
        description="Versie van het besluit, van 1 tot en met `decisionVersion`; afwezig: de nieuwste.",
    ),
]


class ReferralFilter(Page):
    """Welke verwijzingen."""

    status: ReferralStatus | None = Field(None, description="Stand.")
    created_from: IsoDate | None = Field(None, description="Vanaf deze dag in Nederland.")
    created_to: IsoDate | None = Field(None, description="Tot en met deze dag in Nederland.")


@router.get(
    "/referrals",
    summary="Toon de eigen verwijzingen",
    responses={200: {"model": ReferralList, "headers": NEXT}},
)
async def list_referrals(
    client: ReferrerDep,
    connection: ConnectionDep,
    keyring: KeyringDep,
    request: Request,
    wanted: Annotated[ReferralFilter, Query()],
) -> Response:
    """De verwijzingen van de eigen organisatie, de oudste eerst."""
    items, following = await referrals.list_referrals(
        connection,
        client,
        keyring,
        status=wanted.status,
        created_from=wanted.created_from,
        created_to=wanted.created_to,
        after=wanted.after,
        limit=wanted.limit,
    )
    return page_answer(request, wanted, items, following)


@router.get(
    "/referrals/{id}",
    summary="Toon een verwijzing",
    responses={200: {"model": Referral, "headers": ETAG}},
)
async def read_referral(
    client: ReferrerDep,
    connection: ConnectionDep,
    keyring: KeyringDep,
    reference: ReferenceDep,
    clock: ClockDep,
    request: Request,
    id: ResourceIdPath,
) -> Response:
    """Een verwijzing van de eigen organisatie, met besluit, overdrachten en adviezen."""
    found = await referrals.find_referral(connection, client, keyring, id, clock.now())
    return conditional_answer(request, named_referral(found, reference))


@router.get(
    "/referrals/{id}/receipt",
    summary="Toon het bewijs van het besluit",
    responses={200: {"model": Receipt, "headers": ETAG}},
)
async def read_receipt(
    client: ReferrerDep,
    connection: ConnectionDep,
    keyring: KeyringDep,
    request: Request,
    id: ResourceIdPath,
    version: VersionQuery = None,
) -> Response:
    """De gebruikte feiten, de peildatum en het besluit, zoals ze bij de verwijzing zijn bewaard.

    Elke versie blijft bewaard: vraag er twee op om te zien wat er veranderde. Een versie die er niet is,
    geeft 404.
    """
    return conditional_answer(request, await referrals.find_receipt(connection, client, keyring, id, version))
