"""The municipalities of the past, and which ones of today they went into."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from app.reference.tables import Files, Row, rows_of

# A code -> the codes that it went into, one step on.
Steps = Mapping[str, tuple[str, ...]]


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


def read_history(files: Files, today: Collection[str]) -> tuple[FormerMunicipality, ...]:
    """All codes that are not among those of `today`."""
    rows = rows_of(files["municipality_code_history"])
    steps = steps_of(rows, rows_of(files["municipality_successors"]))
    return tuple(
        FormerMunicipality(
            code=row["municipality_code"],
            name=row["name"],
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            successors=successors_of(row["municipality_code"], today, steps),
        )
        for row in rows
        if row["municipality_code"] not in today
    )


def steps_of(history: list[Row], corrections: list[Row]) -> Steps:
    """The next steps of every code; `corrections` where the one of the BRP table is not all or not right."""
    steps: dict[str, tuple[str, ...]] = {}
    for row in corrections:
        code = row["municipality_code"]
        steps[code] = (*steps.get(code, ()), row["successor_code"])
    direct = {row["municipality_code"]: (row["successor_code"],) for row in history if row["successor_code"]}
    return {**direct, **steps}


def successors_of(code: str, today: Collection[str], steps: Steps) -> tuple[str, ...]:
    """Today's codes that a code went into, in order; several after a split on the way, and itself today."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        if here in today:
            found.add(here)
        elif here not in seen:
            seen.add(here)
            waiting.extend(steps.get(here, ()))
    return tuple(sorted(found))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
