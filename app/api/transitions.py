"""POST /v1/handovers/{id}/transitions: takes a step of a handover."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.api.bodies import Body
from app.api.conditional import ETAG
from app.api.naming import handover_answer
from app.api.parameters import IdempotencyKey, ResourceIdPath
from app.api.preconditions import StepOf
from app.deps import ConnectionDep, DecidingDep, HandlerDep, NoteDep, ReferenceDep
from app.schemas.json_body import Parsed
from app.schemas.stepping import TransitionRequest, to_asked
from app.schemas.stored import Handover
from app.services.lifecycle.transitions import transition

router = APIRouter(tags=["handovers"])

TransitionBody = Annotated[Parsed[TransitionRequest], Depends(Body(TransitionRequest))]


@router.post(
    "/handovers/{id}/transitions",
    summary="Zet een stap met een overdracht",
    responses={200: {"model": Handover, "headers": ETAG}},
)
async def take_step(
    client: HandlerDep,
    body: TransitionBody,
    connection: ConnectionDep,
    reference: ReferenceDep,
    deciding: DecidingDep,
    note: NoteDep,
    said: StepOf,
    id: ResourceIdPath,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Zet een stap die `availableActions` noemt, en antwoordt met de overdracht zoals die dan is.

    Een stap die nu niet kan, geeft 409 met de stappen die wel kunnen; zonder `If-Match` is het antwoord 428,
    en 412 als er intussen iets veranderde. Een weigering heeft altijd een vervolg: een overdracht bij de
    genoemde instantie, een advies, of een overdracht aan de toegang. Doorzetten na aannemen is een warme
    overdracht: de hulp loopt door tot het volgende team aanneemt.
    """
    asked = to_asked(body, reference, deciding.today, said, idempotency_key)
    found = await transition(connection, client, id, asked, deciding, note.request_id)
    return handover_answer(found, reference, headers={"ETag": f'"{found["version"]}"'})
