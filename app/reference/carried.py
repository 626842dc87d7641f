"""Stored facts in the municipalities of a newer reference, so that they can be decided on again."""

from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from app.reference.reference import Reference
from app.routing import Facts
from app.routing.facts import ABSENT, Circumstances, Residence

T = TypeVar("T", Residence, Circumstances)

# Where facts name a municipality, and how the request calls it.
_FIELDS: Final = {
    "previous_municipality": "previousMunicipality",
    "mother_municipality_at_birth": "motherMunicipalityAtBirth",
    "actual_stay_municipality": "actualStayMunicipality",
    "municipality_approached": "municipalityApproached",
    "parents_municipality": "parentsMunicipality",
    "care_recipient_municipality": "careRecipientMunicipality",
}


def carried_facts(facts: Facts, reference: Reference) -> Facts:
    """The facts with each municipality that is no more replaced by the one it went into.

    Where it was split over several, the home becomes a choice and any other place is as if not told. What
    was replaced is marked as merged. Facts of today come back as they are.
    """
    carry = _Carry(reference)
    home, core = facts.home_municipality, facts.core_municipality
    candidates = facts.home_candidates or carry.candidates(home)
    carried = replace(
        facts,
        home_municipality=_or_none(carry.code(home, "homeMunicipality")),
        home_candidates=tuple(sorted({now for code in candidates for now in carry.all_of(code)})),
        core_municipality=_or_none(carry.code(core, "school.coreMunicipality")),
        residence=carry.fields(facts.residence, "residence"),
        circumstances=carry.children(carry.fields(facts.circumstances, "circumstances")),
    )
    if carried == facts:
        return facts
    pc4s = reference.municipalities_of_pc4(facts.pc4) if facts.pc4 else ()
    merged = tuple(dict.fromkeys((*facts.merged, *carry.merged)))
    return replace(carried, pc4_municipalities=pc4s, merged=merged)


def _or_none(code: Any) -> Any:
    return None if code is ABSENT else code


class _Carry:
    """Looks codes up, and keeps the places of those that were replaced."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self.merged: list[str] = []

    def code(self, code: Any, place: str) -> Any:
        """Today's code, ABSENT where it is not one; what is no code comes back as it is."""
        if not isinstance(code, str) or code in self._reference.places:
            return code
        self.merged.append(place)
        return self._reference.resolve(code).code or ABSENT

    def all_of(self, code: str) -> tuple[str, ...]:
        """The codes of today that a code went into."""
        found = self._reference.resolve(code)
        return (found.code,) if found.code else found.candidates

    def candidates(self, code: str | None) -> tuple[str, ...]:
        """The choice that a code of the past leaves; none for one of today."""
        return self._reference.resolve(code).candidates if code else ()

    def fields(self, told: T, name: str) -> T:
        """The same facts with the codes of today."""
        names = [field.name for field in fields(told) if field.name in _FIELDS]
        return replace(told, **{n: self.code(getattr(told, n), f"{name}.{_FIELDS[n]}") for n in names})

    def children(self, told: Circumstances) -> Circumstances:
        """The same circumstances with the children in municipalities of today."""
        if not isinstance(told.children, tuple):
            return told
        places = (self.code(child.municipality, "circumstances.children") for child in told.children)
        pairs = zip(told.children, places, strict=True)
        return replace(
            told, children=tuple(replace(child, municipality=_or_none(code)) for child, code in pairs)
        )
