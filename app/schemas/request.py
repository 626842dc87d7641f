"""The bodies that clients send: a decision or referral request, new facts, consents (CONTRACT 2 and 4)."""

from typing import Annotated

from pydantic import Field

from app.schemas.base import FreeText, Identifier, Municipality, ReferenceDate, Shape, ShortLine
from app.schemas.circumstances import Circumstances, Residence
from app.schemas.person import Consent, Referrer, School, Student
from app.schemas.words import AdviceAction, ProblemDomain, SupportVariant


class DecisionRequest(Shape):
    """Wat een besluit nodig heeft: de problemen, de variant, de woongemeente en de leeftijd.

    Bij `circumstances.acuteDanger: true` volstaat `problemDomains`.
    """

    source_reference: Identifier | None = Field(
        None, description="Kenmerk van de aanvraag in het eigen systeem; uniek per organisatie."
    )
    reference_date: ReferenceDate | None = Field(
        None,
        description="Peildatum, waarvoor de wet wordt gelezen: 2015-01-01 tot een jaar na nu, standaard nu.",
    )
    student: Student | None = Field(None, description="De student.")
    home_municipality: Municipality | None = Field(
        None, description="Woongemeente; `null` met een `residence.status` die zegt waarom."
    )
    residence: Residence = Field(default_factory=Residence, description="Inschrijving en verblijf.")
    school: School | None = Field(None, description="De school.")
    problem_domains: Annotated[
        list[ProblemDomain], Field(min_length=1, max_length=18, json_schema_extra={"uniqueItems": True})
    ] = Field(description="De probleemgebieden, zonder dubbele.", examples=[["mental_health", "debts"]])
    support_variant: SupportVariant | None = Field(
        None,
        description="Ondersteuningsvariant: wie met de student praat, niet wie verantwoordelijk is.",
    )
    circumstances: Circumstances = Field(default_factory=Circumstances, description="Omstandigheden.")
    consents: Annotated[list[Consent], Field(max_length=50)] = Field(
        default_factory=list, description="Toestemmingen en weigeringen."
    )
    referrer: Referrer | None = Field(None, description="De verwijzer.")
    reason: FreeText | None = Field(
        None, description="Toelichting voor het ontvangende team; wordt versleuteld bewaard."
    )


class ReferralRequest(DecisionRequest):
    """Wat een verwijzing nodig heeft: een besluitaanvraag met naam van student en verwijzer.

    Bij `circumstances.acuteDanger: true` volstaan `problemDomains` en `referrer.name`.
    Een van `sourceReference` en de header `Idempotency-Key` is verplicht.
    """

    referrer: Referrer = Field(description="De verwijzer.")


class FactsRequest(Shape):
    """Antwoorden op vragen, of wat er is veranderd. Wat niet genoemd wordt, blijft zoals het was."""

    reference_date: ReferenceDate | None = Field(
        None, description="Nieuwe peildatum, bijvoorbeeld de dag van de verhuizing; anders de eerdere."
    )
    student: Student | None = Field(None, description="Geboortedatum, adres of contactgegevens.")
    home_municipality: Municipality | None = Field(None, description="Woongemeente.")
    residence: Residence = Field(default_factory=Residence, description="Inschrijving en verblijf.")
    school: School | None = Field(None, description="De school of haar kerngemeente.")
    support_variant: SupportVariant | None = Field(None, description="Ondersteuningsvariant.")
    circumstances: Circumstances = Field(default_factory=Circumstances, description="Omstandigheden.")


class ConsentsRequest(Shape):
    """Toestemming die nu gegeven, geweigerd of ingetrokken wordt (`refused: true`)."""

    consents: Annotated[list[Consent], Field(min_length=1, max_length=50)] = Field(
        description="Wat nu is gezegd, naast wat er al staat. Van ieder telt per ontvanger het laatste woord "
        "naar `givenOn`; op dezelfde dag wint een weigering."
    )


class AdviceRequest(Shape):
    """Wat de verwijzer met een advies deed."""

    action: AdviceAction = Field(description="Gedaan, of niet meer nodig.")


class ReferralSearchRequest(Shape):
    """Waarmee wordt gezocht: een van beide, zoals het bij de verwijzing is gestuurd."""

    source_reference: Identifier | None = Field(None, description="Kenmerk in het eigen systeem.")
    student_number: ShortLine | None = Field(
        None, description="Studentnummer van de school, nooit een BSN of onderwijsnummer."
    )
