"""The municipalities that the area of a four-digit postcode (PC4) touches."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.reference.tables import Files, rows_of
from app.routing.decision import Municipality
from app.routing.directory import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PostcodeCandidate:
    """One municipality of a PC4; `share` (0 to 1) is of addresses or area, as `basis` says."""

    municipality: Municipality
    share: float | None
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Postcode:
    """A PC4 with its candidates, the largest share first; only a single one is certain."""

    pc4: str
    place_name: str | None
    candidates: tuple[PostcodeCandidate, ...]


def read_postcodes(files: Files, places: Mapping[str, Place]) -> Mapping[str, Postcode]:
    """All known PC4s. A PC4 that touches several municipalities has all of them as candidates."""
    shared: dict[str, list[PostcodeCandidate]] = {}
    for row in rows_of(files["pc4_municipality_candidates"]):
        shared.setdefault(row["pc4"], []).append(_candidate(row, row["share_basis"], places))
    return MappingProxyType(
        {
            row["pc4"]: Postcode(
                pc4=row["pc4"],
                place_name=row["place_name"] or None,
                candidates=_largest_first(shared.get(row["pc4"]) or [_candidate(row, row["basis"], places)]),
            )
            for row in rows_of(files["pc4_municipality"])
        }
    )


def _candidate(row: Mapping[str, str], basis: str, places: Mapping[str, Place]) -> PostcodeCandidate:
    share = float(row["share"]) if row["share"] else None
    municipality = places[row["municipality_code"]].municipality
    return PostcodeCandidate(municipality=municipality, share=share, basis=basis)


def _largest_first(candidates: list[PostcodeCandidate]) -> tuple[PostcodeCandidate, ...]:
    return tuple(sorted(candidates, key=lambda c: (-(c.share or 0), c.municipality.code)))
