"""Teams, schools and agreements of one edition, and who receives: an immutable value."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any, Final, Literal

from app.routing.decision import Contact, Municipality, Region

Mandate = Literal["consult", "provide", "decide"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A municipality of today with the regions it lies in, by region type."""

    municipality: Municipality
    regions: Mapping[str, Region]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Whom a team serves; empty means the whole of its municipality. `schools` are BRINs or locations."""

    municipalities: tuple[str, ...] = ()
    pc4: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamTerms:
    """How soon a team wants to react, in days of one unit; None leaves it to the service.

    `acknowledge_within_days` and `first_contact_within_days` count from the offer, `answer_within_days`
    from a question of the team.
    """

    acknowledge_within_days: int | None = None
    first_contact_within_days: int | None = None
    answer_within_days: int | None = None
    unit: Literal["calendar", "working"] = "calendar"


NO_TERMS: Final = TeamTerms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team as its owner registered it; valid from the first to the last day, both inclusive."""

    id: str
    kind: str
    name: str
    organisation: str
    municipality: str
    valid_from: date
    valid_to: date | None = None
    coverage: Coverage = field(default_factory=Coverage)
    contact: Contact | None = None
    expertise: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    confirmed_on: date | None = None
    terms: TeamTerms = NO_TERMS


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A school with its core municipality; `locations` are location codes."""

    id: str
    brin: str
    name: str
    core_municipality: str
    valid_from: date
    valid_to: date | None = None
    locations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the core municipality may do for residents of the home municipality; None means all."""

    id: str
    home_municipality: str
    core_municipality: str
    mandate: Mandate
    payer: Literal["home", "core", "shared"]
    valid_from: date
    valid_to: date | None = None
    schools: tuple[str, ...] | None = None
    support_variants: tuple[str, ...] | None = None
    provisions: tuple[str, ...] | None = None
    note: str | None = None


def in_force_on(thing: Team | School | Agreement, day: date) -> bool:
    """Whether the day lies in the thing's validity; both ends inclusive."""
    return thing.valid_from <= day and (thing.valid_to is None or day <= thing.valid_to)


def _switch_days(things: Iterable[Team | School | Agreement]) -> tuple[date, ...]:
    """The days on which one of the things starts, or has just ended, in order."""
    listed = tuple(things)
    ends = {thing.valid_to + timedelta(days=1) for thing in listed if thing.valid_to is not None}
    return tuple(sorted({thing.valid_from for thing in listed} | ends))


def _of_place(code: str, place: Place, found: Mapping[str, set[tuple[date, str]]]) -> set[tuple[date, str]]:
    """What was found for a municipality and for the regions it lies in."""
    regions = (region.code for region in place.regions.values())
    return {change for near in (code, *regions) for change in found.get(near, ())}


def _confirmed_until(confirmed_on: date, directory: "Directory") -> date:
    """The last day on which a confirmation counts."""
    return confirmed_on + timedelta(days=directory.confirm_within_days or 0)


