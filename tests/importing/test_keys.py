"""The keys of imports are wrapped anew with the others, also while one runs."""

from app.adapters.encryption import Keyring
from app.services.importing.imports import find_import
from app.services.importing.results import list_rows
from app.services.key_rotation import count_keys, missing_keys, wrap_some
from tests.importing.conftest import Importer

OLD, NEW, INDEX = bytes(range(32)), bytes(range(2, 34)), bytes(range(1, 33))


async def test_the_key_of_an_import_is_wrapped_anew_and_opens_without_the_old_one(importer: Importer) -> None:
    import_ = await importer.begin()
    await importer.store(import_, importer.draft(2, "a"))
    both = Keyring({"k1": OLD, "k2": NEW}, "k2", INDEX)
    async with importer.world.database.transaction() as connection:
        done = await wrap_some(connection, both, "import", "k1", size=10)
        used = {(use.table, use.key_id) for use in await count_keys(connection)}
        only_new = Keyring({"k2": NEW}, "k2", INDEX)
        found = await find_import(connection, import_.organisation_id, only_new, import_.id)
        [row], _ = await list_rows(connection, found)
    assert (done.wrapped, row.reference) == (1, "a")
    assert used == {("import", "k2"), ("referral", "k1")}


async def test_a_key_that_an_import_alone_needs_is_missed(importer: Importer) -> None:
    await importer.begin()
    async with importer.world.database.transaction() as connection:
        assert await missing_keys(connection, Keyring({"k2": NEW}, "k2", INDEX)) == ["k1"]
