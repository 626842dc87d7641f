"""Imports and what became of their rows, as they are answered (CONTRACT 4)."""

from pydantic import AwareDatetime, Field

from app.schemas.base import Shape
from app.schemas.decision import MunicipalityReference
from app.schemas.stored import ResourceId
from app.schemas.words import FileFormat, ImportStatus, LegalFramework, RowOutcome


class ImportRows(Shape):
    """Hoe ver een import is."""

    total: int | None = Field(
        ge=0, description="Aantal rijen; null tot het bestand is bekeken.", examples=[12000]
    )
    done: int = Field(ge=0, description="Aantal rijen dat klaar is.", examples=[3500])


class ImportOutcomes(Shape):
    """Aantal rijen per uitkomst."""

    stored: int = Field(ge=0, description="Opgeslagen en overgedragen.", examples=[3300])
    already_stored: int = Field(ge=0, description="Stond er al, met dezelfde inhoud.", examples=[0])
    needs_information: int = Field(ge=0, description="Opgeslagen; er ontbreekt informatie.", examples=[120])
    needs_consent: int = Field(
        ge=0,
        description="Opgeslagen; er ontbreekt toestemming, of zij is geweigerd en alleen dat blijft.",
        examples=[40],
    )
    needs_triage: int = Field(ge=0, description="Opgeslagen; de toegang beslist.", examples=[25])
    invalid: int = Field(ge=0, description="Niet opgeslagen: er is iets mis met de rij.", examples=[14])
    conflict: int = Field(
        ge=0, description="Niet opgeslagen: dit kenmerk hoort bij een andere inhoud.", examples=[1]
    )


class _Counted(Shape):
    count: int = Field(ge=1, description="Aantal verwijzingen.", examples=[812])


class ActCount(_Counted):
    """Verwijzingen onder een wet; wie onder twee wetten valt, telt bij beide."""

    legal_framework: LegalFramework = Field(description="De wet.")


class MunicipalityCount(_Counted):
    """Verwijzingen waarvoor een gemeente verantwoordelijk is."""

    municipality: MunicipalityReference = Field(description="De gemeente.")


class TeamCount(_Counted):
    """Verwijzingen die een team ontvangt."""

    team_id: str = Field(description="Kenmerk van het team in het register.", examples=["kampen-wijkteam"])


class ImportSummary(Shape):
    """Waar de verwijzingen heen gaan; bij een proef: waar zij heen zouden gaan."""

    acts: list[ActCount] = Field(description="Per wet.")
    municipalities: list[MunicipalityCount] = Field(description="Per verantwoordelijke gemeente.")
    teams: list[TeamCount] = Field(description="Per team.")


class ImportFault(Shape):
    """Wat er mis is met het bestand of een rij; nooit de waarde zelf."""

    code: str = Field(description="Vaste code.", examples=["date.format"])
    detail: str = Field(description="Wat er mis is.", examples=["Schrijf een datum als JJJJ-MM-DD."])
    column: str | None = Field(
        description="Naam of nummer van de kolom; null als de fout niet bij één kolom hoort.",
        examples=["geboortedatum"],
    )


class FileFault(ImportFault):
    """Waarom een bestand niet te lezen is."""

    row: int | None = Field(
        ge=1, description="Nummer van de rij; null als de fout niet bij één rij hoort.", examples=[17]
    )


class Import(Shape):
    """Een import van verwijzingen uit een bestand."""

    id: ResourceId = Field(description="Kenmerk (UUIDv7).")
    status: ImportStatus = Field(description="Stand van zaken.")
    dry_run: bool = Field(description="Waar bij een proef: alles wordt beslist, niets opgeslagen.")
    created_at: AwareDatetime = Field(description="Moment van het verzoek, UTC.")
    started_at: AwareDatetime | None = Field(description="Begin van het verwerken, UTC.")
    finished_at: AwareDatetime | None = Field(description="Einde van het verwerken, UTC.")
    kept_until: AwareDatetime | None = Field(
        description="Tot dan zijn de import en haar rijen op te vragen, UTC; null zolang zij loopt. "
        "Het bestand zelf wordt gewist zodra zij klaar is."
    )
    file_size: int | None = Field(ge=0, description="Grootte van het bestand in bytes.", examples=[4_194_304])
    format: FileFormat | None = Field(description="Gevonden bestandsvorm; null tot het bestand is bekeken.")
    encoding: str | None = Field(
        description="Gevonden tekencodering; null als het bestand er geen heeft.", examples=["UTF-8"]
    )
    delimiter: str | None = Field(
        description="Gevonden scheidingsteken, met zijn Engelse naam; null als er geen is.",
        examples=["semicolon"],
    )
    rows: ImportRows = Field(description="Hoe ver de import is.")
    outcomes: ImportOutcomes = Field(description="Aantal rijen per uitkomst, tot nu toe.")
    summary: ImportSummary = Field(description="Waar de verwijzingen heen gaan, tot nu toe.")
    faults: list[FileFault] = Field(description="Waarom het bestand niet te lezen is; leeg als het dat is.")


class ImportList(Shape):
    """Imports, de oudste eerst."""

    items: list[Import] = Field(description="De imports van deze bladzijde.")


class ImportRow(Shape):
    """Wat er van een rij is geworden."""

    row: int = Field(
        ge=1, description="Nummer van de regel waarop de rij begint; de kop is regel 1.", examples=[2]
    )
    outcome: RowOutcome = Field(description="Uitkomst.")
    source_reference: str | None = Field(
        description="Kenmerk in het eigen systeem; null als het niet te lezen was of is gewist.",
        examples=["sis-2026-004711"],
    )
    referral_id: ResourceId | None = Field(
        description="Kenmerk van de verwijzing; null als er geen is opgeslagen, en bij een proef."
    )
    first_row: int | None = Field(
        ge=1, description="Eerdere rij met hetzelfde kenmerk; null als die er niet is.", examples=[None]
    )
    faults: list[ImportFault] = Field(description="Wat er mis is met de rij.")


class ImportRowList(Shape):
    """Rijen van een import, in de volgorde van het bestand."""

    items: list[ImportRow] = Field(description="De rijen van deze bladzijde.")