@dataclass(frozen=True)
class Directory:
    """One edition of the directory.

    `places` are the municipalities by code. `connected` are the codes of organisations with an
    active credential: only their teams and desks are reached through the service. A team must be
    confirmed by its owner every `confirm_within_days`; None asks nobody.
    """

    edition: int
    places: Mapping[str, Place]
    teams: tuple[Team, ...] = ()
    schools: tuple[School, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    connected: frozenset[str] = frozenset()
    confirm_within_days: int | None = None

    @cached_property
    def _teams(self) -> Mapping[tuple[str, str], tuple[Team, ...]]:
        """The teams of a kind by each municipality and region that they may serve."""
        found: dict[tuple[str, str], list[Team]] = {}
        for team in self.teams:
            for place in {team.municipality, *team.coverage.municipalities, *team.coverage.regions}:
                found.setdefault((team.kind, place), []).append(team)
        return {key: tuple(teams) for key, teams in found.items()}

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What `receiving` has found in this edition before."""
        return {}

    @cached_property
    def reads_pc4(self) -> bool:
        """Whether any team is chosen by postcode area."""
        return any(team.coverage.pc4 for team in self.teams)

    @cached_property
    def reads_age(self) -> bool:
        """Whether any team is chosen by age."""
        return any(team.age_from is not None or team.age_to is not None for team in self.teams)

    @cached_property
    def named_schools(self) -> frozenset[str]:
        """The schools and locations by which any team or agreement is chosen."""
        lists = [team.coverage.schools for team in self.teams]
        lists += [agreement.schools or () for agreement in self.agreements]
        return frozenset(school for schools in lists for school in schools)

    @cached_property
    def _terms(self) -> Mapping[str | None, TeamTerms]:
        return {team.id: team.terms for team in self.teams}

    def terms_of(self, team_id: str | None) -> TeamTerms:
        """The terms of a team; those of the service for a desk that nobody registered."""
        return self._terms.get(team_id, NO_TERMS)

    def period(self, day: date, core: str | None) -> tuple[int, int]:
        """Numbers the time between days on which a team, a school or the core's agreements change."""
        agreements = self.agreement_days(core)
        return bisect_right(self._team_days, day), bisect_right(agreements, day, key=itemgetter(0))

    def is_unconfirmed(self, team: Team, day: date) -> bool:
        """Whether the owner of a team has not confirmed it for too long, or never."""
        if self.confirm_within_days is None:
            return False
        return team.confirmed_on is None or _confirmed_until(team.confirmed_on, self) < day

    def team_changes(self, place: str, after: date) -> tuple[tuple[date, str], ...]:
        """The later days on which a team that may serve a place starts or has just ended, with its id."""
        changes = self._changes[place]
        return changes[bisect_right(changes, (after + timedelta(days=1), "")) :]

    @cached_property
    def _changes(self) -> Mapping[str, tuple[tuple[date, str], ...]]:
        found: dict[str, set[tuple[date, str]]] = {}
        for (_, place), teams in self._teams.items():
            days = ((day, team.id) for team in teams for day in _switch_days((team,)))
            found.setdefault(place, set()).update(days)
        return {code: tuple(sorted(_of_place(code, place, found))) for code, place in self.places.items()}

    @cached_property
    def _team_days(self) -> tuple[date, ...]:
        days = set(_switch_days((*self.teams, *self.schools)))
        if self.confirm_within_days is not None:
            confirmed = {team.confirmed_on for team in self.teams if team.confirmed_on}
            days |= {_confirmed_until(day, self) + timedelta(days=1) for day in confirmed}
        return tuple(sorted(days))

    def agreement_days(self, core: str | None) -> tuple[tuple[date, str], ...]:
        """The days on which an agreement of a core municipality starts, or has just ended, in order.

        Beside each day stands what changes: `agreement:` and its id.
        """
        return self._agreement_days.get(core, ())

    @cached_property
    def _agreement_days(self) -> Mapping[str | None, tuple[tuple[date, str], ...]]:
        found: dict[str | None, list[tuple[date, str]]] = {}
        for agreement in self.agreements:
            days = found.setdefault(agreement.core_municipality, [])
            days += ((day, f"agreement:{agreement.id}") for day in _switch_days([agreement]))
        return {core: tuple(sorted(days)) for core, days in found.items()}

    @cached_property
    def _schools(self) -> Mapping[str, tuple[School, ...]]:
        by_brin: dict[str, list[School]] = {}
        for school in self.schools:
            by_brin.setdefault(school.brin, []).append(school)
        return {brin: tuple(schools) for brin, schools in by_brin.items()}

    @cached_property
    def _agreements(self) -> Mapping[tuple[str, str], tuple[Agreement, ...]]:
        by_pair: dict[tuple[str, str], list[Agreement]] = {}
        for agreement in self.agreements:
            pair = (agreement.home_municipality, agreement.core_municipality)
            by_pair.setdefault(pair, []).append(agreement)
        return {pair: tuple(found) for pair, found in by_pair.items()}

    def school(self, brin: str, day: date) -> School | None:
        """The school with this BRIN on a day, or None."""
        return next((s for s in self._schools.get(brin, ()) if in_force_on(s, day)), None)

    def teams_at(self, kind: str, place: str, day: date) -> tuple[Team, ...]:
        """The teams of a receiver kind that may serve a municipality or its regions on a day."""
        regions = (region.code for region in self.places[place].regions.values())
        near = (team for code in (place, *regions) for team in self._teams.get((kind, code), ()))
        return tuple({team.id: team for team in near if in_force_on(team, day)}.values())

    def agreements_between(self, home: str, core: str, day: date) -> tuple[Agreement, ...]:
        """All agreements between a home and a core municipality that are valid on a day."""
        found = self._agreements.get((home, core), ())
        return tuple(agreement for agreement in found if in_force_on(agreement, day))
