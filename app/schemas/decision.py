"""A decision as it is answered (CONTRACT 3)."""

from pydantic import Field

from app.schemas.base import IsoDate, Shape
from app.schemas.words import (
    Channel,
    CitationStatus,
    Confidence,
    ConsentRequired,
    DeadlineUnit,
    LegalFramework,
    Outcome,
    ProblemDomain,
    Provision,
    ReceiverKind,
    ReceiverRole,
    ResponsibleKind,
)


class Text(Shape):
    """Dezelfde tekst in het Nederlands (B1) en het Engels."""

    nl: str = Field(description="Nederlands.")
    en: str = Field(description="Engels.")


class MunicipalityReference(Shape):
    """Een gemeente van nu: vier cijfers en de naam."""

    code: str = Field(pattern=r"^[0-9]{4}$", description="Gemeentecode, vier cijfers.", examples=["0193"])
    name: str = Field(max_length=80, description="Naam volgens het referentiebestand.", examples=["Zwolle"])


class Region(Shape):
    """Een regio van één soort."""

    type: str = Field(description="Soort regio, zoals veilig_thuis of rmc.")
    code: str = Field(description="Code van de regio.")
    name: str = Field(description="Naam van de regio.")


class Responsible(Shape):
    """De verantwoordelijke instantie, volgens de woonplaatstoets van de wet (LAW 2.3)."""

    kind: ResponsibleKind = Field(description="Soort instantie.")
    municipality: MunicipalityReference | None = Field(description="De gemeente, als het er een is.")
    region: Region | None = Field(description="De regio, als het er een is.")
    test: str | None = Field(description="De toets die dit zegt, als kenmerk van LAW.", examples=["JW-20"])


class Contact(Shape):
    """Vast aanspreekpunt van een team en diens vervanger."""

    name: str | None = Field(description="Naam.")
    phone: str | None = Field(description="Telefoonnummer.")
    email: str | None = Field(description="E-mailadres.")
    deputy: str | None = Field(description="Vervanger.")


class Receiver(Shape):
    """Wie een route ontvangt, in welke rol, en hoe die te bereiken is."""

    role: ReceiverRole = Field(description="Rol bij deze route.")
    channel: Channel = Field(
        description="`handover`: via deze dienst; `referrer_acts`: verwijzer of student gaat er zelf heen."
    )
    kind: ReceiverKind = Field(description="Soort ontvanger.")
    team_id: str | None = Field(description="Team in het register.")
    name: str | None = Field(description="Naam.")
    organisation: str | None = Field(description="Organisatie waar het team onder valt.")
    municipality: MunicipalityReference | None = Field(description="Gemeente van de ontvanger.")
    region: Region | None = Field(description="Regio van de ontvanger.")
    contact: Contact | None = Field(description="Aanspreekpunt.")
    derived: bool = Field(description="Waar als niemand de ontvanger registreerde en die is afgeleid.")


class RouteConsent(Shape):
    """Wiens toestemming nodig is (LAW 7.1) en of die er is."""

    required: ConsentRequired = Field(description="Van wie.")
    given: bool = Field(description="Is de toestemming er?")


class Citation(Shape):
    """Een wetsartikel, en hoe zeker de lezing ervan is (LAW 0.1)."""

    act: str = Field(description="De wet.", examples=["Jeugdwet"])
    article: str = Field(description="Artikel.", examples=["1.1"])
    source: str = Field(description="BWB-id of andere bron.", examples=["BWBR0034925"])
    status: CitationStatus = Field(
        description="P: wettekst gelezen; O: andere bron; G: algemene kennis; M: keuze van het model."
    )
    text_of: IsoDate | None = Field(description="Datum van de gelezen tekst.")


class RuleReference(Shape):
    """De regel die besliste, met de artikelen waarop die rust."""

    id: str = Field(description="Kenmerk van de regel.", examples=["jw.mental-health.minor"])
    citations: list[Citation] = Field(description="Artikelen.")


class NotChosen(Shape):
    """Een geldende regel die niet is gekozen."""

    rule: str = Field(description="Kenmerk van de regel.")
    because: str = Field(description="De eerste voorwaarde die niet klopte.", examples=["age.under:18"])


class DerivedFact(Shape):
    """Een feit dat de dienst heeft afgeleid."""

    fact: str = Field(description="Het feit.")
    value: str = Field(description="De waarde.")
    derived_from: list[str] = Field(description="De feiten waaruit.")


class Route(Shape):
    """Het antwoord voor één probleemgebied onder één onderdeel van de wet."""

    problem_domain: ProblemDomain = Field(description="Probleemgebied.")
    outcome: Outcome = Field(description="Uitkomst van deze route.")
    legal_framework: LegalFramework | None = Field(description="De wet.")
    provision: Provision | None = Field(description="Het onderdeel van de wet.")
    confidence: Confidence | None = Field(description="Hoe zeker de regel is.")
    human_review: bool = Field(description="Waar als een mens moet meekijken.")
    responsible: Responsible | None = Field(description="Verantwoordelijke instantie.")
    receivers: list[Receiver] = Field(description="Ontvangers, op volgorde.")
    on_behalf_of: MunicipalityReference | None = Field(description="Namens welke gemeente het team werkt.")
    agreement_id: str | None = Field(description="De afspraak tussen gemeenten die geldt.")
    consent: RouteConsent | None = Field(description="Toestemming.")
    rule: RuleReference | None = Field(description="De regel die besliste.")
    presumed: list[str] = Field(description="Feiten die niet verteld zijn en zijn aangenomen.")
    derived_facts: list[DerivedFact] = Field(description="Afgeleide feiten.")
    not_chosen: list[NotChosen] = Field(description="Regels die niet zijn gekozen.")
    explanation: Text = Field(description="Uitleg van deze route.")


