"""G16b: what the database itself lets each organisation see and write, table by table."""

import asyncpg
import pytest

from app.models.walls import WALLED
from tests.walls.conftest import As, count, insert
from tests.walls.rows import (
    ANOTHER,
    DESK,
    HANDOVER,
    OF_THE_SERVICE,
    RECEIVER,
    REFERRAL,
    RESPONSIBLE,
    ROWS,
    SCHOOL,
    STRANGER,
)

WITH_AN_ORGANISATION = [table for table in WALLED if "organisation_id" in ROWS[table]]
OPENED = {"referral": REFERRAL, "referrer": SCHOOL}


@pytest.mark.parametrize("table", WALLED)
async def test_an_organisation_sees_its_own_rows(seen_as: As, table: str) -> None:
    async with seen_as(SCHOOL) as school:
        assert await count(school, table) == 1


@pytest.mark.parametrize("table", WALLED)
async def test_the_service_itself_sees_all_rows(seen_as: As, table: str) -> None:
    async with seen_as(scope="system") as service:
        assert await count(service, table) == 1


@pytest.mark.parametrize("table", WALLED)
async def test_another_organisation_sees_no_row(seen_as: As, table: str) -> None:
    async with seen_as(STRANGER) as stranger:
        assert await count(stranger, table) == 0


@pytest.mark.parametrize("table", WALLED)
@pytest.mark.parametrize("told", [{}, {"organisation": SCHOOL}, {"scope": "organisation"}], ids=str)
async def test_who_does_not_say_for_whom_and_as_what_sees_no_row(
    seen_as: As, table: str, told: dict[str, object]
) -> None:
    async with seen_as(**{"scope": "", **told}) as nobody:
        assert await count(nobody, table) == 0


@pytest.mark.parametrize("table", WALLED)
async def test_another_organisation_changes_no_row(
    seen_as: As, owner: asyncpg.Connection, table: str
) -> None:
    granted = await owner.fetch(
        "SELECT column_name FROM information_schema.column_privileges "
        "WHERE table_name = $1 AND privilege_type = 'UPDATE' AND grantee = 'verwijsroute_service'",
        table,
    )
    async with seen_as(STRANGER) as stranger:
        for (column,) in granted:
            assert await stranger.execute(f"UPDATE {table} SET {column} = {column}") == "UPDATE 0"  # noqa: S608


@pytest.mark.parametrize(
    "table", ["idempotency", "webhook_subscription", "import", "import_part", "import_erasure"]
)
async def test_another_organisation_deletes_no_row(seen_as: As, table: str) -> None:
    async with seen_as(STRANGER) as stranger:
        assert await stranger.execute(f"DELETE FROM {table}") == "DELETE 0"  # noqa: S608


@pytest.mark.parametrize("table", WALLED)
async def test_an_organisation_adds_rows_of_its_own(seen_as: As, table: str) -> None:
    scope = "system" if table in OF_THE_SERVICE else "organisation"
    async with seen_as(SCHOOL, scope) as school:
        await insert(school, table, ROWS[table] | ANOTHER[table])


@pytest.mark.parametrize("table", WALLED)
async def test_another_organisation_adds_no_row_in_its_name(seen_as: As, table: str) -> None:
    async with seen_as(STRANGER) as stranger:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await insert(stranger, table, ROWS[table] | ANOTHER[table])


@pytest.mark.parametrize("table", WITH_AN_ORGANISATION)
async def test_no_row_is_moved_to_another_organisation(seen_as: As, table: str) -> None:
    async with seen_as(SCHOOL) as school:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await school.execute(f"UPDATE {table} SET organisation_id = $1", STRANGER)  # noqa: S608


@pytest.mark.parametrize("organisation", [RECEIVER, DESK, RESPONSIBLE])
async def test_receiver_desk_and_responsible_municipality_see_a_handover_and_its_events(
    seen_as: As, organisation: object
) -> None:
    async with seen_as(organisation) as party:
        assert [await count(party, table) for table in ("handover", "event")] == [1, 1]


@pytest.mark.parametrize("organisation", [RECEIVER, DESK, RESPONSIBLE])
async def test_what_waits_for_consent_is_nobodys_but_the_referrers(
    seen_as: As, owner: asyncpg.Connection, organisation: object
) -> None:
    await owner.execute("UPDATE handover SET status = 'needs_consent'")
    async with seen_as(organisation) as party:
        assert [await count(party, table) for table in ("handover", "event")] == [0, 0]


@pytest.mark.parametrize(("flags", "seen"), [(["disputed"], 1), ([], 0)])
async def test_who_denied_sees_a_handover_while_it_is_disputed(
    seen_as: As, owner: asyncpg.Connection, flags: list[str], seen: int
) -> None:
    await owner.execute("UPDATE handover SET denied_by = $1, flags = $2", [STRANGER], flags)
    async with seen_as(STRANGER) as desk:
        assert await count(desk, "handover") == seen


