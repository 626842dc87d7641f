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
    """Dezelfde tekst in het Nederlands en het Engels."""

    nl: str = Field(description="In het Nederlands, taalniveau B1.")
    en: str = Field(description="In het Engels.")


class MunicipalityReference(Shape):
    """Een gemeente van nu: vier cijfers en de naam."""

    code: str = Field(pattern=r"^[0-9]{4}$", description="Gemeentecode, vier cijfers.", examples=["0193"])
    name: str = Field(max_length=80, description="Naam volgens het referentiebestand.", examples=["Zwolle"])


class Region(Shape):
    """Een regio waarin gemeenten samenwerken."""

    type: str = Field(
        description="Soort regio: `veilig_thuis`, `rmc`, `youth`, `safety`, `ggd` of `labour_market`.",
        examples=["rmc"],
    )
    code: str = Field(description="Code van de regio bij het CBS; zonder codes de naam in kleine letters.")
    name: str = Field(description="Naam van de regio.")


class Responsible(Shape):
    """De verantwoordelijke instantie, volgens de woonplaatstoets van de wet."""

    kind: ResponsibleKind = Field(description="Soort instantie.")
    municipality: MunicipalityReference | None = Field(
        description="De gemeente; null als het er geen is of die nog niet bekend is."
    )
    region: Region | None = Field(description="De regio; null als de instantie geen regio is.")
    test: str | None = Field(
        description="De woonplaatstoets die dit zegt; null als er geen toets nodig is.", examples=["JW-20"]
    )


class Contact(Shape):
    """Vast aanspreekpunt van een team en diens vervanger."""

    name: str | None = Field(description="Naam van het vaste aanspreekpunt.")
    phone: str | None = Field(description="Telefoonnummer.")
    email: str | None = Field(description="E-mailadres.")
    deputy: str | None = Field(description="Naam van de vervanger.")


class Receiver(Shape):
    """Wie een route ontvangt, in welke rol, en hoe die te bereiken is."""

    role: ReceiverRole = Field(description="Rol bij deze route.")
    channel: Channel = Field(description="Hoe de ontvanger te bereiken is.")
    kind: ReceiverKind = Field(description="Soort ontvanger.")
    team_id: str | None = Field(description="Kenmerk van het team, als het in het register staat.")
    name: str | None = Field(description="Naam van het team of de instantie, als die bekend is.")
    organisation: str | None = Field(
        description="Code van de organisatie waar het team onder valt, als die bekend is."
    )
    municipality: MunicipalityReference | None = Field(
        description="Gemeente van de ontvanger; null als die er niet een heeft."
    )
    region: Region | None = Field(description="Regio van de ontvanger; null als die er niet een heeft.")
    contact: Contact | None = Field(description="Vast aanspreekpunt, als het team er een opgaf.")
    derived: bool = Field(description="Waar als niemand de ontvanger registreerde en hij is afgeleid.")


class RouteConsent(Shape):
    """Wiens toestemming nodig is en of die er is."""

    required: ConsentRequired = Field(description="Wiens toestemming nodig is, of waarom er geen nodig is.")
    given: bool = Field(description="Waar als de toestemming er is, of niet nodig is.")


class Citation(Shape):
    """Een wetsartikel, en hoe zeker de lezing ervan is ."""

    act: str = Field(description="Naam van de wet of bron.", examples=["Jeugdwet"])
    article: str = Field(description="Artikel met lid of onderdeel.", examples=["1.1"])
    source: str = Field(description="BWB-id of andere bron.", examples=["BWBR0034925"])
    status: CitationStatus = Field(description="Hoe zeker de lezing is: P, de wettekst zelf, is het zekerst.")
    text_of: IsoDate | None = Field(description="De dag waarvan de gelezen tekst is, als die bekend is.")


class RuleReference(Shape):
    """De regel die besliste, met de artikelen waarop die rust."""

    id: str = Field(description="Kenmerk van de regel.", examples=["jw.mental-health.minor"])
    citations: list[Citation] = Field(description="De artikelen waarop de regel rust.")


class NotChosen(Shape):
    """Een geldende regel die niet is gekozen."""

    rule: str = Field(description="Kenmerk van de regel.")
    because: str = Field(
        description="De eerste voorwaarde die niet klopte, zoals in `when` van de regel.",
        examples=["age.under:18"],
    )


class DerivedFact(Shape):
    """Een feit dat de dienst heeft afgeleid uit wat is verteld."""

    fact: str = Field(
        description="Naam van het feit, zoals in de voorwaarden van regels.", examples=["extension"]
    )
    value: str = Field(description="De waarde, zoals in de voorwaarden van regels.", examples=["open"])
    derived_from: list[str] = Field(
        description="Plaatsen in de aanvraag van de feiten waaruit het is afgeleid."
    )


class Route(Shape):
    """Het antwoord voor één probleemgebied onder één onderdeel van de wet."""

    problem_domain: ProblemDomain = Field(description="Probleemgebied.")
    outcome: Outcome = Field(description="Uitkomst van deze route.")
    legal_framework: LegalFramework | None = Field(description="De wet; null als nog geen regel besliste.")
    provision: Provision | None = Field(
        description="Het onderdeel van de wet; null als nog geen regel besliste."
    )
    confidence: Confidence | None = Field(description="Hoe zeker de regel is.")
    human_review: bool = Field(description="Waar als eerst een mens moet meekijken.")
    responsible: Responsible | None = Field(
        description="De verantwoordelijke instantie; null als die nog niet bekend is."
    )
    receivers: list[Receiver] = Field(description="De ontvangers, op volgorde: eerst `primary`.")
    on_behalf_of: MunicipalityReference | None = Field(
        description="De gemeente namens wie het team van een andere gemeente werkt; anders null."
    )
    agreement_id: str | None = Field(
        description="Kenmerk van de afspraak tussen gemeenten die geldt; anders null."
    )
    consent: RouteConsent | None = Field(description="Toestemming; null als nog geen regel besliste.")
    rule: RuleReference | None = Field(description="De regel die besliste; null als nog geen regel besliste.")
    presumed: list[str] = Field(
        description="Plaatsen in de aanvraag van feiten die niet verteld zijn en zijn aangenomen.",
        examples=[["residence.stay"]],
    )
    derived_facts: list[DerivedFact] = Field(
        description="Feiten die de dienst heeft afgeleid en die deze route bepalen."
    )
    not_chosen: list[NotChosen] = Field(description="Geldende regels die niet zijn gekozen, met de reden.")
    explanation: Text = Field(description="Uitleg van deze route.")


