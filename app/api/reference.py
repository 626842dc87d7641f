"""Open data of the reference in force: municipalities, postcodes, youth-protection organisations."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.api.conditional import ETAG, OPEN, conditional_answer
from app.deps import OpenReferenceDep, as_declared, public
from app.errors import NotFound
from app.reference import MunicipalityListing
from app.routing.plain import to_plain
from app.schemas.base import IsoDate
from app.schemas.reference import (
    MunicipalityItem,
    MunicipalityList,
    PostcodeItem,
    YouthProtectionOrganisationList,
)

router = APIRouter(tags=["reference"], dependencies=[Depends(public), Depends(as_declared)])

MunicipalityPath = Annotated[
    str, Path(description="Gemeentecode van nu of vroeger, vier cijfers.", examples=["0193"])
]
PostcodePath = Annotated[str, Path(description="De vier cijfers van een postcode.", examples=["8261"])]

ValidOnQuery = Annotated[
    IsoDate | None, Query(alias="validOn", description="Alleen wie op deze dag in de lijst geldt.")
]


def _item(listing: MunicipalityListing) -> dict[str, Any]:
    item: dict[str, Any] = to_plain(listing)
    return item


@router.get(
    "/municipalities",
    summary="Toon alle gemeenten",
    responses={200: {"model": MunicipalityList, "headers": ETAG}},
)
async def list_municipalities(request: Request, reference: OpenReferenceDep) -> Response:
    """Alle gemeenten van nu met hun regio's, op code."""
    items = [_item(listing) for listing in reference.listings.values()]
    return conditional_answer(request, {"items": items}, OPEN)


@router.get(
    "/municipalities/{code}",
    summary="Toon een gemeente",
    responses={200: {"model": MunicipalityItem, "headers": ETAG}},
)
async def read_municipality(
    request: Request, reference: OpenReferenceDep, code: MunicipalityPath
) -> Response:
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
async def read_postcode(request: Request, reference: OpenReferenceDep, pc4: PostcodePath) -> Response:
    """De gemeenten die een postcodegebied raken, de grootste eerst. Alleen een enkele is zeker."""
    found = reference.postcodes.get(pc4)
    if found is None:
        raise NotFound
    touched = [{"municipality": to_plain(c.municipality), "share": c.share} for c in found.candidates]
    item = {"pc4": found.pc4, "placeName": found.place_name, "municipalities": touched}
    return conditional_answer(request, item, OPEN)


@router.get(
    "/youth-protection-organisations",
    summary="Toon de gecertificeerde instellingen",
    responses={200: {"model": YouthProtectionOrganisationList, "headers": ETAG}},
)
async def list_youth_protection_organisations(
    request: Request, reference: OpenReferenceDep, valid_on: ValidOnQuery = None
) -> Response:
    """De gecertificeerde instellingen (GI) en de Raad voor de Kinderbescherming met hun bezoekadres, op code.

    Bij wie een besluit de ontvanger `gi` noemt, staat hier waar die te vinden is.
    """
    listed = reference.youth_protection
    shown = [found for found in listed if valid_on is None or found.valid_on(valid_on)]
    return conditional_answer(request, {"items": [to_plain(found) for found in shown]}, OPEN)
