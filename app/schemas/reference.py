"""Municipalities, postcodes and rules as they are answered."""

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
)


class MunicipalityItem(Shape):
    """Een gemeente van nu met de regio's waarin zij ligt."""

    code: str = Field(pattern=r"^[0-9]{4}$", description="Gemeentecode, vier cijfers.", examples=["0193"])
    name: str = Field(description="Naam.", examples=["Zwolle"])
    cbs_name: str = Field(description="Naam zoals het CBS die schrijft.")
    province: str = Field(description="Provincie.")
    regions: list[Region] = Field(description="Regio's.")


class MunicipalityList(Shape):
    """Alle gemeenten van nu, op code."""

    items: list[MunicipalityItem] = Field(description="Gemeenten.")


class PostcodeMunicipality(Shape):
    """Een gemeente die een postcodegebied raakt."""

    municipality: MunicipalityReference = Field(description="Gemeente.")
    share: float | None = Field(description="Aandeel van het gebied, 0 tot 1.")


class PostcodeItem(Shape):
    """De gemeenten die de vier cijfers van een postcode raken, de grootste eerst."""

    pc4: str = Field(pattern=r"^[1-9][0-9]{3}$", description="Vier cijfers.", examples=["8261"])
    place_name: str | None = Field(description="Woonplaats.")
    municipalities: list[PostcodeMunicipality] = Field(description="Gemeenten; alleen een enkele is zeker.")


class RuleReceiver(Shape):
    """Een ontvanger die een regel noemt."""

    role: ReceiverRole = Field(description="Rol.")
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

    id: str = Field(description="Kenmerk.", examples=["jw.mental-health.minor"])
    act: str = Field(description="Regelbestand.")
    legal_framework: LegalFramework = Field(description="De wet.")
    provision: Provision = Field(description="Onderdeel van de wet.")
    limb: str = Field(description="Deel van het antwoord waarin de regel meedingt.")
    problem_domains: list[ProblemDomain] = Field(description="Probleemgebieden.")
    when: list[str] = Field(description="Voorwaarden; alle moeten kloppen.", examples=[["age.under:18"]])
    conditions: list[Text] = Field(description="Dezelfde voorwaarden in woorden.")
    valid_from: IsoDate = Field(description="Eerste dag.")
    valid_to: IsoDate | None = Field(description="Laatste dag.")
    confidence: Confidence = Field(description="Hoe zeker.")
    citations: list[Citation] = Field(description="Artikelen.")
    receivers: list[RuleReceiver] = Field(description="Ontvangers, als de regel er eigen noemt.")
    residence: str | None = Field(description="Wiens woonplaats beslist, als dat niet de student is.")
    consent: str | None = Field(description="Toestemming, als de wet die zelf regelt.")
    warnings: list[str] = Field(description="Waarschuwingen die de regel geeft.")
    deadlines: list[str] = Field(description="Termijnen die bij de regel horen.")
    order: int = Field(description="Volgorde binnen het deel van het antwoord; de laagste wint.")
    because: Text = Field(description="Waarom.")
    example: dict[str, str] = Field(description="Feiten waarvoor de regel geldt; de rest is gewoon.")
    counterexample: dict[str, str] = Field(description="Feiten waarvoor de regel niet geldt.")
    neighbours: RuleNeighbours = Field(description="Regels ernaast, ervoor en erna.")


class RuleList(Shape):
    """Alle regels van het geladen regelboek."""

    items: list[RuleItem] = Field(description="Regels.")
