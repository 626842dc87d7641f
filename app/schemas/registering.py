"""From what a client registers to a team, school or agreement of the directory, with every fault named."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from app.errors import Fault, InvalidInput
from app.reference import Reference
from app.routing import Directory
from app.routing.decision import Contact
from app.routing.directory import Agreement, Coverage, School, Team, TeamTerms
from app.schemas.directory import AgreementRequest, AnyMunicipality, SchoolRequest, TeamRequest
from app.schemas.faults import fault
from app.schemas.json_body import MAX_FAULTS
from app.schemas.mapping import Places


class Registering:
    """What a thing of the directory is checked against: reference data, the directory, the day."""

    def __init__(self, reference: Reference, directory: Directory, today: date) -> None:
        self._reference = reference
        self._directory = directory
        self.today = today
        self._regions = reference.region_codes()
        brins = [*(one.brin for one in reference.schools), *(one.brin for one in directory.schools)]
        self._organisations = self._regions.union(reference.places, brins, directory.connected)

    def known_school(self, brin: str) -> School | None:
        """The school with this BRIN that is registered for today, else the newest one."""
        schools = (school for school in self._directory.schools if school.brin == brin)
        newest = max(schools, key=lambda school: school.valid_from, default=None)
        return self._directory.school(brin, self.today) or newest

    def team(self, id: str, request: TeamRequest) -> Team:
        """The team with this id; raises InvalidInput with every value that cannot be."""
        places = Places(self._reference, request.valid_from)
        coverage, ages = request.coverage, request.ages
        municipality = _code(places, request.municipality, "municipality")
        covered = [
            _code(places, one, "coverage", "municipalities", str(index))
            for index, one in enumerate(coverage.municipalities)
        ]
        _refuse(places, _validity(id, request), self._of_team(request))
        return Team(
            id=id,
            kind=request.kind,
            name=request.name,
            organisation=request.organisation,
            municipality=municipality,
            valid_from=request.valid_from,
            valid_to=request.valid_to,
            coverage=Coverage(
                municipalities=_once(covered),
                pc4=_once(coverage.pc4),
                schools=_once(coverage.schools),
                regions=_once(coverage.regions),
            ),
            contact=Contact(**dict(request.contact)),
            expertise=_once(request.expertise),
            age_from=ages.from_,
            age_to=ages.to,
            confirmed_on=request.confirmed_on,
            terms=TeamTerms(**dict(request.terms)),
        )

    def school(self, id: str, request: SchoolRequest) -> School:
        """The school with this id; raises InvalidInput with every value that cannot be."""
        places = Places(self._reference, request.valid_from)
        core = _code(places, request.core_municipality, "coreMunicipality")
        others = (
            fault(f"/locations/{index}", "location.other_school")
            for index, location in enumerate(request.locations)
            if not location.startswith(request.brin)
        )
        _refuse(places, _validity(id, request), others)
        return School(
            id=id,
            brin=request.brin,
            name=request.name,
            core_municipality=core,
            valid_from=request.valid_from,
            valid_to=request.valid_to,
            locations=_once(request.locations),
        )

    def agreement(self, id: str, request: AgreementRequest) -> Agreement:
        """The agreement with this id; raises InvalidInput with every value that cannot be."""
        places = Places(self._reference, request.valid_from)
        home = _code(places, request.home_municipality, "homeMunicipality")
        core = _code(places, request.core_municipality, "coreMunicipality")
        same = [fault("/coreMunicipality", "municipality.same")] if home and home == core else []
        _refuse(places, _validity(id, request), iter(same))
        return Agreement(
            id=id,
            home_municipality=home,
            core_municipality=core,
            mandate=request.mandate,
            payer=request.payer,
            valid_from=request.valid_from,
            valid_to=request.valid_to,
            schools=_once(request.schools) if request.schools else None,
            support_variants=_once(request.support_variants) if request.support_variants else None,
            provisions=_once(request.provisions) if request.provisions else None,
            note=request.note,
        )

    def _of_team(self, request: TeamRequest) -> Iterator[Fault]:
        if request.organisation not in self._organisations:
            yield fault("/organisation", "organisation.unknown")
        for index, region in enumerate(request.coverage.regions):
            if region not in self._regions:
                yield fault(f"/coverage/regions/{index}", "region.unknown")
        youngest, oldest = request.ages.from_, request.ages.to
        if youngest is not None and oldest is not None and oldest < youngest:
            yield fault("/ages/to", "out_of_range")
        if request.confirmed_on > self.today:
            yield fault("/confirmedOn", "date.in_future")


def _validity(id: str, request: TeamRequest | SchoolRequest | AgreementRequest) -> Iterator[Fault]:
    if request.id not in (None, id):
        yield fault("/id", "id.differs")
    if request.valid_to and request.valid_to < request.valid_from:
        yield fault("/validTo", "date.before_start")


def _refuse(places: Places, *found: Iterator[Fault]) -> None:
    faults = [*places.faults, *(one for faults in found for one in faults)]
    if faults:
        raise InvalidInput(*faults[:MAX_FAULTS])


def _code(places: Places, sent: AnyMunicipality, *place: str) -> str:
    """Today's code; empty where it is a fault, which is raised before anybody reads it."""
    return places.code(sent if isinstance(sent, str) else sent.code, *place) or ""


def _once(values: Collection[Any]) -> tuple[Any, ...]:
    """The values in their order, each once."""
    return tuple(dict.fromkeys(values))