class Coordinator(Shape):
    """Het team dat het geheel bewaakt."""

    kind: ReceiverKind = Field(description="Soort ontvanger.")
    team_id: str | None = Field(description="Team in het register.")
    name: str | None = Field(description="Naam.")


class Warning(Shape):
    """Iets dat de lezer moet weten (LAW 11.2)."""

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$", description="Vaste code.", examples=["AGE_18_TOMORROW"])
    on: IsoDate | None = Field(description="Dag waarop het speelt.")
    municipality: MunicipalityReference | None = Field(description="Gemeente waarover het gaat.")
    problem_domains: list[ProblemDomain] = Field(description="Probleemgebieden; leeg: alle.")
    text: Text = Field(description="De waarschuwing.")


class Decides(Shape):
    """Wat het antwoord op een vraag beslist."""

    problem_domain: ProblemDomain = Field(description="Probleemgebied.")
    provisions: list[Provision] = Field(description="Onderdelen van de wet waartussen het gaat.")


class Question(Shape):
    """Een feit waarvan een andere waarde een route verandert."""

    fact: str = Field(description="Plaats van het feit in de aanvraag.", examples=["circumstances.youthHelp"])
    blocking: bool = Field(description="Waar als de route op het antwoord wacht.")
    decides: list[Decides] = Field(description="Wat het antwoord beslist.")
    text: Text = Field(description="De vraag.")


class Contradiction(Shape):
    """Feiten die elkaar uitsluiten."""

    facts: list[str] = Field(description="De feiten.")
    text: Text = Field(description="Wat er niet klopt.")


class Deadline(Shape):
    """Een termijn vanaf het moment van aanbieden (LAW 11.1)."""

    kind: str = Field(description="Soort termijn.", examples=["first_contact"])
    days: int = Field(description="Aantal dagen.")
    unit: DeadlineUnit = Field(description="Kalender- of werkdagen.")
    basis: str = Field(description="Waarop de termijn rust.", examples=["F-10"])
    problem_domains: list[ProblemDomain] = Field(description="Probleemgebieden; leeg: alle.")


class ChangedRoute(Shape):
    """Wat een route op een latere dag is."""

    problem_domain: ProblemDomain = Field(description="Probleemgebied.")
    provision: Provision | None = Field(
        description="Onderdeel van de wet; null als er dan informatie ontbreekt."
    )


class NextChange(Shape):
    """De eerste latere dag waarop een route anders is, als verder alles gelijk blijft."""

    on: IsoDate = Field(description="De dag.")
    because: str = Field(description="Waardoor.", examples=["age:18"])
    routes: list[ChangedRoute] = Field(description="De routes die veranderen.")


class RulebookReference(Shape):
    """Het regelboek waarmee is beslist."""

    version: str = Field(description="Versie.", examples=["2026.1"])
    hash: str = Field(pattern=r"^sha256:[0-9a-f]{64}$", description="SHA-256 van de regelbestanden.")
    checked_until: IsoDate = Field(description="Tot en met welke dag de wet is nagelezen.")


class DirectoryReference(Shape):
    """De uitgave van het register waarmee is beslist."""

    edition: int = Field(description="Nummer van de uitgave.")
    read_for: IsoDate = Field(description="De dag waarvoor het register is gelezen.")


class Age(Shape):
    """Leeftijd op de peildatum."""

    years: int = Field(description="Hele jaren.")
    born_on: IsoDate | None = Field(description="Geboortedag, als die bekend is.")


class Decision(Shape):
    """Het besluit: per probleemgebied de wet, de verantwoordelijke en de ontvanger; een voorstel."""

    outcome: Outcome = Field(description="De slechtste uitkomst van de routes.")
    reference_date: IsoDate = Field(description="Peildatum.")
    rulebook: RulebookReference = Field(description="Regelboek.")
    directory: DirectoryReference = Field(description="Register.")
    age: Age | None = Field(description="Leeftijd, als die bekend is.")
    routes: list[Route] = Field(description="Ten minste één per probleemgebied.")
    coordinator: Coordinator | None = Field(description="Wie het geheel bewaakt.")
    warnings: list[Warning] = Field(description="Waarschuwingen.")
    questions: list[Question] = Field(description="Vragen; een open vraag houdt alleen de eigen route tegen.")
    contradictions: list[Contradiction] = Field(description="Tegenstrijdigheden.")
    deadlines: list[Deadline] = Field(description="Termijnen.")
    next_change: NextChange | None = Field(description="Eerstvolgende verandering voor de 28e verjaardag.")
    explanation: Text = Field(description="Uitleg van het geheel.")
