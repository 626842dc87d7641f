"""What a request must tell, case by case, as JSON Schema: more than one shape can say."""

from collections.abc import Mapping
from typing import Any, Final

_NULL: Final = {"type": "null"}
_ACUTE: Final[dict[str, Any]] = {
    "required": ["circumstances"],
    "properties": {
        "circumstances": {
            "type": "object",
            "required": ["acuteDanger"],
            "properties": {"acuteDanger": {"const": True}},
        }
    },
}


def _required(*student_fields: str) -> dict[str, Any]:
    """The JSON Schema of what is required: the usual case first, then acute danger, where little is."""
    usual = {
        "required": ["supportVariant", "homeMunicipality", "student"],
        "properties": {
            "supportVariant": {"not": _NULL},
            "homeMunicipality": {},
            "student": {
                "anyOf": [
                    _student("Met geboortedatum", *student_fields, "birthDate"),
                    _student("Met leeftijd", *student_fields, "age"),
                ]
            },
        },
    }
    return {
        "if": {"title": "Zonder acuut gevaar", "not": _ACUTE},
        "then": usual,
        "else": {"title": "Bij acuut gevaar", **_ACUTE},
    }


def _student(title: str, *fields: str) -> dict[str, Any]:
    """A student of whom these fields are told."""
    # The linter wants to hear again that a date is one.
    told = {field: {"not": _NULL, **({"format": "date"} if field == "birthDate" else {})} for field in fields}
    schema = {"allOf": [{"$ref": "#/components/schemas/Student"}], "title": title}
    return {**schema, "required": list(fields), "properties": told}


def _told(field: str, what: str = "Met") -> dict[str, Any]:
    """A body that tells this field, and not as null. Generated clients name it, so no two have one title."""
    return {"title": f"{what} {field}", "required": [field], "properties": {field: {"not": _NULL}}}


def _one_person(what: str) -> dict[str, Any]:
    """A body that names one person, in one of three ways."""
    return {"oneOf": [_told(field, what) for field in ("referralId", "sourceReference", "studentNumber")]}


# Shape -> what its schema says besides its fields.
REQUIRED: Final[Mapping[str, dict[str, Any]]] = {
    "DecisionRequest": _required(),
    "ReferralRequest": _required("surname", "firstNames"),
    "ReferralSearchRequest": {"oneOf": [_told("sourceReference"), _told("studentNumber")]},
    "ErasureRequest": _one_person("Wissen met"),
    "PersonExportRequest": _one_person("Uitgeven met"),
}
