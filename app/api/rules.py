"""Open data: the rules of the loaded rulebook."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from app.api.conditional import ETAG, OPEN, conditional_answer
from app.deps import RulebookDep, as_declared, public
from app.errors import NotFound
from app.routing import Rulebook
from app.routing.condition_words import condition_in_words
from app.routing.neighbours import neighbours_of
from app.routing.plain import to_plain
from app.routing.rule import Rule
from app.schemas.reference import RuleItem, RuleList

router = APIRouter(tags=["rules"], dependencies=[Depends(public), Depends(as_declared)])

RulePath = Annotated[str, Path(description="Kenmerk van de regel.", examples=["jw.mental-health.minor"])]


def _item(rulebook: Rulebook, rule: Rule) -> dict[str, Any]:
    """A rule as its readers see it."""
    return {
        "id": rule.id,
        "act": rule.act,
        "legalFramework": rule.legal_framework,
        "provision": rule.provision,
        "limb": rule.limb,
        "problemDomains": list(rule.problem_domains),
        "when": list(rule.when),
        "conditions": [to_plain(condition_in_words(rulebook, c)) for c in rule.conditions],
        "validFrom": to_plain(rule.valid_from),
        "validTo": to_plain(rule.valid_to),
        "confidence": rule.confidence,
        "citations": to_plain(rule.citations),
        "receivers": [{"role": role, "kind": kind} for role, kind in rule.receivers],
        "residence": rule.residence,
        "consent": rule.consent,
        "warnings": list(rule.warnings),
        "deadlines": list(rule.deadlines),
        "order": rule.order,
        "because": to_plain(rule.because),
        "example": dict(rule.example),
        "counterexample": dict(rule.counterexample),
        "neighbours": to_plain(neighbours_of(rulebook, rule)),
    }


@router.get("/rules", summary="Toon alle regels", responses={200: {"model": RuleList, "headers": ETAG}})
async def list_rules(request: Request, rulebook: RulebookDep) -> Response:
    """Alle regels van het geladen regelboek, ook die nog niet of niet meer gelden."""
    items = [_item(rulebook, rule) for rule in rulebook.rules]
    return conditional_answer(request, {"items": items}, OPEN)


@router.get("/rules/{id}", summary="Toon een regel", responses={200: {"model": RuleItem, "headers": ETAG}})
async def read_rule(request: Request, rulebook: RulebookDep, id: RulePath) -> Response:
    """Een regel met voorwaarden, geldigheid en artikelen."""
    rule = next((rule for rule in rulebook.rules if rule.id == id), None)
    if rule is None:
        raise NotFound
    return conditional_answer(request, _item(rulebook, rule), OPEN)
