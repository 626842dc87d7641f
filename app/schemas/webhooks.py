"""Subscriptions, their deliveries, and the message that receivers get (CONTRACT 4)."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from app.adapters.targets import MAX_LENGTH, Refused, parse_target
from app.errors import InvalidInput
from app.schemas.base import Shape
from app.schemas.events import ActingOrganisation
from app.schemas.faults import fault
from app.schemas.stored import ResourceId
from app.schemas.words import (
    DeliveryAnswer,
    DeliveryState,
    DisabledReason,
    EventRole,
    EventType,
    SubscriptionStatus,
)
from app.services.subscription_rows import Wanted

Url = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[!-~]{1,490}$", max_length=MAX_LENGTH),
    Field(json_schema_extra={"format": "uri"}),
]
EventTypes = Annotated[list[EventType], Field(max_length=30)]


class WebhookSubscriptionRequest(Shape):
    """Waar berichten heen gaan, en waarover."""

    url: Url = Field(
        description="Https, een publieke naam, poort 443; zonder gebruiker, query of fragment. Wordt "
        "versleuteld bewaard en nergens gelogd.",
        examples=["https://berichten.school.example/verwijsroute"],
    )
    event_types: EventTypes = Field(
        default_factory=list, description="Alleen over deze gebeurtenissen; leeg of afwezig: over alle."
    )

    def wanted(self, *, allow_loopback: bool) -> Wanted:
        """What is wanted; raises InvalidInput for an address that nothing is sent to."""
        return Wanted(_checked(self.url, allow_loopback), _once(self.event_types))


class WebhookSubscriptionChange(WebhookSubscriptionRequest):
    """Hoe een abonnement wordt."""

    status: SubscriptionStatus = Field(
        "active",
        description="`disabled` stopt de berichten; weer `active` geeft wat was mislukt nieuwe pogingen.",
    )
    rotate_secret: bool = Field(
        False,
        description="Maakt een nieuw geheim en toont het één keer; het oude tekent nog 24 uur mee.",
    )

    def wanted(self, *, allow_loopback: bool) -> Wanted:
        """What is wanted; raises InvalidInput for an address that nothing is sent to."""
        url, types = _checked(self.url, allow_loopback), _once(self.event_types)
        return Wanted(url, types, active=self.status == "active", rotate_secret=self.rotate_secret)


class WebhookSubscription(Shape):
    """Een abonnement op berichten."""

    id: ResourceId = Field(description="Kenmerk (UUIDv7).")
    organisation: ActingOrganisation = Field(description="Van wie het is.")
    url: str | None = Field(description="Waar berichten heen gaan; null voor de beheerder van de dienst.")
    event_types: list[EventType] = Field(description="Waarover; leeg: over alles.")
    team_ids: list[str] | None = Field(
        description="Alleen over deze teams, als de sleutel die het maakte zo beperkt was; anders null."
    )
    status: SubscriptionStatus = Field(description="Of er berichten gaan.")
    disabled_reason: DisabledReason | None = Field(description="Waarom niet; null als ze gaan.")
    version: int = Field(ge=1, description="Versie, vanaf 1 oplopend bij elke wijziging.", examples=[1])
    created_at: AwareDatetime = Field(description="Moment van ontstaan, UTC.")
    old_secret_until: AwareDatetime | None = Field(
        description="Tot dit moment tekent ook het vorige geheim; null als er geen is vervangen."
    )
    secret: str | None = Field(
        description="Het geheim voor de handtekeningen, alleen in het antwoord waarin het ontstond; elders "
        "null.",
        examples=["whsec_c2VjcmV0LXZhbi0zMi1ieXRlcy1vbS1tZWUtdGUtdGVrZW4="],
    )


class WebhookSubscriptionList(Shape):
    """Een bladzijde abonnementen."""

    items: list[WebhookSubscription] = Field(description="Abonnementen, de oudste eerst.")


class WebhookDeliverySummary(Shape):
    """Eén gebeurtenis voor één abonnement."""

    id: ResourceId = Field(description="Kenmerk: dat van de gebeurtenis, ook `webhook-id` van het bericht.")
    type: EventType | None = Field(description="Wat er gebeurde; null bij een proefbericht.")
    number: int | None = Field(ge=1, description="Nummer van de gebeurtenis.", examples=[4711])
    referral_id: ResourceId | None = Field(description="Kenmerk van de verwijzing, als het daarover gaat.")
    handover_id: ResourceId | None = Field(description="Kenmerk van de overdracht, als het daarover gaat.")
    status: DeliveryState = Field(description="Hoe het ermee staat.")
    attempts: int = Field(ge=0, description="Aantal pogingen.", examples=[2])
    next_attempt_at: AwareDatetime | None = Field(
        description="Moment van de volgende poging; null als het wacht op wat eerder kwam, of klaar is."
    )
    last_answer: DeliveryAnswer | None = Field(description="Uitkomst van de laatste poging.")
    created_at: AwareDatetime = Field(description="Moment van de gebeurtenis, UTC.")
    ended_at: AwareDatetime | None = Field(description="Moment waarop het klaar was, UTC.")


class WebhookAttempt(Shape):
    """Eén poging, of het overslaan door de beheerder."""

    number: int = Field(ge=1, description="De hoeveelste.", examples=[1])
    started_at: AwareDatetime = Field(description="Begin, UTC.")
    ended_at: AwareDatetime | None = Field(description="Einde, UTC; null als dat onbekend bleef.")
    answer: DeliveryAnswer | None = Field(description="Uitkomst; null als die onbekend bleef.")


class WebhookDelivery(WebhookDeliverySummary):
    """Eén gebeurtenis voor één abonnement, met elke poging."""

    attempts_made: list[WebhookAttempt] = Field(description="De pogingen, de oudste eerst.")


class WebhookDeliveryList(Shape):
    """Een bladzijde bezorgingen."""

    items: list[WebhookDeliverySummary] = Field(description="Bezorgingen, in hun volgorde.")


class EventMessageData(Shape):
    """Waar het over gaat: kenmerken en woorden, niets van een persoon."""

    type: str = Field(description="Wat er gebeurde, zoals in `/v1/events`.", examples=["handover.accepted"])
    role: EventRole | None = Field(None, description="In welke rol; ontbreekt bij een proefbericht.")
    referral_id: ResourceId | None = Field(None, description="Kenmerk van de verwijzing.")
    handover_id: ResourceId | None = Field(None, description="Kenmerk van de overdracht.")
    subscription_id: ResourceId | None = Field(None, description="Bij een proefbericht: het abonnement.")


class EventMessage(Shape):
    """Een bericht: CloudEvents 1.0 (NL GOV-profiel) in gestructureerde JSON."""

    specversion: Literal["1.0"] = Field(description="Versie van CloudEvents.")
    id: ResourceId = Field(description="Kenmerk van de gebeurtenis; hetzelfde bij elke poging.")
    source: str = Field(
        description="Wie het bericht stuurt.",
        examples=["urn:nld:oin:00000000000000000000:systeem:verwijsroute"],
    )
    type: str = Field(description="Wat er gebeurde.", examples=["nl.verwijsroute.handover.accepted.v1"])
    time: AwareDatetime = Field(description="Moment van vastleggen, UTC.")
    datacontenttype: str = Field(description="Vorm van `data`.", examples=["application/json"])
    dataref: str | None = Field(
        None, description="Waar de huidige stand staat, met een eigen sleutel op te halen."
    )
    sequence: str | None = Field(None, description="Nummer van de gebeurtenis.", examples=["4711"])
    sequencetype: str | None = Field(None, description="Vorm van `sequence`.", examples=["Integer"])
    data: EventMessageData = Field(description="Waar het over gaat.")


def _checked(url: str, allow_loopback: bool) -> str:
    try:
        parse_target(url, allow_loopback=allow_loopback)
    except Refused:
        raise InvalidInput(fault("/url", "url.refused")) from None
    return url


def _once(types: list[EventType]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(type) for type in types))
