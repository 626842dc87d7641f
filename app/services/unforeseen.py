"""Has open handovers looked at today that a new edition concerns, which no decision could foresee."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.routing.directory import Agreement, Team

Things = Mapping[tuple[str, ...], Any]

# The referral first, in order: as steps and clocks lock it.
_LOOK: Final = """
WITH concerned AS (
    SELECT h.id FROM handover AS h JOIN referral AS r ON r.id = h.referral_id
     WHERE h.ended_at IS NULL AND {concerned} ORDER BY r.id FOR UPDATE OF r
)
UPDATE handover AS h
   SET reassess_on = least(h.reassess_on, :today), clock_on = least(h.clock_on, :today)
  FROM concerned WHERE h.id = concerned.id
"""
OF_HOMES: Final = text(_LOOK.format(concerned="h.responsible_municipality = ANY(:homes)"))
OF_TEAMS: Final = text(
    _LOOK.format(
        concerned="""h.team_id = ANY(:teams) AND h.receiver_organisation_id IN
           (SELECT id FROM organisation WHERE code = ANY(:owners))"""
    )
)


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
    if homes:
        await connection.execute(OF_HOMES, {"homes": sorted(homes), "today": today})
    changed = [one for one in _changed(*teams, _of_team) if (one.id,) in teams[0]]
    if changed:
        owners = sorted({one.organisation for one in changed})
        told = {"teams": sorted({one.id for one in changed}), "owners": owners, "today": today}
        await connection.execute(OF_TEAMS, told)


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