@pytest.mark.parametrize("table", ["referral", "decision", "advice", "idempotency", "credential"])
async def test_a_receiver_sees_no_more_than_its_handover(seen_as: As, table: str) -> None:
    async with seen_as(RECEIVER) as receiver:
        assert await count(receiver, table) == 0


@pytest.mark.parametrize("table", ["referral", "decision", "handover", "advice"])
async def test_an_opened_referral_is_seen_with_all_that_belongs_to_it(seen_as: As, table: str) -> None:
    async with seen_as(STRANGER, **OPENED) as opened:
        assert await count(opened, table) == 1


@pytest.mark.parametrize("table", ["decision", "handover", "advice", "event"])
async def test_what_a_step_adds_to_an_opened_referral_is_its_referrers(seen_as: As, table: str) -> None:
    async with seen_as(RECEIVER, **OPENED) as receiver:
        await insert(receiver, table, ROWS[table] | ANOTHER[table])


@pytest.mark.parametrize("table", ["decision", "handover", "advice", "event"])
async def test_a_step_adds_nothing_in_the_name_of_a_third(seen_as: As, table: str) -> None:
    async with seen_as(RECEIVER, **OPENED) as receiver:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await insert(receiver, table, ROWS[table] | ANOTHER[table] | {"organisation_id": STRANGER})


async def test_no_event_is_told_as_done_by_another(seen_as: As) -> None:
    async with seen_as(SCHOOL) as school:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await insert(school, "event", ROWS["event"] | ANOTHER["event"] | {"actor_organisation_id": DESK})


@pytest.mark.parametrize(
    "table", ["referral", "decision", "advice", "credential", "idempotency", "access_log"]
)
async def test_an_operator_sees_nothing_of_what_is_about_people(seen_as: As, table: str) -> None:
    async with seen_as(STRANGER, "operator") as operator:
        assert await count(operator, table) == 0


@pytest.mark.parametrize("table", ["handover", "event", "webhook_subscription", "webhook_delivery"])
async def test_an_operator_sees_the_machinery_of_all(seen_as: As, table: str) -> None:
    async with seen_as(STRANGER, "operator") as operator:
        assert await count(operator, table) == 1


@pytest.mark.parametrize(
    ("organisation", "seen"), [(SCHOOL, 1), (RECEIVER, 1), (DESK, 0), (RESPONSIBLE, 1), (STRANGER, 0)]
)
@pytest.mark.parametrize("table", ["handover", "referral"])
async def test_whoever_counts_sees_what_is_its_to_count(
    seen_as: As, table: str, organisation: object, seen: int
) -> None:
    async with seen_as(organisation, "statistics") as counting:
        assert await count(counting, table) == seen


async def test_the_operators_organisation_counts_everything(seen_as: As, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE organisation SET kind = 'operator' WHERE id = $1", STRANGER)
    async with seen_as(STRANGER, "statistics") as counting:
        assert [await count(counting, table) for table in ("handover", "referral")] == [1, 1]


@pytest.mark.parametrize(
    ("found_by", "seen"),
    [
        (f"credential_by_secret('\\x{bytes(32).hex()}')", 1),
        ("credential_by_secret('\\x00')", 0),
        ("credential_by_client('issuer', 'client')", 1),
        ("credential_by_client('issuer', '%')", 0),
    ],
)
async def test_a_credential_is_found_by_what_its_holder_alone_knows(
    seen_as: As, owner: asyncpg.Connection, found_by: str, seen: int
) -> None:
    by_token = {"secret_sha256": None, "issuer": "issuer", "client_id": "client"}
    await insert(owner, "credential", ROWS["credential"] | ANOTHER["credential"] | by_token)
    async with seen_as(scope="") as nobody:
        assert [await count(nobody, one) for one in (found_by, "credential")] == [seen, 0]


async def test_a_new_edition_has_a_handover_looked_at_and_shows_none(
    seen_as: As, owner: asyncpg.Connection
) -> None:
    async with seen_as(STRANGER) as editor:
        await editor.execute("SELECT look_today('{0202}', '{}', '{}', '2026-11-22')")
        assert await count(editor, "handover") == 0
        await editor.execute("COMMIT")
    assert str(await owner.fetchval("SELECT clock_on FROM handover WHERE id = $1", HANDOVER)) == "2026-11-22"


@pytest.mark.parametrize(("organisation", "seen"), [(RECEIVER, 1), (SCHOOL, 2), (DESK, 0)])
async def test_a_look_is_seen_by_who_looked_and_by_who_referred(
    seen_as: As, owner: asyncpg.Connection, organisation: object, seen: int
) -> None:
    look = ROWS["access_log"] | ANOTHER["access_log"] | {"organisation_id": RECEIVER}
    await insert(owner, "access_log", look)
    async with seen_as(organisation) as one:
        assert await count(one, "access_log") == seen
