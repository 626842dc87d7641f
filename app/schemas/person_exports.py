"""A request for all about one person, and the answer, whose fields are those of the registry of columns."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import AwareDatetime, Field, create_model
from sqlalchemy import ARRAY, Column

from app.errors import InvalidInput
from app.models import Base
from app.models.columns import kept_tables
from app.schemas.base import Identifier, IsoDate, Shape, ShortLine
from app.schemas.faults import fault
from app.schemas.person import Referrer, Student
from app.schemas.stored import DueDate, HandoverNote, Receipt, ResourceId
from app.services.person_export import SECTIONS, names_organisations


class PersonExportRequest(Shape):
    """Over wie: een van drie, zoals het bij een verwijzing is gestuurd."""

    referral_id: ResourceId | None = Field(None, description="Kenmerk van een verwijzing van de student.")
    source_reference: Identifier | None = Field(None, description="Kenmerk in het eigen systeem.")
    student_number: ShortLine | None = Field(
        None, description="Studentnummer van de school, nooit een BSN of onderwijsnummer."
    )


class ExportedOrganisation(Shape):
    """Een organisatie."""

    kind: str = Field(description="Soort.")
    code: str = Field(description="BRIN, gemeentecode of code van de regio.")
    name: str = Field(description="Naam.")


class ExportedIdentity(Shape):
    """Over wie het gaat, en wie verwees."""

    student: Student = Field(description="De student.")
    referrer: Referrer = Field(description="De verwijzer.")
    source_reference: str | None = Field(description="Eigen kenmerk van de school.")


# Columns whose values have a shape of their own.
_SHAPED: Final[dict[tuple[str, str], Any]] = {
    ("referral", "identity"): ExportedIdentity | None,
    ("referral", "reason"): str | None,
    ("decision", "receipt"): Receipt | None,
    ("handover", "notes"): list[HandoverNote],
    ("handover", "deadlines"): list[DueDate],
}
_TYPES: Final[dict[type, Any]] = {UUID: ResourceId, datetime: AwareDatetime, date: IsoDate}
# Of each table that tells something: the name and the description of its shape, and what its rows are called.
_SHAPES: Final = {
    "referral": ("ExportedReferralItself", "De verwijzing zelf.", "Wat er is gestuurd, en waar het staat."),
    "decision": (
        "ExportedDecision",
        "Een versie van het besluit.",
        "De versies, de oudste eerst.",
    ),
    "handover": ("ExportedHandover", "Een overdracht.", "De overdrachten, de oudste eerst."),
    "advice": ("ExportedAdvice", "Een advies.", "De adviezen, het oudste eerst."),
    "event": ("ExportedEvent", "Een gebeurtenis.", "Wat er gebeurde, het oudste eerst."),
    "access_log": ("ExportedAccess", "Een inzage.", "Wie keek, wanneer en waarvoor; de oudste inzage eerst."),
}


def _said(description: str) -> Any:
    return Field(description=description)


def _many(kind: Any) -> Any:
    return list[kind]


def _type(table: str, column: Column[Any]) -> Any:
    """The type of a column on the wire."""
    if (table, column.name) in _SHAPED:
        return _SHAPED[table, column.name]
    single = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    kind: Any = _TYPES.get(single.python_type, single.python_type)
    kind = ExportedOrganisation | None if names_organisations(column.name) else kind
    kind = _many(kind) if isinstance(column.type, ARRAY) else kind
    return kind | None if column.nullable else kind


def _item(table: str) -> type[Shape]:
    """The columns of a table that the registry says are told."""
    columns, (name, about, _) = Base.metadata.tables[table].columns, _SHAPES[table]
    told: dict[str, Any] = {
        column.removesuffix("_id") if names_organisations(column) else column: (
            _type(table, columns[column]),
            _said(meaning),
        )
        for column, meaning in kept_tables()[table].told.items()
    }
    return create_model(name, __base__=Shape, __doc__=about, __module__=__name__, **told)


def _referral() -> type[Shape]:
    """What is told of one referral, table by table."""
    parts: dict[str, Any] = {
        section: (_item(table) if table == "referral" else _many(_item(table)), _said(_SHAPES[table][2]))
        for table, section in SECTIONS.items()
    }
    about = "Een verwijzing met alles wat erbij is bewaard."
    return create_model("ExportedReferral", __base__=Shape, __doc__=about, __module__=__name__, **parts)


PersonExport: Final = create_model(
    "PersonExport",
    __base__=Shape,
    __doc__="Alles wat de organisatie in deze dienst over een persoon heeft.",
    __module__=__name__,
    made_at=(AwareDatetime, _said("Moment waarop dit is gemaakt, UTC.")),
    referrals=(_many(_referral()), _said("De verwijzingen, de oudste eerst.")),
)


def check_person_named(request: PersonExportRequest) -> None:
    """Raises InvalidInput unless just one thing says who it is about."""
    named = (request.referral_id, request.source_reference, request.student_number)
    if sum(one is not None for one in named) != 1:
        raise InvalidInput(fault("", "person.one"))
