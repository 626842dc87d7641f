"""POST /v1/erasures: a school has what it referred of a person erased."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.api.answers import answer
from app.api.bodies import Body
from app.api.parameters import IdempotencyKey
from app.deps import ConnectionDep, NoteDep, ReferrerDep, ResourcesDep
from app.schemas.erasing import Erasure, ErasureRequest, check_erasure
from app.schemas.json_body import Parsed
from app.services.erasing_persons import AskedToErase, ErasingWith, erase_person
from app.services.repeats import claimed_key

router = APIRouter(tags=["trust"])

ErasureBody = Annotated[Parsed[ErasureRequest], Depends(Body(ErasureRequest))]


@router.post(
    "/erasures", summary="Wis de gegevens van een student", responses={200: {"model": Erasure}, 404: {}}
)
async def erase(
    client: ReferrerDep,
    body: ErasureBody,
    connection: ConnectionDep,
    resources: ResourcesDep,
    note: NoteDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Vernietigt de sleutel en alles wat versleuteld is; er blijft alleen staan dat er een verwijzing was.

    Wat nog loopt eindigt, en ieder die iets ontving krijgt bericht (AVG 19). Helpt een team nog, dan 409
    zonder `endRunning`; is er een beletsel (`heldUntil`), dan altijd 409. Dossiers die de ontvanger zelf
    bijhoudt vallen hier niet onder. In reservekopieën verdwijnt het als die verlopen: binnen 30 dagen. Haal
    de student eerst uit bestanden die nog eens worden geïmporteerd: zijn kenmerk wordt niet bewaard, en maakt
    een nieuwe verwijzing.
    """
    wanted, clock = body.shape, resources.clock
    today, keyring = clock.today(), resources.keyring
    check_erasure(wanted, today)
    key = idempotency_key
    asked = AskedToErase(
        referral_id=UUID(wanted.referral_id) if wanted.referral_id else None,
        source_reference=wanted.source_reference,
        student_number=wanted.student_number,
        because=wanted.reason,
        requested_on=wanted.requested_on,
        end_running=wanted.end_running,
        dry_run=wanted.dry_run,
        claimed=claimed_key(keyring, client.organisation_id, key, "/v1/erasures", body.content)
        if key
        else None,
    )
    using = ErasingWith(keyring, resources.ledger, clock.now(), today, note.request_id)
    return answer(await erase_person(connection, client, asked, using))
