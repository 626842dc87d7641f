"""A rulebook that decided something can be read back by its hash."""

from typing import Any

import pytest

from app.errors import NotFound
from app.services.rulebooks import find_rulebook, store_rulebook


async def test_a_stored_rulebook_is_found_by_its_hash(world: Any) -> None:
    async with world.database.transaction() as connection:
        await store_rulebook(connection, world.rulebook, world.now)
        await store_rulebook(connection, world.rulebook, world.now)
        found = await find_rulebook(connection, world.rulebook.hash)
    assert (found.hash, found.files) == (world.rulebook.hash, world.rulebook.files)


async def test_a_rulebook_that_was_never_stored_is_not_found(world: Any) -> None:
    async with world.database.transaction() as connection:
        with pytest.raises(NotFound):
            await find_rulebook(connection, "sha256:unknown")
