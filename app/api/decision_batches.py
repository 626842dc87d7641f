"""POST /v1/decisions/_batch: decides on many requests, each as by itself, and stores nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from app.api.bodies import BatchBody
from app.api.decisions import decided
from app.api.problems import problem_of
from app.deps import ConnectionDep, DirectoryDep, NoteDep, ReferenceDep, RulebookDep, TodayDep, requires
from app.errors import InvalidInput
from app.schemas.batch import DecisionBatch, DecisionBatchRequest
from app.schemas.json_body import shaped
from app.schemas.request import DecisionRequest
from app.services.authenticating import Client
from app.services.taking import take_more

router = APIRouter(tags=["decisions"])

AnyoneDep = Annotated[Client, Depends(requires(relation="nothing"))]
Requests = Annotated[list[Any | InvalidInput], Depends(BatchBody(DecisionBatchRequest))]


@router.post(
    "/decisions/_batch",
    summary="Beslis over een reeks aanvragen zonder iets op te slaan",
    responses={200: {"model": DecisionBatch}},
)
async def decide_batch(
    client: AnyoneDep,
    batch: Requests,
    connection: ConnectionDep,
    note: NoteDep,
    rulebook: RulebookDep,
    directory: DirectoryDep,
    reference: ReferenceDep,
    today: TodayDep,
) -> Response:
    """Geeft bij elke aanvraag een uitkomst, in dezelfde volgorde.

    De uitkomst is het besluit dat `POST /v1/decisions` geeft, of het probleem. Een aanvraag die niet klopt,
    raakt de andere niet; alleen wat geen JSON is of geen reeks, wordt als geheel geweigerd.

    Een reeks telt in de limiet als zo veel verzoeken als zij aanvragen heeft. Zij wordt aangenomen zolang er
    nog één verzoek over is; wat zij meer kost, wordt daarna gewacht.
    """
    note.allowance = await take_more(connection, client, len(batch) - 1)

    def decide(one: Any) -> bytes:
        return decided(shaped(one, DecisionRequest), rulebook, directory, reference, today)

    return StreamingResponse(_results(batch, decide), media_type="application/json")


async def _results(batch: list[Any | InvalidInput], decide: Callable[[Any], bytes]) -> AsyncIterator[bytes]:
    """The answer in pieces, made while it is sent: it is not held whole, and others get a turn in between."""
    opening = b'{"results":['
    for one in batch:
        yield opening + _result(one, decide)
        opening = b","
        await asyncio.sleep(0)
    yield b"]}" if batch else opening + b"]}"


def _result(one: Any | InvalidInput, decide: Callable[[Any], bytes]) -> bytes:
    try:
        if isinstance(one, InvalidInput):
            raise one
        return b'{"decision":' + decide(one) + b',"problem":null}'
    except InvalidInput as error:
        return b'{"decision":null,"problem":' + bytes(problem_of(error).body) + b"}"
