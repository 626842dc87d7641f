"""A problem as it is answered (RFC 9457)."""

from pydantic import Field

from app.schemas.base import Shape
from app.schemas.words import FaultPlace, HandoverAction


class ProblemFault(Shape):
    """Eén fout: waar, welke code, en een zin zonder de gestuurde waarde."""

    in_: FaultPlace = Field(alias="in", description="Deel van het verzoek.")
    location: str = Field(
        description="JSON-pointer in de body, of de naam van de parameter.", examples=["/student/birthDate"]
    )
    code: str = Field(description="Vaste code.", examples=["date.format"])
    detail: str = Field(description="Wat er mis is.")


class Problem(Shape):
    """Een probleem volgens RFC 9457."""

    type: str = Field(json_schema_extra={"format": "uri"}, description="Vaste naam van het soort probleem.")
    title: str = Field(description="Het soort probleem in een paar woorden.")
    status: int = Field(ge=400, le=599, description="De HTTP-status.")
    detail: str = Field(description="Wat de vrager kan doen.")
    errors: list[ProblemFault] = Field(
        default_factory=list, max_length=20, description="Fouten, ten hoogste twintig."
    )
    violated_policies: list[str] | None = Field(
        None,
        alias="violated-policies",
        description="Bij te veel verzoeken: welke grens is bereikt, zoals die in RateLimit-Policy staat.",
        examples=[["default"]],
    )
    available_actions: list[HandoverAction] | None = Field(
        None, description="Bij een stap die nu niet kan: wat deze vrager wel kan doen."
    )
