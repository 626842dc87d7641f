"""The open list of youth-protection organisations (gecertificeerde instellingen) and protection boards."""

from dataclasses import dataclass
from datetime import date

from app.reference.tables import Files, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class YouthProtectionOrganisation:
    """An organisation with its visiting address; first and last day are inclusive, None where not listed.

    `kind` is `youth_protection_organisation` or `child_protection_board`.
    """

    code: str
    kind: str
    name: str
    street: str
    house_number: str
    postcode: str
    city: str
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """Whether the list counts it as working on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


def read_youth_protection(files: Files) -> tuple[YouthProtectionOrganisation, ...]:
    """All organisations of the list, in the order of their code."""
    return tuple(
        YouthProtectionOrganisation(
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            street=row["street"],
            house_number=row["house_number"],
            postcode=row["postcode"],
            city=row["city"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
        )
        for row in rows_of(files["youth_protection_organisations"])
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
