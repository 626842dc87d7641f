"""A filter finds by what the list tells: who is not told whose task it is cannot find that out by asking."""

from dataclasses import replace
from itertools import product
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest

from app.models.handover import STATUSES
from app.services.clients import Client
from app.services.handovers import list_handovers
from app.services.lifecycle.table import ENDED

MOVED = """
UPDATE handover SET status = $2, desk_organisation_id = $3, ended_at = CASE WHEN $4 THEN now() END
 WHERE id = $1
"""
ROLES: Final = (
    {"referrer"}, {"team"}, {"desk"}, {"team", "desk"},
    {"operator"}, {"operator", "desk"}, {"operator", "team"},
)  # fmt: skip


async def listed(world: Any, client: Client, **filters: Any) -> list[dict[str, Any]]:
    async with world.database.transaction() as connection:
        return (await list_handovers(connection, client, now=world.now, **filters))[0]


@pytest.mark.parametrize("desk", ["0166", "0193", "nobody"])
async def test_the_municipality_finds_what_is_told_to_be_its_task(
    world: Any, owner: asyncpg.Connection, desk: str
) -> None:
    (handover,) = (await world.submit()).referral["handovers"]
    desks = {"0166": world.municipality.organisation_id, "0193": world.core.organisation_id}
    met = set()
    for status in STATUSES:
        await owner.execute(MOVED, UUID(handover["id"]), status, desks.get(desk), status in ENDED)
        for client, roles in product((world.school, world.municipality, world.core), ROLES):
            asking = replace(client, roles=frozenset(roles))
            told = [one for one in await listed(world, asking) if one["responsibleMunicipality"] == "0166"]
            assert await listed(world, asking, municipality="0166") == told, (status, roles)
            met.add(bool(told))
    assert met == {True, False}, "void: nobody is told, or everybody"
