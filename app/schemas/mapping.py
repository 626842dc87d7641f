"""From a request to the facts of the core: absent, null and value kept apart, municipalities resolved."""

from datetime import date
from functools import cache
from typing import Any, Final

from pydantic.alias_generators import to_camel

from app.errors import Fault, InvalidInput
from app.reference import Reference
from app.routing import Facts, facts
from app.schemas.base import MunicipalityText, Shape
from app.schemas.circumstances import Child, Circumstances, Residence, Stay, YouthHelp
from app.schemas.faults import fault
from app.schemas.json_body import MAX_FAULTS
from app.schemas.person import Consent, School, Student
from app.schemas.request import DecisionRequest, FactsRequest

_OF_CORE: Final[dict[type[Shape], type[Any]]] = {
    Child: facts.Child,
    Circumstances: facts.Circumstances,
    Residence: facts.Residence,
    Stay: facts.Stay,
    YouthHelp: facts.YouthHelp,
}

# Of our own few fields; the pattern behind it costs more than all else that is done with one.
_wire_name: Final = cache(to_camel)


def to_facts(request: DecisionRequest, reference: Reference) -> Facts:
    """The facts of a request; raises InvalidInput for municipalities that nobody knows."""
    return Facts(
        problem_domains=tuple(request.problem_domains),
        consents=tuple(consent_of(consent) for consent in request.consents),
        **{"support_variant": None, **told_facts(request, reference)},
    )


def told_facts(request: DecisionRequest | FactsRequest, reference: Reference) -> dict[str, Any]:
    """Only the facts that a request tells, by the name of the core; raises InvalidInput."""
    places = Places(reference, request.reference_date)
    told: dict[str, Any] = {}
    if "home_municipality" in request.model_fields_set:
        told["home_municipality"], told["home_candidates"] = places.home(request.home_municipality)
        # Without a new postcode the old one would speak against the new municipality.
        told["pc4"], told["pc4_municipalities"] = None, ()
    told |= _told_of_student(request.student, reference) if request.student else {}
    told |= _told_of_school(request.school, places) if request.school else {}
    for name in {"residence", "circumstances"} & request.model_fields_set:
        told[name] = _told(getattr(request, name), places, name)
    if request.support_variant is not None:
        told["support_variant"] = request.support_variant
    if places.merged:
        told["merged"] = tuple(places.merged)
    if places.faults:
        raise InvalidInput(*places.faults[:MAX_FAULTS])
    return told


def _told_of_student(student: Student, reference: Reference) -> dict[str, Any]:
    names = {"birth_date": "birth_date", "age": "age_years"}
    told = {names[name]: getattr(student, name) for name in student.model_fields_set & names.keys()}
    if student.postcode:
        pc4 = student.postcode[:4]
        told |= {"pc4": pc4, "pc4_municipalities": reference.municipalities_of_pc4(pc4)}
    return told


def _told_of_school(school: School, places: "Places") -> dict[str, Any]:
    told = {
        f"school_{name}": getattr(school, name) for name in school.model_fields_set & {"brin", "location"}
    }
    if "core_municipality" in school.model_fields_set:
        told["core_municipality"] = places.code(school.core_municipality, "school", "coreMunicipality")
    return told


class Places:
    """Looks municipalities up for one request, and keeps what was merged and what was not found."""

    def __init__(self, reference: Reference, on: date | None) -> None:
        self._reference = reference
        self._on = on
        self.merged: list[str] = []
        self.faults: list[Fault] = []

    def home(self, text: str | None) -> tuple[str | None, tuple[str, ...]]:
        """The code, or where the municipality was split the codes that it was divided over."""
        return self._look_up(text, ("homeMunicipality",))

    def code(self, text: str | None, *place: str) -> str | None:
        """The code of today; several candidates are a fault, because only the home may be a question."""
        code, candidates = self._look_up(text, place)
        if candidates:
            self.faults.append(fault(_pointer(place), "municipality.ambiguous"))
        return code

    def _look_up(self, text: str | None, place: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
        if text is None:
            return None, ()
        found = self._reference.resolve(text, self._on)
        if found.code is None and not found.candidates:
            self.faults.append(fault(_pointer(place), "municipality.unknown"))
        if found.merged:
            self.merged.append(".".join(place))
        return found.code, () if found.code else found.candidates


def _pointer(place: tuple[str, ...]) -> str:
    return "".join(f"/{step}" for step in place)


def _told(value: Any, places: Places, *place: str) -> Any:
    """The value of the core for a value of the wire; fields that were not sent stay absent."""
    if isinstance(value, MunicipalityText):
        return places.code(value, *place)
    if isinstance(value, list):
        return tuple(_told(item, places, *place, str(index)) for index, item in enumerate(value))
    if isinstance(value, Shape):
        return _OF_CORE[type(value)](
            **{
                name: _told(getattr(value, name), places, *place, _wire_name(name))
                for name in value.model_fields_set
            }
        )
    return value


def consent_of(consent: Consent) -> facts.Consent:
    """A consent or refusal as the core reads it."""
    recipients = consent.recipients
    return facts.Consent(
        given_by=consent.given_by,
        given_on=consent.given_on,
        purpose=consent.purpose,
        recipients=None if recipients == "all" else tuple(recipients),
        refused=consent.refused,
    )
