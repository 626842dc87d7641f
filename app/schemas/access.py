"""Who looked at whom, as it is asked for and answered (CONTRACT 4): never what they saw."""

from pydantic import AwareDatetime, Field

from app.schemas.base import Identifier, Shape, ShortLine
from app.schemas.events import ActingOrganisation
from app.schemas.stored import ResourceId
from app.schemas.words import AccessActivity, AccessPurpose, CredentialRole


class AccessReportRequest(Shape):
    """Over wie het gaat: een van de drie. Met de rol `auditor` mag alles ontbreken."""

    referral_id: ResourceId | None = Field(None, description="Een verwijzing van deze persoon.")
    source_reference: Identifier | None = Field(None, description="Kenmerk in het eigen systeem.")
    student_number: ShortLine | None = Field(
        None, description="Studentnummer van de school, nooit een BSN of onderwijsnummer."
    )


class AccessLook(Shape):
    """Eén keer dat iemand gegevens van een persoon las of wijzigde."""

    at: AwareDatetime = Field(description="Moment, UTC.")
    organisation: ActingOrganisation | None = Field(
        description="Welke organisatie; null als de beheerder van de dienst het deed."
    )
    roles: list[CredentialRole] = Field(description="In welke rol.")
    acting_user: str | None = Field(
        description="Wie, zoals de eigen organisatie die persoon noemt; null bij een andere organisatie.",
        examples=["medewerker-0417"],
    )
    activity: AccessActivity = Field(description="Wat er werd gedaan.")
    purpose: AccessPurpose = Field(description="Waarvoor.")
    referral_id: ResourceId | None = Field(description="Kenmerk van de verwijzing.")
    handover_id: ResourceId | None = Field(
        description="Kenmerk van de overdracht, als alleen die werd bekeken."
    )


class AccessReport(Shape):
    """Een bladzijde van het overzicht van inzage."""

    items: list[AccessLook] = Field(description="Wie keek, de oudste keer eerst.")
