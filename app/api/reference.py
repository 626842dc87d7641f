"""Open data: municipalities and postcodes of the shipped reference."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from app.api.conditional import ETAG, OPEN, conditional_answer
from app.deps import ReferenceDep, public
from app.errors import NotFound
from app.reference import MunicipalityListing
from app.routing.plain import to_plain
from app.schemas.reference import MunicipalityItem, MunicipalityList, PostcodeItem

router = APIRouter(tags=["reference"], dependencies=[Depends(public)])

MunicipalityPath = Annotated[
    str, Path(description="Gemeentecode van nu of vroeger, vier cijfers.", examples=["0193"])
]
PostcodePath = Annotated[str, Path(description="De vier cijfers van een postcode.", examples=["8261"])]


def _item(listing: MunicipalityListing) -> dict[str, Any]:
    item: dict[str, Any] = to_plain(listing)
    return item


@router.get(
    "/municipalities",
    summary="Toon alle gemeenten",
    responses={200: {"model": MunicipalityList, "headers": ETAG}},
)
async def list_municipalities(request: Request, reference: ReferenceDep) -> Response:
    """Alle gemeenten van nu met hun regio's, op code."""
    items = [_item(listing) for listing in reference.listings.values()]
    return conditional_answer(request, {"items": items}, OPEN)


@router.get(
    "/municipalities/{code}",
    summary="Toon een gemeente",
    responses={200: {"model": MunicipalityItem, "headers": ETAG}},
)
async def read_municipality(request: Request, reference: ReferenceDep, code: MunicipalityPath) -> Response:
    """Een gemeente; een code van een opgeheven gemeente geeft die van nu waarin zij opging."""
    found = reference.resolve(code).code if code.isalnum() else None
    if found is None:
        raise NotFound
    return conditional_answer(request, _item(reference.listings[found]), OPEN)


@router.get(
    "/postcodes/{pc4}",
    summary="Toon de gemeenten van een postcode",
    responses={200: {"model": PostcodeItem, "headers": ETAG}},
)
async def read_postcode(request: Request, reference: ReferenceDep, pc4: PostcodePath) -> Response:
    """De gemeenten die een postcodegebied raken, de grootste eerst. Alleen een enkele is zeker."""
    found = reference.postcodes.get(pc4)
    if found is None:
        raise NotFound
    touched = [{"municipality": to_plain(c.municipality), "share": c.share} for c in found.candidates]
    item = {"pc4": found.pc4, "placeName": found.place_name, "municipalities": touched}
    return conditional_answer(request, item, OPEN)
