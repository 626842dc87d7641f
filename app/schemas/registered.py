"""Teams, schools and agreements as they are answered (CONTRACT 4)."""

from pydantic import Field

from app.schemas.base import IsoDate, Shape
from app.schemas.decision import Contact, MunicipalityReference
from app.schemas.directory import Ages, Terms
from app.schemas.words import Mandate, Payer, ProblemDomain, Provision, SupportVariant, TeamKind


class Coverage(Shape):
    """Voor wie een team werkt; alles leeg: voor de hele eigen gemeente."""

    municipalities: list[MunicipalityReference] = Field(description="Gemeenten, naast de eigen.")
    pc4: list[str] = Field(description="Postcodes, elk vier cijfers.")
    schools: list[str] = Field(description="Scholen (BRIN) of vestigingen (BRIN met twee cijfers).")
    regions: list[str] = Field(description="Regiocodes.")


class RegisteredTeam(Shape):
    """Een team van het register."""

    id: str = Field(description="Kenmerk, gekozen door de eigenaar.", examples=["kampen-wijkteam"])
    kind: TeamKind = Field(description="Soort ontvanger.")
    name: str = Field(description="Naam.")
    organisation: str = Field(description="Eigenaar: gemeentecode, BRIN of regiocode.", examples=["0166"])
    municipality: MunicipalityReference = Field(description="Gemeente waar het team werkt.")
    coverage: Coverage = Field(description="Voor wie het team werkt.")
    contact: Contact | None = Field(description="Wie te bellen.")
    expertise: list[ProblemDomain] = Field(description="Probleemgebieden; leeg: alle.")
    ages: Ages = Field(description="Voor welke leeftijden.")
    confirmed_on: IsoDate | None = Field(description="Dag waarop de eigenaar dit voor het laatst bevestigde.")
    terms: Terms = Field(description="Hoe snel het team wil reageren.")
    valid_from: IsoDate = Field(description="Eerste dag.")
    valid_to: IsoDate | None = Field(description="Laatste dag; null: tot nader bericht.")


class TeamList(Shape):
    """Een bladzijde teams."""

    items: list[RegisteredTeam] = Field(description="Teams, op id.")


class RegisteredSchool(Shape):
    """Een school van het register."""

    id: str = Field(description="Kenmerk.", examples=["mbo-voorbeeld-zwolle"])
    brin: str = Field(description="BRIN van de instelling.", examples=["00ZZ"])
    name: str = Field(description="Naam.")
    locations: list[str] = Field(description="Vestigingen: BRIN met twee cijfers.")
    core_municipality: MunicipalityReference = Field(description="Kerngemeente van de regio van de school.")
    valid_from: IsoDate = Field(description="Eerste dag.")
    valid_to: IsoDate | None = Field(description="Laatste dag; null: tot nader bericht.")


class SchoolList(Shape):
    """Een bladzijde scholen."""

    items: list[RegisteredSchool] = Field(description="Scholen, op id.")


class RegisteredAgreement(Shape):
    """Een afspraak van het register. Een lijst die null is: alle."""

    id: str = Field(description="Kenmerk.", examples=["raalte-zwolle"])
    home_municipality: MunicipalityReference = Field(description="Woongemeente.")
    core_municipality: MunicipalityReference = Field(description="Kerngemeente.")
    schools: list[str] | None = Field(description="Alleen voor deze scholen (BRIN).")
    support_variants: list[SupportVariant] | None = Field(description="Alleen in deze varianten.")
    provisions: list[Provision] | None = Field(description="Alleen voor deze onderdelen van de wet.")
    mandate: Mandate = Field(description="Meedenken, hulp bieden, of ook beslissen namens de woongemeente.")
    payer: Payer = Field(description="Wie betaalt.")
    note: str | None = Field(description="Toelichting.")
    valid_from: IsoDate = Field(description="Eerste dag.")
    valid_to: IsoDate | None = Field(description="Laatste dag; null: tot nader bericht.")


class AgreementList(Shape):
    """Een bladzijde afspraken."""

    items: list[RegisteredAgreement] = Field(description="Afspraken, op id.")
