"""Has open handovers looked at today that a new edition concerns, which no decision could foresee."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.routing.directory import Agreement, Team

Things = Mapping[tuple[str, ...], Any]

# A function of the database: whoever changes the directory does not see whom it concerns (ADR 22).
_LOOK: Final = text("SELECT look_today(:homes, :teams, :owners, :today)")


async def look_today(
    connection: AsyncConnection,
    agreements: tuple[Things, Things],
    teams: tuple[Things, Things],
    today: date,
) -> None:
    """Brings the day to look again forward for what the changes between two editions concern.

    Each pair is what there was and what there is now. An agreement concerns its home municipality; a team
    that is new concerns nobody yet, nor does another name or telephone number.
    """
    homes = {one.home_municipality for one in _changed(*agreements, _of_agreement)}
    changed = [one for one in _changed(*teams, _of_team) if (one.id,) in teams[0]]
    if homes or changed:
        told = {"teams": sorted({one.id for one in changed}), "homes": sorted(homes), "today": today}
        told["owners"] = sorted({one.organisation for one in changed})
        await connection.execute(_LOOK, told)


def _changed(before: Things, after: Things, matters: Any) -> Iterable[Any]:
    """What differs in what matters, as it was and as it is."""
    for key in before.keys() | after.keys():
        sides = [one for one in (before.get(key), after.get(key)) if one is not None]
        if len(sides) == 1 or matters(sides[0]) != matters(sides[1]):
            yield from sides


def _of_agreement(one: Agreement) -> object:
    parties = (one.home_municipality, one.core_municipality, one.mandate)
    return (*parties, one.schools, one.support_variants, one.provisions, one.valid_from, one.valid_to)


def _of_team(one: Team) -> object:
    of_itself = (one.kind, one.organisation, one.municipality, one.coverage, one.expertise)
    return (*of_itself, one.age_from, one.age_to, one.valid_from, one.valid_to)
