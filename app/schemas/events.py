"""Events as they are answered: ids, types and moments, nothing of a person (CONTRACT 4)."""

from pydantic import AwareDatetime, Field

from app.schemas.base import Shape
from app.schemas.stored import ResourceId
from app.schemas.words import EventRole, EventType, OrganisationKind


class ActingOrganisation(Shape):
    """De organisatie die iets deed."""

    kind: OrganisationKind = Field(description="Soort organisatie.")
    code: str = Field(description="BRIN, gemeentecode of code van de regio.", examples=["0193"])
    name: str = Field(description="Naam.")


class Event(Shape):
    """Eén gebeurtenis. Haal op wat er veranderde met de kenmerken die hier staan."""

    id: ResourceId = Field(description="Kenmerk (UUIDv7); blijft gelijk, ook na een herstel van de dienst.")
    number: int | None = Field(
        ge=1,
        description="Plaats in de volgorde van alle gebeurtenissen; null tot de dienst het nummer geeft.",
        examples=[4711],
    )
    type: EventType = Field(description="Wat er gebeurde.")
    at: AwareDatetime = Field(description="Moment van vastleggen, UTC.")
    organisation: ActingOrganisation | None = Field(
        description="Wie het deed; null als de dienst zelf het deed."
    )
    role: EventRole = Field(description="In welke rol.")
    referral_id: ResourceId | None = Field(description="Kenmerk van de verwijzing, als het daarover gaat.")
    handover_id: ResourceId | None = Field(description="Kenmerk van de overdracht, als het daarover gaat.")
    correlation_id: str | None = Field(
        description="Kenmerk van het verzoek (`X-Request-Id`) waarmee het gebeurde, als er een was."
    )


class EventList(Shape):
    """Een bladzijde van de geschiedenis van een overdracht."""

    items: list[Event] = Field(description="Gebeurtenissen, de oudste eerst.")


class Feed(EventList):
    """Een bladzijde gebeurtenissen."""

    cursor: str = Field(
        description="Bewaar dit en stuur het de volgende keer mee, ook als er nu niets nieuws is.",
        examples=["AAAAAAAAEmcBk-Oom8AcAICAAAAAAAAB"],
    )
