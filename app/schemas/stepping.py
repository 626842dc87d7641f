"""From a step as it was sent to what the service is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from pydantic.alias_generators import to_camel

from app.errors import InvalidInput
from app.reference import Reference
from app.schemas.changes import Change, to_fact_change
from app.schemas.json_body import Parsed
from app.schemas.mapping import Places
from app.schemas.submission import as_sent
from app.schemas.transition import NamedBody, TransitionRequest
from app.services.lifecycle.placing import Body
from app.services.lifecycle.work import Asked
from app.services.preconditions import Precondition

__all__ = ["TransitionRequest", "to_asked"]


def to_asked(
    body: Parsed[TransitionRequest], reference: Reference, today: date, said: Precondition, key: str | None
) -> Asked:
    """The step; raises InvalidInput for a municipality that is none, and for facts that cannot be."""
    request = body.shape
    sent = {name for name in request.model_fields_set if getattr(request, name) is not None}
    facts = request.facts
    return Asked(
        action=request.action,
        given=frozenset(to_camel(name) for name in sent - {"action"}),
        said=said,
        key=key,
        content=body.content,
        reason=request.reason,
        comment=request.comment,
        question=request.question,
        team=request.team,
        responsible_body=_body(request.responsible_body, reference, today),
        outcome=request.outcome,
        expected_on=request.expected_on,
        first_contact_on=request.first_contact_on,
        facts=_change(request, reference, today),
        student=as_sent(facts.student) if facts else None,
        on=facts.reference_date if facts else None,
    )


def _change(request: TransitionRequest, reference: Reference, today: date) -> Change | None:
    facts = request.facts
    if facts is None or not facts.model_fields_set:
        return None
    with _within("/facts"):
        change = to_fact_change(facts, reference, today)
    return _within("/facts")(change)


@contextmanager
def _within(place: str) -> Iterator[None]:
    """Faults of what stands at a place in the body say where they are in the body as a whole."""
    try:
        yield
    except InvalidInput as error:
        found = (replace(one, location=place + one.location) for one in error.faults)
        raise InvalidInput(*found) from None


def _body(named: NamedBody | None, reference: Reference, today: date) -> Body | None:
    if named is None:
        return None
    places = Places(reference, today)
    code = named.municipality and places.code(named.municipality, "responsibleBody", "municipality")
    if places.faults:
        raise InvalidInput(*places.faults)
    return Body(named.kind, code)
