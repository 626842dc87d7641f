"""What differs between two references, for a person to read before the newer one is used."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from app.reference.municipalities import MunicipalityListing
from app.reference.reference import Reference
from app.routing.decision import Municipality, Region

# More than this part of all municipalities or postcodes at once is half a file rather than news.
MOST_AT_ONCE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Ended:
    """A municipality that is no more, and those of today that it went into."""

    municipality: Municipality
    into: tuple[Municipality, ...]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A municipality that keeps its code under another name."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RegionChanged:
    """A municipality that lies in another region, or whose region is called otherwise."""

    municipality: Municipality
    before: Region | None
    after: Region | None


@dataclass(frozen=True, slots=True)
class ProvinceChanged:
    """A municipality in another province."""

    municipality: Municipality
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PostcodeChanged:
    """A PC4 that touches other municipalities; the largest comes first."""

    pc4: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that differs, and `doubts`: why it may be half a file."""

    added: tuple[Municipality, ...]
    ended: tuple[Ended, ...]
    renamed: tuple[Renamed, ...]
    regions: tuple[RegionChanged, ...]
    provinces: tuple[ProvinceChanged, ...]
    codes: tuple[str, ...]
    postcodes_added: tuple[str, ...]
    postcodes_gone: tuple[str, ...]
    postcodes_moved: tuple[PostcodeChanged, ...]
    postcodes_split: tuple[PostcodeChanged, ...]
    postcodes_whole: tuple[PostcodeChanged, ...]
    schools: tuple[str, ...]
    youth_protection: tuple[str, ...]
    tables: tuple[str, ...]
    doubts: tuple[str, ...]

    def counts(self) -> Mapping[str, int]:
        """How much of each there is."""
        return {field.name: len(getattr(self, field.name)) for field in fields(self)}


def compare(before: Reference, after: Reference) -> Changes:
    """What changes when `after` takes the place of `before`.

    `codes` are former municipalities that give another answer, `schools` BRINs and `youth_protection`
    codes of the lists, `tables` all that is not the same byte for byte.
    """
    old, new = before.listings, after.listings
    ended = [_ended(old[code], after) for code in old.keys() - new.keys()]
    stayed = [(old[code], new[code]) for code in sorted(old.keys() & new.keys())]
    moved = [
        _postcode(pc4, before, after) for pc4 in sorted(before.postcodes.keys() & after.postcodes.keys())
    ]
    formers = before.names.former_codes.keys() | after.names.former_codes.keys()
    regions = tuple(change for pair in stayed for change in _regions(*pair))
    return Changes(
        added=tuple(Municipality(code, new[code].name) for code in sorted(new.keys() - old.keys())),
        ended=tuple(sorted(ended, key=lambda e: e.municipality.code)),
        renamed=tuple(Renamed(a.code, a.name, b.name) for a, b in stayed if a.name != b.name),
        regions=regions,
        provinces=tuple(
            ProvinceChanged(Municipality(b.code, b.name), a.province, b.province)
            for a, b in stayed
            if a.province != b.province
        ),
        codes=tuple(c for c in sorted(formers - old.keys()) if before.resolve(c) != after.resolve(c)),
        postcodes_added=tuple(sorted(after.postcodes.keys() - before.postcodes.keys())),
        postcodes_gone=tuple(sorted(before.postcodes.keys() - after.postcodes.keys())),
        postcodes_moved=tuple(p for p in moved if p.before[0] != p.after[0]),
        postcodes_split=tuple(p for p in moved if len(p.before) == 1 < len(p.after)),
        postcodes_whole=tuple(p for p in moved if len(p.after) == 1 < len(p.before)),
        schools=_differing({s.brin: s for s in before.schools}, {s.brin: s for s in after.schools}),
        youth_protection=_differing(
            {o.code: o for o in before.youth_protection}, {o.code: o for o in after.youth_protection}
        ),
        tables=_differing(before.files, after.files),
        doubts=_doubts(before, after, regions),
    )


def _ended(listing: MunicipalityListing, after: Reference) -> Ended:
    found = after.resolve(listing.code)
    into = (found.code,) if found.code else found.candidates
    names = tuple(Municipality(code, after.listings[code].name) for code in into)
    return Ended(Municipality(listing.code, listing.name), names)


def _regions(before: MunicipalityListing, after: MunicipalityListing) -> list[RegionChanged]:
    old, new = ({region.type: region for region in of.regions} for of in (before, after))
    named = Municipality(after.code, after.name)
    types = sorted(old.keys() | new.keys())
    return [RegionChanged(named, old.get(t), new.get(t)) for t in types if old.get(t) != new.get(t)]


def _postcode(pc4: str, before: Reference, after: Reference) -> PostcodeChanged:
    """A PC4 then and now, then in today's municipalities: a merger alone moves nobody."""
    old = [after.resolve(code).code or code for code in before.municipalities_of_pc4(pc4)]
    return PostcodeChanged(pc4, tuple(dict.fromkeys(old)), after.municipalities_of_pc4(pc4))


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(k for k in sorted(before.keys() | after.keys()) if before.get(k) != after.get(k))


def _doubts(before: Reference, after: Reference, regions: tuple[RegionChanged, ...]) -> tuple[str, ...]:
    """What changes more at once than a year brings."""
    both = before.postcodes.keys() & after.postcodes.keys()
    moved = sum(p.before[0] != p.after[0] for p in (_postcode(pc4, before, after) for pc4 in both))
    types = [change.after.type for change in regions if change.after]
    parts = {
        "municipalities end": (len(before.listings.keys() - after.listings.keys()), len(before.listings)),
        "postcodes disappear": (len(before.postcodes.keys() - after.postcodes.keys()), len(before.postcodes)),
        "postcodes get another municipality": (moved, len(before.postcodes)),
    } | {
        f"municipalities get another {type_} region": (types.count(type_), len(before.listings))
        for type_ in sorted(set(types))
    }
    return tuple(f"{n} of {all_} {what}" for what, (n, all_) in parts.items() if n > all_ * MOST_AT_ONCE)
