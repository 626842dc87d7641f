"""Teams, schools and agreements as clients register them (CONTRACT 4)."""

from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag

from app.schemas.base import IsoDate, Line, Municipality, RecordId, Shape, refused
from app.schemas.decision import MunicipalityReference
from app.schemas.person import Email, Phone
from app.schemas.words import DeadlineUnit, Mandate, Payer, ProblemDomain, Provision, SupportVariant, TeamKind

T = TypeVar("T")

MOST_CODES: Final = 2000


def _no_formula(text: str) -> str:
    """Directories are edited in spreadsheets, which compute what starts like a formula."""
    if text.startswith(("=", "+", "-", "@")):
        raise refused("text.formula")
    return text


Words = Annotated[Line, AfterValidator(_no_formula)]


def _form(value: object) -> str:
    return "answered" if isinstance(value, dict | MunicipalityReference) else "text"


# What is answered as `{code, name}` may be sent back so.
AnyMunicipality = Annotated[
    Annotated[Municipality, Tag("text")] | Annotated[MunicipalityReference, Tag("answered")],
    Discriminator(_form),
]
Brin = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}$")]
Location = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}[0-9]{2}$")]
BrinOrLocation = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}([0-9]{2})?$")]
Pc4 = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Age = Annotated[int, Field(ge=0, le=120)]
Days = Annotated[int, Field(ge=1, le=90)]
Codes = Annotated[list[T], Field(max_length=MOST_CODES)]


class CoverageRequest(Shape):
    """Voor wie het team werkt. Leeg: voor de hele eigen gemeente.

    Het meest precieze gaat voor: postcode, vestiging, school, gemeente, regio.
    """

    municipalities: Codes[AnyMunicipality] = Field(
        default_factory=list, description="Gemeenten, naast de eigen."
    )
    pc4: Codes[Pc4] = Field(default_factory=list, description="Postcodes, elk vier cijfers.")
    schools: Codes[BrinOrLocation] = Field(
        default_factory=list, description="Scholen (BRIN) of vestigingen (BRIN met twee cijfers)."
    )
    regions: Codes[Code] = Field(
        default_factory=list, description="Regiocodes, zoals bij GET /municipalities."
    )


class TeamContact(Shape):
    """Vast aanspreekpunt van een team en diens vervanger."""

    name: Words = Field(description="Naam van het aanspreekpunt.")
    phone: Phone = Field(description="Telefoonnummer.")
    email: Email | None = Field(None, description="E-mailadres.")
    deputy: Words | None = Field(None, description="Naam van de vervanger.")


class Ages(Shape):
    """Leeftijden in hele jaren, beide grenzen inbegrepen; zonder grens: geen."""

    from_: Age | None = Field(None, alias="from", description="Jongste leeftijd.")
    to: Age | None = Field(None, description="Oudste leeftijd.")


class Terms(Shape):
    """Hoe snel een team wil reageren. Wat ontbreekt, volgt de dienst; termijnen van de wet blijven staan."""

    acknowledge_within_days: Days | None = Field(
        None, description="Dagen na het aanbod om de ontvangst te bevestigen of aan te nemen."
    )
    first_contact_within_days: Days | None = Field(
        None, description="Dagen na het aanbod voor het eerste contact; zonder: acht."
    )
    answer_within_days: Days | None = Field(
        None, description="Dagen om een vraag van het team te beantwoorden; zonder: veertien."
    )
    unit: DeadlineUnit = Field(
        "calendar", description="Waarin deze termijnen tellen: kalender- of werkdagen."
    )


class _Registered(Shape):
    """What every thing of the directory has: days of validity, and its own id for who sends it back."""

    id: RecordId | None = Field(None, description="Mag mee; dan gelijk aan die in het adres.")
    valid_from: IsoDate = Field(description="Eerste dag.")
    valid_to: IsoDate | None = Field(None, description="Laatste dag; zonder: tot nader bericht.")


class TeamRequest(_Registered):
    """Een team zoals de eigenaar het inschrijft."""

    kind: TeamKind = Field(description="Soort ontvanger.")
    name: Words = Field(description="Naam, zoals verwijzers die zien.")
    organisation: Code = Field(description="Eigenaar: gemeentecode, BRIN of regiocode.", examples=["0193"])
    municipality: AnyMunicipality = Field(description="Gemeente waar het team werkt.")
    coverage: CoverageRequest = Field(default_factory=CoverageRequest, description="Voor wie het team werkt.")
    contact: TeamContact = Field(description="Wie te bellen.")
    expertise: Annotated[list[ProblemDomain], Field(max_length=18)] = Field(
        default_factory=list, description="Probleemgebieden; leeg: alle."
    )
    ages: Ages = Field(default_factory=Ages, description="Voor welke leeftijden.")
    confirmed_on: IsoDate = Field(
        description="Dag waarop de eigenaar deze gegevens voor het laatst bevestigde."
    )
    terms: Terms = Field(default_factory=Terms, description="Hoe snel het team wil reageren.")


class SchoolRequest(_Registered):
    """Een school met haar kerngemeente."""

    brin: Brin = Field(description="BRIN van de instelling.", examples=["00ZZ"])
    name: Words = Field(description="Naam.")
    locations: Annotated[list[Location], Field(max_length=500)] = Field(
        default_factory=list, description="Vestigingen: BRIN met twee cijfers."
    )
    core_municipality: AnyMunicipality = Field(description="Kerngemeente van de regio van de school.")


class AgreementRequest(_Registered):
    """Wat de kerngemeente mag doen voor inwoners van de woongemeente. Een lijst die ontbreekt: alle."""

    home_municipality: AnyMunicipality = Field(description="Woongemeente.")
    core_municipality: AnyMunicipality = Field(description="Kerngemeente.")
    schools: Annotated[list[Brin], Field(min_length=1, max_length=500)] | None = Field(
        None, description="Alleen voor deze scholen (BRIN)."
    )
    support_variants: Annotated[list[SupportVariant], Field(min_length=1, max_length=3)] | None = Field(
        None, description="Alleen in deze varianten."
    )
    provisions: Annotated[list[Provision], Field(min_length=1, max_length=20)] | None = Field(
        None, description="Alleen voor deze onderdelen van de wet."
    )
    mandate: Mandate = Field(description="Meedenken, hulp bieden, of ook beslissen namens de woongemeente.")
    payer: Payer = Field(description="Wie betaalt.")
    note: Words | None = Field(None, description="Toelichting, zonder persoonsgegevens.")
