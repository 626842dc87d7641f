"""Stored referrals, handovers, advice and receipts as they are answered (CONTRACT 4)."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from app.schemas.base import IsoDate, Shape
from app.schemas.decision import Decision, MunicipalityReference, Route
from app.schemas.person import Referrer, Student
from app.schemas.words import (
    ActingRole,
    AdviceStatus,
    Channel,
    DeliveryStatus,
    HandoverAction,
    HandoverFlag,
    HandoverOutcome,
    HandoverStatus,
    ProblemDomain,
    Provision,
    ReceiverKind,
    ReceiverRole,
    ReferralStatus,
    StepReason,
)

ResourceId = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
    Field(json_schema_extra={"format": "uuid"}),
]


class TeamReference(Shape):
    """Het team dat een overdracht ontvangt."""

    team_id: str | None = Field(
        description="Kenmerk van het team in het register; null als de ontvanger is afgeleid."
    )
    kind: ReceiverKind = Field(description="Soort ontvanger.")
    name: str | None = Field(description="Naam, als die bekend is.")


class DueDate(Shape):
    """Een termijn en de laatste dag ervan."""

    kind: str = Field(
        description="Soort termijn: van de wet, van het team of van de dienst zelf.",
        examples=["first_contact"],
    )
    due: IsoDate = Field(description="Laatste dag van de termijn.")


class HandoverSummary(Shape):
    """Een overdracht zoals lijsten die tonen: zonder naam of vrije tekst."""

    id: ResourceId = Field(description="Kenmerk (UUIDv7).")
    referral_id: ResourceId = Field(description="Kenmerk van de verwijzing.")
    status: HandoverStatus = Field(description="Stand van zaken.")
    lead: bool = Field(description="Waar voor het team dat coördineert.")
    version: int = Field(ge=1, description="Versie, vanaf 1 oplopend bij elke stap.", examples=[1])
    created_at: AwareDatetime = Field(description="Moment van ontstaan, UTC.")
    offered_at: AwareDatetime | None = Field(
        description="Moment van aanbieden, UTC; null zolang de overdracht niet is aangeboden."
    )
    team: TeamReference | None = Field(description="Het team; null als de overdracht bij de toegang ligt.")
    responsible_municipality: MunicipalityReference | None = Field(
        description="De verantwoordelijke gemeente; null als er geen is, en voor wie alleen de stand ziet."
    )
    provisions: list[Provision] = Field(
        description="Onderdelen van de wet van de routes hierin; leeg voor wie alleen de stand ziet."
    )
    deadlines: list[DueDate] = Field(description="Termijnen met hun laatste dag.")
    flags: list[HandoverFlag] = Field(description="Vlaggen: wat aandacht vraagt.")
    delivery_status: DeliveryStatus = Field(
        description="Of het team bericht kreeg; `none` zonder abonnement."
    )
    preceded_by: ResourceId | None = Field(description="Kenmerk van de overdracht waarop deze volgt.")
    succeeded_by: ResourceId | None = Field(description="Kenmerk van de overdracht die op deze volgt.")
    succeeded_by_advice: ResourceId | None = Field(
        description="Kenmerk van het advies dat volgt waar de genoemde instantie niet met de dienst werkt."
    )
    first_contact_on: IsoDate | None = Field(description="Dag van het eerste contact met de student.")
    expected_on: IsoDate | None = Field(description="Verwachte dag van hervatten, tijdens een pauze.")
    status_reason: StepReason | None = Field(description="Reden van de laatste stap, waar die er een vraagt.")
    outcome: HandoverOutcome | None = Field(description="Wat de hulp opleverde, na afronden.")
    erased_at: AwareDatetime | None = Field(
        description="Moment waarop de gegevens zijn gewist, UTC; null als zij er nog zijn."
    )
    available_actions: list[HandoverAction] = Field(description="De stappen die deze sleutel nu kan zetten.")


class HandoverNote(Shape):
    """Wat bij een stap is gezegd: een vraag of een opmerking."""

    at: AwareDatetime = Field(description="Moment, UTC.")
    action: HandoverAction = Field(description="De stap.")
    role: ActingRole = Field(description="Als wie de stap is gezet.")
    comment: str | None = Field(description="Opmerking.")
    question: str | None = Field(description="Vraag.")


class SamePerson(Shape):
    """Een lopende overdracht van waarschijnlijk dezelfde persoon, uit een andere verwijzing."""

    team: TeamReference | None = Field(description="Wie ermee bezig is; null als zij bij de toegang ligt.")
    handover_id: ResourceId | None = Field(
        None, description="Kenmerk; ontbreekt, zoals stand en dag, als de vrager haar niet mag inzien."
    )
    status: HandoverStatus | None = Field(None, description="Stand van zaken.")
    since: IsoDate | None = Field(None, description="De dag van aanbieden, of van ontstaan.")


class Handover(HandoverSummary):
    """Een overdracht met de routes van dat team."""

    routes: list[Route] = Field(description="De routes van dit team.")
    student: Student | None = Field(
        None,
        description="De student. Ontbreekt voor wie niet de ontvanger is; null zolang toestemming ontbreekt.",
    )
    referrer: Referrer | None = Field(
        None, description="De verwijzer; ontbreekt of null zoals bij `student`."
    )
    reason: str | None = Field(None, description="Toelichting; ontbreekt of null zoals bij `student`.")
    notes: list[HandoverNote] | None = Field(
        None,
        description="Wat bij de stappen is gezegd, het oudste eerst; ook voor de verwijzer.",
    )
    same_person: list[SamePerson] | None = Field(
        None,
        description="Alleen voor de verantwoordelijke gemeente: haar lopende overdrachten van waarschijnlijk "
        "dezelfde persoon, hoogstens 20. Een school krijgt dit nooit.",
    )


class HandoverList(Shape):
    """Een bladzijde overdrachten."""

    items: list[HandoverSummary] = Field(description="Overdrachten, de oudste eerst.")


class Advice(Shape):
    """Een ontvanger die de dienst niet zelf bereikt: de verwijzer of student gaat erheen."""

    id: ResourceId = Field(description="Kenmerk (UUIDv7).")
    channel: Channel = Field(description="Hoe te bereiken.")
    kind: ReceiverKind = Field(description="Soort ontvanger.")
    role: ReceiverRole = Field(description="Rol bij deze routes.")
    problem_domains: list[ProblemDomain] = Field(description="De probleemgebieden waarvoor.")
    due: IsoDate | None = Field(description="Uiterlijk op deze dag; null als er geen termijn is.")
    status: AdviceStatus = Field(description="Stand van zaken.")
    preceded_by: ResourceId | None = Field(
        description="Kenmerk van de geweigerde of doorgezette overdracht waarop dit volgt."
    )
    municipality: MunicipalityReference | None = Field(
        description="De gemeente die wie weigerde heeft genoemd; null bij elk ander advies."
    )


class ReferralSummary(Shape):
    """Een verwijzing zoals lijsten die tonen."""

    id: ResourceId = Field(description="Kenmerk (UUIDv7).")
    status: ReferralStatus = Field(description="Stand van zaken.")
    created_at: AwareDatetime = Field(description="Moment van ontstaan, UTC.")
    source_reference: str | None = Field(
        description="Eigen kenmerk van de verwijzende organisatie, als het is gestuurd."
    )
    decision_version: int = Field(
        ge=1, description="Versie van het besluit, vanaf 1 oplopend bij elk nieuw besluit.", examples=[1]
    )
    erased_at: AwareDatetime | None = Field(
        description="Moment waarop de gegevens zijn gewist, UTC; null als zij er nog zijn."
    )


class Referral(ReferralSummary):
    """Een verwijzing met haar besluit, overdrachten en adviezen."""

    decision: Decision | None = Field(
        description="Het besluit in de nieuwste versie; null als de verwijzing is gewist."
    )
    handovers: list[Handover] = Field(description="De overdrachten: één per team.")
    advice: list[Advice] = Field(
        description="De adviezen: één per ontvanger die de dienst niet zelf bereikt."
    )


class ReferralList(Shape):
    """Een bladzijde verwijzingen."""

    items: list[ReferralSummary] = Field(description="Verwijzingen, de oudste eerst.")


class Receipt(Shape):
    """Waarmee is beslist: bewaard bij de verwijzing, zodat het besluit later is na te rekenen."""

    facts: dict[str, Any] = Field(
        description="De gebruikte feiten; wat niet verteld is ontbreekt, null is vastgesteld als geen. "
        "Alleen `recipients` van een toestemming is zonder lijst voor alle ontvangers."
    )
    reference_date: IsoDate = Field(description="Peildatum.")
    today: IsoDate = Field(description="De dag van het besluit in Nederland.")
    decision: Decision = Field(description="Het besluit.")
