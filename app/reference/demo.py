"""The demo directory: plainly fictional teams, schools and agreements around a few real cities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, cast

from app.reference.tables import read_table
from app.routing.decision import Contact
from app.routing.directory import Agreement, Coverage, Mandate, Place, School, Team

Row = Mapping[str, str]
Payer = Literal["home", "core", "shared"]


class DemoOrganisation(NamedTuple):
    """An organisation of the demo; `connected` is whether it works with the service."""

    kind: str
    code: str
    name: str
    connected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDirectory:
    """Everything a first edition of the demo is made from."""

    organisations: tuple[DemoOrganisation, ...]
    teams: tuple[Team, ...]
    schools: tuple[School, ...]
    agreements: tuple[Agreement, ...]


def demo_directory(places: Mapping[str, Place]) -> DemoDirectory:
    """The shipped demo tables as values.

    The tables name municipalities as people do; `places` gives their codes. Lists in a cell are
    separated by semicolons. A municipality that `places` does not have is a KeyError.
    """
    codes = {place.municipality.name: code for code, place in places.items()}
    return DemoDirectory(
        organisations=tuple(_organisation(row) for row in read_table("demo/organisations")),
        teams=tuple(_team(row, codes) for row in read_table("demo/teams")),
        schools=tuple(_school(row, codes) for row in read_table("demo/schools")),
        agreements=tuple(_agreement(row, codes) for row in read_table("demo/agreements")),
    )


def _organisation(row: Row) -> DemoOrganisation:
    return DemoOrganisation(row["kind"], row["code"], row["name"], row["connected"] == "yes")


def _team(row: Row, codes: Mapping[str, str]) -> Team:
    return Team(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        organisation=row["organisation"],
        municipality=codes[row["municipality"]],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        coverage=Coverage(
            municipalities=tuple(codes[name] for name in _list(row["coverage_municipalities"])),
            pc4=_list(row["coverage_pc4"]),
            schools=_list(row["coverage_schools"]),
            regions=_list(row["coverage_regions"]),
        ),
        contact=Contact(row["contact_name"], row["phone"], row["email"], row["deputy"]),
        expertise=_list(row["expertise"]),
        age_from=_number(row["age_from"]),
        age_to=_number(row["age_to"]),
        confirmed_on=_day(row["confirmed_on"]),
    )


def _school(row: Row, codes: Mapping[str, str]) -> School:
    return School(
        id=row["id"],
        brin=row["brin"],
        name=row["name"],
        core_municipality=codes[row["core_municipality"]],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        locations=_list(row["locations"]),
    )


def _agreement(row: Row, codes: Mapping[str, str]) -> Agreement:
    return Agreement(
        id=row["id"],
        home_municipality=codes[row["home_municipality"]],
        core_municipality=codes[row["core_municipality"]],
        mandate=cast("Mandate", row["mandate"]),
        payer=cast("Payer", row["payer"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
        schools=_list(row["schools"]) or None,
        support_variants=_list(row["support_variants"]) or None,
        provisions=_list(row["provisions"]) or None,
        note=row["note"] or None,
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";")) if cell else ()


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _number(cell: str) -> int | None:
    return int(cell) if cell else None
