"""POST /v1/decisions: decides and stores nothing."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.adapters.decision_json import decision_json
from app.api.answers import json_answer
from app.api.bodies import Body
from app.deps import DirectoryDep, ReferenceDep, RulebookDep, TodayDep, requires
from app.reference import Reference
from app.routing import Directory, Rulebook, route
from app.schemas.decision import Decision
from app.schemas.json_body import Parsed
from app.schemas.request import DecisionRequest
from app.schemas.submission import to_question

router = APIRouter(tags=["decisions"])

DecisionBody = Annotated[Parsed[DecisionRequest], Depends(Body(DecisionRequest))]


@router.post(
    "/decisions",
    summary="Beslis zonder iets op te slaan",
    dependencies=[Depends(requires(relation="nothing"))],
    responses={200: {"model": Decision}},
)
async def decide(
    body: DecisionBody,
    rulebook: RulebookDep,
    directory: DirectoryDep,
    reference: ReferenceDep,
    today: TodayDep,
) -> Response:
    """Geeft per probleemgebied de wet, de verantwoordelijke instantie en de ontvanger, met uitleg.

    Dezelfde aanvraag, peildatum, regelboek, registeruitgave en dag geven dezelfde bytes.
    """
    return json_answer(decided(body, rulebook, directory, reference, today))


def decided(
    body: Parsed[DecisionRequest],
    rulebook: Rulebook,
    directory: Directory,
    reference: Reference,
    today: date,
) -> bytes:
    """The decision on a request as JSON; raises InvalidInput for what its shape could not refuse."""
    facts, on = to_question(body, reference, today)
    return decision_json(route(facts, rulebook, directory, on, today))
