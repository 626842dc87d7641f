"""The municipalities of the past, and which ones of today they went into."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.reference.tables import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerMunicipality:
    """A code and name of the past; valid from the first day up to, not including, `valid_to`.

    `successors` are today's codes: several where it was split, none where it left the country.
    """

    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    successors: tuple[str, ...]

    def existed_on(self, day: date) -> bool:
        """Whether it existed on a day; an unknown end is taken as open."""
        return (self.valid_from or date.min) <= day < (self.valid_to or date.max)


def read_history(today: Iterable[str]) -> tuple[FormerMunicipality, ...]:
    """All codes that are not among those of `today`."""
    rows = [row for row in read_table("municipality_code_history") if row["municipality_code"] not in today]
    corrected = _corrections()
    direct = {row["municipality_code"]: row["successor_code"] for row in rows}
    return tuple(
        FormerMunicipality(
            code=row["municipality_code"],
            name=row["name"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            successors=_successors(row, direct, corrected),
        )
        for row in rows
    )


def _corrections() -> Mapping[str, tuple[str, ...]]:
    """Successors where the one that the BRP table names is not all of them, or not the right one."""
    corrected: dict[str, tuple[str, ...]] = {}
    for row in read_table("municipality_successors"):
        code = row["municipality_code"]
        corrected[code] = (*corrected.get(code, ()), row["successor_code"])
    return corrected


def _successors(
    row: Mapping[str, str], direct: Mapping[str, str], corrected: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Follows the chain of successors; a split on the way leaves it open which part was meant."""
    code = row["municipality_code"]
    following = row["successor_code"]
    while code not in corrected and following:
        code, following = following, direct.get(following, "")
    return corrected.get(code) or ((row["current_code"],) if row["current_code"] else ())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