class Coordinator(Shape):
    """Het team dat het geheel bewaakt."""

    kind: ReceiverKind = Field(description="Soort ontvanger.")
    team_id: str | None = Field(description="Kenmerk van het team in het register, als het daar in staat.")
    name: str | None = Field(description="Naam, als die bekend is.")


class Warning(Shape):
    """Iets dat de lezer moet weten; de code ligt vast, de tekst kan beter worden."""

    code: str = Field(
        pattern=r"^[A-Z][A-Z0-9_]*$",
        description="Vaste code; er kunnen codes bij komen.",
        examples=["AGE_18_TOMORROW"],
    )
    on: IsoDate | None = Field(description="De dag waarop het speelt, als er een is.")
    municipality: MunicipalityReference | None = Field(
        description="De gemeente waarover het gaat, als er een is."
    )
    problem_domains: list[ProblemDomain] = Field(
        description="De probleemgebieden waarover het gaat; leeg is alle."
    )
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
    """Vertelde feiten die elkaar uitsluiten; de routes waarom het gaat wachten."""

    facts: list[str] = Field(
        description="Plaatsen van de feiten in de aanvraag.",
        examples=[["student.postcode", "homeMunicipality"]],
    )
    text: Text = Field(description="Wat er niet klopt.")


class Deadline(Shape):
    """Een termijn vanaf het moment van aanbieden, in dagen."""

    kind: str = Field(description="Soort termijn.", examples=["first_contact"])
    days: int = Field(description="Aantal dagen; `unit` zegt welke.", examples=[8])
    unit: DeadlineUnit = Field(description="Kalender- of werkdagen.")
    basis: str = Field(description="Het artikel of de code waarop de termijn rust.", examples=["F-10"])
    problem_domains: list[ProblemDomain] = Field(
        description="De probleemgebieden waarover het gaat; leeg is alle."
    )


class ChangedRoute(Shape):
    """Wat een route op een latere dag is."""

    problem_domain: ProblemDomain = Field(description="Probleemgebied.")
    provision: Provision | None = Field(
        description="Onderdeel van de wet; null als er dan informatie ontbreekt."
    )


class NextChange(Shape):
    """De eerste latere dag waarop een route anders is, als verder alles gelijk blijft."""

    on: IsoDate = Field(description="De dag.")
    because: str = Field(
        description="Waardoor: een leeftijd, een termijn, een wet, of met `agreement:` of `team:` en het id.",
        examples=["age:18"],
    )
    routes: list[ChangedRoute] = Field(description="De routes die veranderen, en wat ze dan zijn.")


class RulebookReference(Shape):
    """Het regelboek waarmee is beslist."""

    version: str = Field(description="Versie.", examples=["2026.1"])
    hash: str = Field(
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="SHA-256 van de regelbestanden, in hexadecimale cijfers.",
    )
    checked_until: IsoDate = Field(description="Tot en met welke dag de wet is nagelezen.")


class DirectoryReference(Shape):
    """De uitgave van het register waarmee is beslist."""

    edition: int = Field(description="Nummer van de uitgave, oplopend.")
    read_for: IsoDate = Field(
        description="De dag waarvoor het is gelezen: de laatste van peildatum en vandaag."
    )


class Age(Shape):
    """Leeftijd op de peildatum."""

    years: int = Field(description="Leeftijd in hele jaren.", examples=[17])
    born_on: IsoDate | None = Field(description="Geboortedatum, als die bekend is.")


class Decision(Shape):
    """Een voorstel: per probleemgebied de wet, de verantwoordelijke instantie en de ontvanger."""

    outcome: Outcome = Field(description="De slechtste uitkomst van de routes.")
    reference_date: IsoDate = Field(description="Peildatum: de dag waarvoor de wet is gelezen.")
    rulebook: RulebookReference = Field(description="Regelboek waarmee is beslist.")
    directory: DirectoryReference = Field(description="Register waarmee is beslist.")
    age: Age | None = Field(description="Leeftijd op de peildatum, als die bekend is.")
    routes: list[Route] = Field(
        description="Ten minste één per probleemgebied; meer waar de wet twee dingen geeft."
    )
    coordinator: Coordinator | None = Field(
        description="Team dat het geheel bewaakt; null als geen team ontvangt."
    )
    warnings: list[Warning] = Field(description="Waarschuwingen.")
    questions: list[Question] = Field(description="Vragen; een open vraag houdt alleen de eigen route tegen.")
    contradictions: list[Contradiction] = Field(description="Vertelde feiten die elkaar uitsluiten.")
    deadlines: list[Deadline] = Field(description="Termijnen vanaf het aanbieden.")
    next_change: NextChange | None = Field(
        description="Eerste dag waarop een route anders wordt; null als er voor de 28e verjaardag geen is."
    )
    explanation: Text = Field(description="Uitleg van het geheel.")
