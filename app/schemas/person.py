"""The people and the school in a request: student, referrer, consents, school."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from app.schemas.base import IsoDate, Line, Municipality, Shape, ShortLine
from app.schemas.words import ConsentGiver, ConsentPurpose, ReceiverKind

Postcode = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3}( ?[A-Za-z]{2})?$")]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^\s@<>\x00-\x1f]+@[^\s@<>\x00-\x1f]+$")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{2,30}$")]


class Student(Shape):
    """De student over wie het gaat. Zonder BSN: dat voegt de gemeente zelf toe."""

    student_number: ShortLine | None = Field(
        None,
        description="Studentnummer van de school, nooit een BSN of onderwijsnummer.",
        examples=["S0012345"],
    )
    first_names: Line | None = Field(
        None, description="Voornamen. Verplicht voor een verwijzing.", examples=["Sanne"]
    )
    surname: Line | None = Field(
        None,
        description="Geslachtsnaam met voorvoegsels. Verplicht voor een verwijzing.",
        examples=["Voorbeeld"],
    )
    birth_date: IsoDate | None = Field(
        None, description="Geboortedatum. Verplicht, of `age` als zij niet bekend is."
    )
    age: int | None = Field(
        None,
        ge=0,
        le=120,
        description="Leeftijd in hele jaren op de peildatum, als de geboortedatum onbekend is.",
    )
    postcode: Postcode | None = Field(
        None,
        description="Postcode van het woonadres; de vier cijfers volstaan voor een besluit.",
        examples=["8261AA"],
    )
    house_number: ShortLine | None = Field(None, description="Huisnummer met toevoeging.")
    email: Email | None = Field(None, description="E-mailadres.", examples=["sanne@example.org"])
    phone: Phone | None = Field(
        None, description="Telefoonnummer, bij voorkeur met landcode.", examples=["+31600000000"]
    )


class School(Shape):
    """De school die verwijst; zij bepaalt de kerngemeente."""

    brin: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}$")] | None = Field(
        None, description="BRIN van de instelling.", examples=["00ZZ"]
    )
    location: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}[A-Z]{2}[0-9]{2}$")] | None = Field(
        None, description="Vestiging: BRIN met twee cijfers.", examples=["00ZZ01"]
    )
    core_municipality: Municipality | None = Field(
        None, description="Kerngemeente; gaat voor die van het register. V2 en V3 hebben er een nodig."
    )


class Referrer(Shape):
    """De medewerker van de school die verwijst en het voorstel bevestigt."""

    name: Line = Field(description="Naam van de verwijzer.")
    role: ShortLine | None = Field(None, description="Functie.", examples=["school_social_worker"])
    email: Email | None = Field(None, description="E-mailadres.", examples=["sanne@example.org"])
    phone: Phone | None = Field(
        None, description="Telefoonnummer, bij voorkeur met landcode.", examples=["+31600000000"]
    )


def _recipients_kind(value: object) -> str:
    return "list" if isinstance(value, list) else "all"


class Consent(Shape):
    """Toestemming of weigering van de student of een ouder, per doel en per soort ontvanger."""

    given_by: ConsentGiver = Field(description="Wie toestemming gaf of weigerde.")
    given_on: IsoDate = Field(description="De dag waarop.")
    purpose: ConsentPurpose = Field(
        description="Waarvoor: doorverwijzen, terugkoppelen of contact met de ouders."
    )
    recipients: Annotated[
        Annotated[Literal["all"], Tag("all")]
        | Annotated[list[ReceiverKind], Field(min_length=1, max_length=40), Tag("list")],
        Discriminator(_recipients_kind),
    ] = Field(description="Voor welke ontvangers: `all`, of een lijst van soorten ontvangers.")
    refused: bool = Field(
        False, description="Waar als de toestemming is geweigerd of ingetrokken; afwezig is onwaar."
    )
