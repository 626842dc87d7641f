"""Municipalities, postcodes, youth-protection organisations and rules as they are answered."""

from pydantic import Field

from app.schemas.base import IsoDate, Shape
from app.schemas.decision import Citation, MunicipalityReference, Region, Text
from app.schemas.words import (
    Confidence,
    LegalFramework,
    ProblemDomain,
    Provision,
    ReceiverKind,
    ReceiverRole,
    VariantReceiver,
    YouthProtectionKind,
)


class MunicipalityItem(Shape):
    """Een gemeente van nu met de regio's waarin zij ligt."""

    code: str = Field(pattern=r"^[0-9]{4}$", description="Gemeentecode, vier cijfers.", examples=["0193"])
    name: str = Field(description="Naam volgens de BRP.", examples=["Zwolle"])
    cbs_name: str = Field(description="Naam zoals het CBS die schrijft.")
    province: str = Field(description="Naam van de provincie.", examples=["Overijssel"])
    regions: list[Region] = Field(description="De regio's waarin de gemeente ligt, één per soort.")


class MunicipalityList(Shape):
    """Alle gemeenten van nu, op code."""

    items: list[MunicipalityItem] = Field(description="De gemeenten, op code.")


class PostcodeMunicipality(Shape):
    """Een gemeente die een postcodegebied raakt."""

    municipality: MunicipalityReference = Field(description="De gemeente.")
    share: float | None = Field(
        description="Deel van het postcodegebied dat in deze gemeente ligt, 0 tot 1; null als onbekend.",
        ge=0,
        le=1,
    )


class PostcodeItem(Shape):
    """De gemeenten die de vier cijfers van een postcode raken, de grootste eerst."""

    pc4: str = Field(pattern=r"^[1-9][0-9]{3}$", description="Vier cijfers.", examples=["8261"])
    place_name: str | None = Field(description="Woonplaats, als die bekend is.")
    municipalities: list[PostcodeMunicipality] = Field(description="Gemeenten; alleen een enkele is zeker.")


class YouthProtectionOrganisation(Shape):
    """Een instelling van de jeugdbescherming met haar bezoekadres."""

    code: str = Field(description="Code in de landelijke lijst.", examples=["AST106"])
    kind: YouthProtectionKind = Field(
        description="Gecertificeerde instelling (GI), of Raad voor de Kinderbescherming."
    )
    name: str = Field(description="Naam.", examples=["Jeugdbescherming Overijssel Regiokantoor IJsselland"])
    street: str = Field(description="Straat van het bezoekadres; leeg als de lijst die niet geeft.")
    house_number: str = Field(description="Huisnummer met toevoeging.")
    postcode: str = Field(description="Postcode.", examples=["8021JB"])
    city: str = Field(description="Woonplaats.", examples=["Zwolle"])
    valid_from: IsoDate | None = Field(description="Eerste dag; leeg als die niet bekend is.")
    valid_to: IsoDate | None = Field(description="Laatste dag; leeg als er geen einde bekend is.")


class YouthProtectionOrganisationList(Shape):
    """De instellingen van de jeugdbescherming, op code."""

    items: list[YouthProtectionOrganisation] = Field(description="Instellingen.")


class RuleReceiver(Shape):
    """Een ontvanger die een regel noemt."""

    role: ReceiverRole = Field(description="Rol bij de route.")
    kind: ReceiverKind | VariantReceiver = Field(
        description="Soort ontvanger; `team`: het team van de variant, `onsite`: het team op school."
    )


class RuleNeighbours(Shape):
    """Kenmerken van de regels die naast deze staan."""

    before: list[str] = Field(description="Gaan hiervoor in de volgorde.")
    after: list[str] = Field(description="Komen hierna in de volgorde.")
    earlier: list[str] = Field(description="Golden tot de dag voor deze regel begon.")
    later: list[str] = Field(description="Gelden vanaf de dag nadat deze regel eindigt.")


class RuleItem(Shape):
    """Een regel van het regelboek, met de dagen waarop die geldt en de artikelen waarop die rust."""

    id: str = Field(description="Kenmerk van de regel.", examples=["jw.mental-health.minor"])
    act: str = Field(description="Naam van het regelbestand, een per wet.", examples=["jeugdwet"])
    legal_framework: LegalFramework = Field(description="De wet.")
    provision: Provision = Field(description="Onderdeel van de wet.")
    limb: str = Field(description="Deel van het antwoord waarin de regel meedingt.")
    problem_domains: list[ProblemDomain] = Field(description="De probleemgebieden waarvoor de regel geldt.")
    when: list[str] = Field(description="Voorwaarden; alle moeten kloppen.", examples=[["age.under:18"]])
    conditions: list[Text] = Field(description="Dezelfde voorwaarden in woorden.")
    valid_from: IsoDate = Field(description="Eerste dag waarop de regel geldt.")
    valid_to: IsoDate | None = Field(description="Laatste dag waarop de regel geldt; null als die open is.")
    confidence: Confidence = Field(description="Hoe zeker de regel is.")
    citations: list[Citation] = Field(description="De artikelen waarop de regel rust.")
    receivers: list[RuleReceiver] = Field(description="Ontvangers, als de regel er eigen noemt.")
    residence: str | None = Field(description="Wiens woonplaats beslist, als dat niet de student is.")
    consent: str | None = Field(description="Toestemming, als de wet die zelf regelt.")
    warnings: list[str] = Field(description="Codes van de waarschuwingen die de regel geeft.")
    deadlines: list[str] = Field(description="Termijnen die bij de regel horen.")
    order: int = Field(description="Volgorde binnen het deel van het antwoord; de laagste wint.")
    because: Text = Field(description="Waarom deze regel geldt.")
    example: dict[str, str] = Field(
        description="Feiten waarvoor de regel geldt, als naam en waarde; wat er niet staat is het gewone."
    )
    counterexample: dict[str, str] = Field(
        description="Feiten waarvoor de regel niet geldt, als naam en waarde."
    )
    neighbours: RuleNeighbours = Field(description="Regels ernaast, ervoor en erna.")


class RuleList(Shape):
    """Alle regels van het geladen regelboek."""

    items: list[RuleItem] = Field(description="De regels.")
