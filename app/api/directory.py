"""The directory's three kinds, each with its filters: teams, schools, agreements."""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from pydantic import Field

from app.api.kinds import Kind, Read
from app.api.pages import RegisteredPage
from app.api.parameters import municipality_code
from app.api.registrations import endpoints
from app.routing.directory import Agreement, School, Team, in_force_on
from app.schemas.base import IsoDate, Municipality
from app.schemas.directory import AgreementRequest, Brin, Code, SchoolRequest, TeamRequest
from app.schemas.registered import (
    AgreementList,
    RegisteredAgreement,
    RegisteredSchool,
    RegisteredTeam,
    SchoolList,
    TeamList,
)
from app.schemas.registering import Registering
from app.schemas.words import TeamKind


class _Filter(RegisteredPage):
    valid_on: IsoDate | None = Field(None, description="Alleen wat op deze dag geldt.")


class TeamFilter(_Filter):
    """Welke teams."""

    kind: TeamKind | None = Field(None, description="Soort ontvanger.")
    organisation: Code | None = Field(None, description="Code van de eigenaar.")
    municipality: Municipality | None = Field(None, description="Teams van of voor deze gemeente.")
    unconfirmed: bool | None = Field(
        None, description="`true`: te lang niet bevestigd; de eigenaar bevestigt met een nieuwe confirmedOn."
    )


class SchoolFilter(_Filter):
    """Welke scholen."""

    brin: Brin | None = Field(None, description="BRIN.")


class AgreementFilter(_Filter):
    """Welke afspraken."""

    home_municipality: Municipality | None = Field(None, description="Woongemeente.")
    core_municipality: Municipality | None = Field(None, description="Kerngemeente.")


def _teams(wanted: TeamFilter, read: Read) -> Callable[[Team], bool]:
    municipality = municipality_code("municipality", wanted.municipality, read.reference)

    def condition(team: Team) -> bool:
        return (
            (wanted.valid_on is None or in_force_on(team, wanted.valid_on))
            and wanted.kind in (None, team.kind)
            and wanted.organisation in (None, team.organisation)
            and municipality in (None, team.municipality, *team.coverage.municipalities)
            and wanted.unconfirmed in (None, read.directory.is_unconfirmed(team, read.today))
        )

    return condition


def _schools(wanted: SchoolFilter, _: Read) -> Callable[[School], bool]:
    def condition(school: School) -> bool:
        valid = wanted.valid_on is None or in_force_on(school, wanted.valid_on)
        return valid and wanted.brin in (None, school.brin)

    return condition


def _agreements(wanted: AgreementFilter, read: Read) -> Callable[[Agreement], bool]:
    home = municipality_code("homeMunicipality", wanted.home_municipality, read.reference)
    core = municipality_code("coreMunicipality", wanted.core_municipality, read.reference)

    def condition(agreement: Agreement) -> bool:
        return (
            (wanted.valid_on is None or in_force_on(agreement, wanted.valid_on))
            and home in (None, agreement.home_municipality)
            and core in (None, agreement.core_municipality)
        )

    return condition


TEAMS: Final = Kind(
    of=Team,
    path="/teams",
    one="een team",
    many="teams",
    name="team",
    request=TeamRequest,
    answered=RegisteredTeam,
    listed=TeamList,
    filter=TeamFilter,
    wanted=_teams,
    build=Registering.team,
)
SCHOOLS: Final = Kind(
    of=School,
    path="/schools",
    one="een school",
    many="scholen",
    name="school",
    request=SchoolRequest,
    answered=RegisteredSchool,
    listed=SchoolList,
    filter=SchoolFilter,
    wanted=_schools,
    build=Registering.school,
)
AGREEMENTS: Final = Kind(
    of=Agreement,
    path="/agreements",
    one="een afspraak",
    many="afspraken",
    name="agreement",
    request=AgreementRequest,
    answered=RegisteredAgreement,
    listed=AgreementList,
    filter=AgreementFilter,
    wanted=_agreements,
    build=Registering.agreement,
)


router = APIRouter()
router.include_router(endpoints(TEAMS))
router.include_router(endpoints(SCHOOLS))
router.include_router(endpoints(AGREEMENTS))
