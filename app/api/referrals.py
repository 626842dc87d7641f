"""Referrals: submit one, list one's own, read one, read its receipt."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field

from app.api.answers import answer
from app.api.bodies import Body
from app.api.pages import Page, page_answer
from app.api.parameters import ResourceIdPath
from app.deps import (
    ClockDep,
    ConnectionDep,
    DirectoryDep,
    KeyringDep,
    NoteDep,
    ReferenceDep,
    RulebookDep,
    requires,
)
from app.errors import InvalidInput
from app.schemas.base import IsoDate, Shape
from app.schemas.faults import fault
from app.schemas.json_body import Parsed
from app.schemas.mapping import to_facts
from app.schemas.possible import check_possible
from app.schemas.request import ReferralRequest
from app.schemas.stored import Receipt, Referral, ReferralList
from app.schemas.words import ReferralStatus
from app.services import referrals
from app.services.clients import Client

router = APIRouter(tags=["verwijzingen"])

Referrer = Annotated[Client, Depends(requires("referrer"))]
ReferralBody = Annotated[Parsed[ReferralRequest], Depends(Body(ReferralRequest))]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="Eigen sleutel van dit verzoek, zoals een UUID; 72 uur bewaard.",
    ),
]
LOCATION: Final[dict[str, Any]] = {
    "Location": {
        "description": "Adres van de verwijzing.",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
NEXT: Final[dict[str, Any]] = {
    "Link": {"description": 'De volgende bladzijde: `rel="next"`.', "schema": {"type": "string"}}
}


class ReferralFilter(Page):
    """Welke verwijzingen."""

    status: ReferralStatus | None = Field(None, description="Stand.")
    created_from: IsoDate | None = Field(None, description="Vanaf deze dag in Nederland.")
    created_to: IsoDate | None = Field(None, description="Tot en met deze dag in Nederland.")


@router.post(
    "/referrals",
    status_code=201,
    summary="Verwijs",
    responses={
        201: {"model": Referral, "headers": LOCATION, "description": "De verwijzing is opgeslagen."},
        200: {
            "model": Referral,
            "headers": LOCATION,
            "description": "Dit verzoek was er al; de verwijzing zoals die nu is.",
        },
    },
)
async def submit_referral(
    client: Referrer,
    body: ReferralBody,
    connection: ConnectionDep,
    rulebook: RulebookDep,
    directory: DirectoryDep,
    reference: ReferenceDep,
    keyring: KeyringDep,
    clock: ClockDep,
    note: NoteDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Beslist, slaat de verwijzing op en biedt haar aan wie haar ontvangt.

    Hetzelfde `sourceReference` met dezelfde inhoud geeft 200 en de verwijzing zoals die nu is; met
    andere inhoud 409. Dezelfde `Idempotency-Key` met een ander verzoek geeft 422.
    """
    today = clock.today()
    check_possible(body.shape, today)
    submitted = await referrals.submit(
        connection,
        _submission(body, today, reference, idempotency_key, note.request_id),
        client=client,
        rulebook=rulebook,
        directory=directory,
        keyring=keyring,
        today=today,
        now=clock.now(),
    )
    location = {"Location": f"/v1/referrals/{submitted.referral['id']}"}
    return answer(submitted.referral, 201 if submitted.created else 200, location)


def _submission(
    body: Parsed[ReferralRequest], today: date, reference: ReferenceDep, key: str | None, correlation_id: str
) -> referrals.Submission:
    """The request as the service takes it; raises InvalidInput where nothing tells a repetition."""
    request = body.shape
    if request.source_reference is None and key is None:
        raise InvalidInput(fault("/sourceReference", "reference.required"))
    return referrals.Submission(
        source_reference=request.source_reference,
        idempotency_key=key,
        path="/v1/referrals",
        content=body.content,
        reference_date=request.reference_date or today,
        facts=to_facts(request, reference),
        identity=_as_sent(request.student),
        referrer=_as_sent(request.referrer),
        reason=request.reason,
        correlation_id=correlation_id,
    )


def _as_sent(shape: Shape | None) -> dict[str, Any]:
    return shape.model_dump(mode="json", by_alias=True, exclude_unset=True) if shape else {}


@router.get(
    "/referrals",
    summary="Toon de eigen verwijzingen",
    responses={200: {"model": ReferralList, "headers": NEXT}},
)
async def list_referrals(
    client: Referrer,
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


@router.get("/referrals/{id}", summary="Toon een verwijzing", responses={200: {"model": Referral}})
async def read_referral(
    client: Referrer, connection: ConnectionDep, keyring: KeyringDep, id: ResourceIdPath
) -> Response:
    """Een verwijzing van de eigen organisatie, met besluit, overdrachten en adviezen."""
    return answer(await referrals.find_referral(connection, client, keyring, id))


@router.get(
    "/referrals/{id}/receipt", summary="Toon het bewijs van het besluit", responses={200: {"model": Receipt}}
)
async def read_receipt(
    client: Referrer, connection: ConnectionDep, keyring: KeyringDep, id: ResourceIdPath
) -> Response:
    """De gebruikte feiten, de peildatum en het besluit, zoals ze bij de verwijzing zijn bewaard."""
    return answer(await referrals.find_receipt(connection, client, keyring, id))
