"""From what a client adds to a stored referral to how the facts change (CONTRACT 4)."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final

from app.errors import InvalidInput
from app.reference import Reference
from app.routing import Facts
from app.routing.facts import ABSENT
from app.schemas.faults import fault
from app.schemas.mapping import consent_of, told_facts
from app.schemas.possible import check_possible_change, check_possible_consents
from app.schemas.request import ConsentsRequest, FactsRequest

# The facts as they were and the reference date that now holds, to the facts as they are now.
Change = Callable[[Facts, date], Facts]

# Told values that replace those of before as they are; residence and circumstances do so field by field.
_WHOLE: Final = (
    "birth_date", "age_years", "home_municipality", "home_candidates", "pc4", "pc4_municipalities",
    "school_brin", "school_location", "core_municipality", "support_variant",
)  # fmt: skip


def to_fact_change(request: FactsRequest, reference: Reference, today: date) -> Change:
    """The facts as they were to the facts with what was told; raises InvalidInput, as the change does."""
    if not request.model_fields_set:
        raise InvalidInput(fault("", "required"))
    told = told_facts(request, reference)
    merged = told.pop("merged", ())
    sent = request.model_dump(by_alias=True, exclude_unset=True)

    def change(facts: Facts, on: date) -> Facts:
        whole = {name: value for name, value in told.items() if name in _WHOLE}
        parts = {name: _overlaid(getattr(facts, name), told[name]) for name in told.keys() - whole.keys()}
        # A municipality that is told anew no longer carries the mark of the one before it.
        still = tuple(place for place in facts.merged if not _tells(sent, place))
        changed = replace(facts, **whole, **parts, merged=(*still, *merged))
        check_possible_change(request, changed, on, today)
        return changed

    return change


def to_consent_change(request: ConsentsRequest, today: date) -> Change:
    """The facts as they were to the facts with these consents added; the change raises InvalidInput."""
    added = tuple(consent_of(consent) for consent in request.consents)

    def change(facts: Facts, on: date) -> Facts:
        check_possible_consents(request, on, today)
        new = tuple(consent for consent in added if consent not in facts.consents)
        return replace(facts, consents=(*facts.consents, *new))

    return change


def _tells(sent: Any, place: str) -> bool:
    """Whether the field at a dotted place was sent, by itself or within a value that is replaced whole."""
    for step in place.split("."):
        if not isinstance(sent, dict):
            return True
        if step not in sent:
            return False
        sent = sent[step]
    return True


def _overlaid(before: Any, told: Any) -> Any:
    """What was told over what was there; absent fields leave it."""
    values = {field.name: getattr(told, field.name) for field in fields(told)}
    return replace(before, **{name: value for name, value in values.items() if value is not ABSENT})
