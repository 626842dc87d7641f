"""The statistics of an organisation as they are answered; what is too small to show is null or left out."""

from pydantic import Field

from app.schemas.base import IsoDate, Shape
from app.schemas.stored import TeamReference
from app.schemas.words import Closing, LegalFramework, OtherEnd, ProblemDomain, SupportVariant


class _Counted(Shape):
    count: int = Field(ge=5, description="Aantal overdrachten, nooit minder dan vijf.", examples=[12])


class LegalFrameworkCount(_Counted):
    """Overdrachten onder een wet; wie onder twee wetten valt, telt bij beide."""

    legal_framework: LegalFramework = Field(description="De wet.")


class ProblemDomainCount(_Counted):
    """Overdrachten voor een probleemgebied; wie er meer heeft, telt bij elk."""

    problem_domain: ProblemDomain = Field(description="Het probleemgebied.")


class SupportVariantCount(_Counted):
    """Overdrachten in een ondersteuningsvariant."""

    support_variant: SupportVariant = Field(description="De variant.")


class ClosingCount(_Counted):
    """Afgesloten overdrachten met een uitkomst."""

    closing: Closing = Field(description="Hoe zij zijn afgesloten.")


class OtherEndCount(_Counted):
    """Overdrachten die anders eindigden."""

    status: OtherEnd = Field(description="De laatste stand.")


class Duration(Shape):
    """Hoe lang iets duurde, in hele dagen vanaf het aanbieden."""

    median_days: int = Field(ge=0, description="De helft duurde hoogstens zo lang.", examples=[3])
    ninetieth_percentile_days: int | None = Field(
        ge=0,
        description="Negen van de tien duurden hoogstens zo lang; null bij minder dan tien.",
        examples=[9],
    )


class GroupTimes(Shape):
    """Doorlooptijden van een gemeente of een team; null waar het er minder dan vijf zijn."""

    municipality: str | None = Field(
        description="Code van de verantwoordelijke gemeente, vier cijfers; null als er geen is.",
        examples=["0193"],
    )
    team: TeamReference | None = Field(description="Het team; null voor de gemeente als geheel.")
    acknowledgement: Duration | None = Field(description="Tot het team haar zag.")
    first_contact: Duration | None = Field(description="Tot het eerste contact met de student.")
    closing: Duration | None = Field(description="Tot de hulp was afgerond of gestopt.")


class QuarterFigures(Shape):
    """Een kalenderkwartaal. Elke tabel laat weg wat onder de vijf is, en zo nodig het kleinste daarboven."""

    from_: IsoDate = Field(alias="from", description="Eerste dag.")
    to: IsoDate = Field(description="Laatste dag.")
    created: int | None = Field(
        ge=5, description="Overdrachten die ontstonden; null bij minder dan vijf.", examples=[42]
    )
    legal_frameworks: list[LegalFrameworkCount] = Field(description="Daarvan per wet.")
    problem_domains: list[ProblemDomainCount] = Field(description="Daarvan per probleemgebied.")
    support_variants: list[SupportVariantCount] = Field(description="Daarvan per ondersteuningsvariant.")
    closed: int | None = Field(
        ge=5, description="Overdrachten waarvan de hulp eindigde; null bij minder dan vijf.", examples=[31]
    )
    closings: list[ClosingCount] = Field(description="Daarvan per uitkomst.")
    ended_otherwise: int | None = Field(
        ge=5, description="Overdrachten die anders eindigden; null bij minder dan vijf.", examples=[8]
    )
    other_ends: list[OtherEndCount] = Field(description="Daarvan per laatste stand.")
    times: list[GroupTimes] = Field(
        description="Doorlooptijden van wat in dit kwartaal gebeurde, per gemeente en per team daarin."
    )


class Statistics(Shape):
    """De cijfers van de eigen organisatie."""

    settled_until: IsoDate = Field(
        description="Laatste dag waarover cijfers vaststaan, wat dertig dagen na een kwartaal is."
    )
    quarters: list[QuarterFigures] = Field(description="De kwartalen, het oudste eerst.")
