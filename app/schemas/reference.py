"""Municipalities, postcodes and rules as they are answered."""

from typing import Literal

from pydantic import Field

from app.schemas.base import IsoDate, Shape
from app.schemas.decision import Citation, MunicipalityReference, Region, Text
from app.schemas.words import LegalFramework, ProblemDomain, Provision, ReceiverKind


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

    role: Literal["primary", "alternative", "alongside", "bridging"] = Field(description="Rol.")
    kind: ReceiverKind | Literal["team", "onsite"] = Field(
        description="Soort ontvanger; `team`: het team van de variant, `onsite`: het team op school."
    )


class RuleItem(Shape):
    """Een regel van het regelboek, met de dagen waarop die geldt en de artikelen waarop die rust."""

    id: str = Field(description="Kenmerk.", examples=["jw.mental-health.minor"])
    act: str = Field(description="Regelbestand.")
    legal_framework: LegalFramework = Field(description="De wet.")
    provision: Provision = Field(description="Onderdeel van de wet.")
    limb: str = Field(description="Deel van het antwoord waarin de regel meedingt.")
    problem_domains: list[ProblemDomain] = Field(description="Probleemgebieden.")
    when: list[str] = Field(description="Voorwaarden; alle moeten kloppen.", examples=[["age.under:18"]])
    valid_from: IsoDate = Field(description="Eerste dag.")
    valid_to: IsoDate | None = Field(description="Laatste dag.")
    confidence: Literal["high", "medium", "low"] = Field(description="Hoe zeker.")
    citations: list[Citation] = Field(description="Artikelen.")
    receivers: list[RuleReceiver] = Field(description="Ontvangers, als de regel er eigen noemt.")
    because: Text = Field(description="Waarom.")


class RuleList(Shape):
    """Alle regels van het geladen regelboek."""

    items: list[RuleItem] = Field(description="Regels.")
