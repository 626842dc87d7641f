"""The worked cases of the law: fictional students, as requests and with the outcome expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from app.reference.case_flags import Json, circumstances_of, municipality_code, residence_of, told_flags
from app.reference.demo import demo_directory
from app.reference.reference import open_reference
from app.reference.tables import read_table
from app.routing.dates import age_on

_VARIANTS = {
    "V1_OWN_NEIGHBOURHOOD": "own_neighbourhood",
    "V2_CORE_YOUTH_TEAM": "municipal_youth_team",
    "V3_MBO_AS_DISTRICT": "mbo_as_neighbourhood",
}
# What a title tells and no flag of the case repeats.
_TOLD_BY_TITLE: Mapping[str, Json] = {"needs a safe place": {"safePlaceNeeded": True}}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedCase:
    """One row of the worked cases; texts are as in the file, `domains` and `flags` taken apart."""

    case_id: str
    title: str
    birth_date: date
    reference_date: date
    age: int
    age_bracket: str
    brp_home_municipality: str
    school_municipality: str
    core_municipality: str
    variant: str
    domains: tuple[str, ...]
    flags: Mapping[str, str]
    expected_framework_by_domain: str
    expected_frameworks: str
    responsible_by_framework: str
    receiving_team: str
    consent_from: str
    warnings: str
    reasoning: str
    articles: str
    confidence: str
    confidence_note: str

    @property
    def agreement(self) -> bool | None:
        """Whether home and core municipality have an agreement; None where the case does not say."""
        return {"yes": True, "no": False}.get(self.flags.get("agreement", ""))

    def request(self) -> Json:
        """The body of a referral request (CONTRACT 2) that tells what the case tells.

        Raises ValueError for a flag, value or municipality that has no translation.
        """
        return {
            "sourceReference": f"case-{self.case_id.lower()}",
            "referenceDate": self.reference_date.isoformat(),
            "student": {
                "firstNames": "Sanne",
                "surname": f"Voorbeeld {self.case_id}",
                "birthDate": self.birth_date.isoformat(),
            },
            "homeMunicipality": self._home(),
            "residence": self._residence(),
            "school": _school(self.core_municipality),
            "problemDomains": [domain.lower() for domain in self.domains],
            "supportVariant": _VARIANTS[self.variant],
            "circumstances": self._circumstances(),
            "consents": self._consents(),
            "referrer": {
                "name": "M. Voorbeeld",
                "role": "school_social_worker",
                "email": "referrer@example.org",
            },
        }

    def expected_provisions(self) -> dict[str, tuple[str, ...]]:
        """The provisions that each problem domain must have, by domain, both in lower case."""
        pairs = (pair.partition("=") for pair in _parts(self.expected_framework_by_domain, ";"))
        return {domain.lower(): _parts(provisions.lower(), "+") for domain, _, provisions in pairs}

    def expected_bodies(self) -> dict[str, str]:
        """The responsible place by provision, in the words of the case ("Zwolle", "region Twente")."""
        pairs = (pair.partition(":") for pair in _parts(self.responsible_by_framework, "|"))
        return {provision.lower(): place for provision, _, place in pairs}

    def expected_warnings(self) -> tuple[str, ...]:
        """The warnings that must be among those given: `CODE`, or `CODE=` with a date or place."""
        return _parts(self.warnings, ";")

    def _home(self) -> str | None:
        home = self.brp_home_municipality
        return None if home == "none" or home.startswith("abroad") else municipality_code(home)

    def _residence(self) -> Json:
        home = self.brp_home_municipality
        plain = {"none": "not_registered"}.get(home, "abroad" if home.startswith("abroad") else "registered")
        return {"status": plain, **residence_of(told_flags(self.flags), self.birth_date)}

    def _circumstances(self) -> Json:
        told: Json = {}
        for words, facts in _TOLD_BY_TITLE.items():
            if words in self.title:
                told |= facts
        return told | circumstances_of(told_flags(self.flags), self.birth_date)

    def _consents(self) -> list[Json]:
        """Fictional consent of whoever LAW E-06 asks, given the day before."""
        age = age_on(self.birth_date, self.reference_date)
        givers = ["student"] * (age >= 12) + ["parent"] * (age < 16)
        day = (self.reference_date - timedelta(days=1)).isoformat()
        given = {"givenOn": day, "purpose": "referral", "recipients": "all"}
        return [{"givenBy": giver, **given} for giver in givers]


@cache
def worked_cases() -> tuple[WorkedCase, ...]:
    """All shipped cases in the order of the file."""
    return tuple(worked_case(row) for row in read_table("worked_cases"))


def worked_case(row: Mapping[str, str]) -> WorkedCase:
    """One row of the file; raises ValueError where a date, the age or a flag cannot be read."""
    flags = (flag.partition("=") for flag in _parts(row["flags"], ";"))
    taken_apart = {"birth_date", "reference_date", "age", "domains", "flags"}
    return WorkedCase(
        birth_date=date.fromisoformat(row["birth_date"]),
        reference_date=date.fromisoformat(row["reference_date"]),
        age=int(row["age"]),
        domains=_parts(row["domains"], ";"),
        flags={key: value for key, _, value in flags},
        **{column: text for column, text in row.items() if column not in taken_apart},
    )


@cache
def _brin_by_municipality() -> Mapping[str, str]:
    schools = demo_directory(open_reference().places).schools
    return {school.core_municipality: school.brin for school in schools}


def _school(core_municipality: str) -> Json:
    """The school of the demo in that city; a city without one is named alone."""
    code = municipality_code(core_municipality)
    brin = _brin_by_municipality().get(code)
    return {"coreMunicipality": code, **({"brin": brin} if brin else {})}


def _parts(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())
