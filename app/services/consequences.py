"""What a newer reference does to teams, schools and agreements that name a place that is no more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.reference import Reference
from app.routing.directory import Agreement, School, Team

Named = Team | School | Agreement


@dataclass(frozen=True, slots=True)
class Consequence:
    """What in the directory names a place that is no more, and what followed it."""

    kind: str
    id: str
    field: str
    code: str
    into: tuple[str, ...]

    @property
    def carried(self) -> bool:
        """Whether there is one to carry over to."""
        return len(self.into) == 1


@dataclass(frozen=True, slots=True)
class Successions:
    """What followed the municipalities and regions that are no more, by code."""

    municipalities: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, tuple[str, ...]]


def successions(before: Reference, after: Reference) -> Successions:
    """The successors of what ends between two references.

    A region is followed by those in which its municipalities now lie, of the same type.
    """
    ended = {code: _into(code, after) for code in before.listings.keys() - after.listings.keys()}
    new_regions = {region.code for listing in after.listings.values() for region in listing.regions}
    followed: dict[str, set[str]] = {}
    for code, listing in before.listings.items():
        for region in listing.regions:
            if region.code not in new_regions:
                places = [after.places[now] for now in _into(code, after)]
                codes = (p.regions[region.type].code for p in places if region.type in p.regions)
                followed.setdefault(region.code, set()).update(codes)
    return Successions(ended, {code: tuple(sorted(into)) for code, into in followed.items()})


def _into(code: str, after: Reference) -> tuple[str, ...]:
    found = after.resolve(code)
    return (found.code,) if found.code else found.candidates


def consequences(thing: Named, ended: Successions, today: date) -> list[Consequence]:
    """What of a thing names a place that is no more; what has ended itself is read by no decision."""
    if thing.valid_to is not None and thing.valid_to < today:
        return []
    kind = type(thing).__name__.lower()
    found = [(f, c, ended.municipalities[c]) for f, c in _municipalities(thing) if c in ended.municipalities]
    if isinstance(thing, Team):
        regions = thing.coverage.regions
        found += [("coverage.regions", c, ended.regions[c]) for c in regions if c in ended.regions]
    return [Consequence(kind, thing.id, field, code, into) for field, code, into in found]


def _municipalities(thing: Named) -> Iterator[tuple[str, str]]:
    match thing:
        case Team():
            yield "municipality", thing.municipality
            yield from (("coverage.municipalities", code) for code in thing.coverage.municipalities)
        case School():
            yield "coreMunicipality", thing.core_municipality
        case Agreement():
            yield "homeMunicipality", thing.home_municipality
            yield "coreMunicipality", thing.core_municipality


def carried_over(thing: Named, found: list[Consequence]) -> Named:
    """The thing with the one successor of each place in the place's stead."""
    now = {consequence.code: consequence.into[0] for consequence in found if consequence.carried}

    def of(code: str) -> str:
        return now.get(code, code)

    match thing:
        case Team():
            municipalities = tuple(dict.fromkeys(map(of, thing.coverage.municipalities)))
            regions = tuple(dict.fromkeys(map(of, thing.coverage.regions)))
            coverage = replace(thing.coverage, municipalities=municipalities, regions=regions)
            return replace(thing, municipality=of(thing.municipality), coverage=coverage)
        case School():
            return replace(thing, core_municipality=of(thing.core_municipality))
        case Agreement():
            home, core = of(thing.home_municipality), of(thing.core_municipality)
            return replace(thing, home_municipality=home, core_municipality=core)
