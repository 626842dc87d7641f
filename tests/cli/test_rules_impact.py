"""`verwijsroute rules impact`: exactly what other rules or teams would change, and nothing is written."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from app.cli.demo_keys import demo_keys
from app.cli.impact_words import as_text
from app.cli.placing import place
from app.config import Settings
from app.errors import Unavailable
from app.impact import find_impact
from app.impact.process import hold
from app.reference.cases import worked_cases
from app.resources import Resources, open_resources
from app.routing import Directory, Rulebook, load_rulebook, rulebook_from
from app.routing.directory import Team
from app.services.directories import put_things
from app.services.erasing import erase_referral
from app.services.impact.other import Other, changes_in
from app.services.impact.tally import Tally
from tests.cli.conftest import change

Command = Callable[..., Any]
Json = dict[str, Any]
Find = Callable[..., Awaitable[tuple[Tally, list[Json]]]]
CASES: Final = len(worked_cases())
KAMPEN: Final = "kampen-wijkteam"
RULE: Final = "zvw.mental-health.adult"
# One rule gives another provision, of whose responsible body one of its cases does not tell enough.
OTHERWISE: Final = (f'id = "{RULE}"\nprovision = "zvw"', f'id = "{RULE}"\nprovision = "wmo"')
# What all rows of all tables are, and who wrote them last.
WRITTEN: Final = """
SELECT string_agg(format('SELECT %L, count(*), sum(hashtext(concat(t, xmin, ctid))) FROM %I t',
                         relname, relname), ' UNION ALL ')
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture
async def resources(settings: Settings) -> AsyncIterator[Resources]:
    async with open_resources(settings) as opened:
        yield opened


@pytest.fixture
async def placed(resources: Resources) -> list[Json]:
    """Every worked case as a referral that is stored, with its decision."""
    keys = await demo_keys(resources)
    bodies: list[Any] = [case.request() for case in worked_cases()]
    return [
        await place(resources, keys[f"school {body['school']['brin']}"], body, dry_run=False)
        for body in bodies
    ]


@pytest.fixture
def find(resources: Resources) -> Find:
    """What is found with these in place, decided in this process."""

    async def run(other: Other) -> tuple[Tally, list[Json]]:
        written: list[bytes] = []
        with ThreadPoolExecutor(1, initializer=hold, initargs=(resources.settings, other)) as pool:
            tally = await find_impact(resources, other, pool, 1, tell=lambda *_: None, write=written.append)
        return tally, [json.loads(line) for line in b"".join(written).splitlines()]

    return run


async def newest(resources: Resources) -> Directory:
    async with resources.database.transaction() as connection:
        return await resources.newest_directory(connection)


def changed_rules() -> Rulebook:
    files = dict(load_rulebook().files)
    assert OTHERWISE[0] in files["zvw.toml"]
    return rulebook_from({**files, "zvw.toml": files["zvw.toml"].replace(*OTHERWISE)})


def ids_with(placed: list[Json], wanted: Callable[[Json], bool]) -> set[str]:
    """The referrals of which some route is wanted."""
    found = {str(one["id"]) for one in placed if any(map(wanted, one["decision"]["routes"]))}
    assert 0 < len(found) < CASES, "all or none: this would show nothing"
    return found


def by_rule(route: Json) -> bool:
    return (route["rule"] or {}).get("id") == RULE


def at_kampen(route: Json) -> bool:
    return any(receiver["teamId"] == KAMPEN for receiver in route["receivers"])


async def test_the_same_rules_and_directory_change_nothing(
    placed: list[Json], resources: Resources, find: Find
) -> None:
    same = Other(load_rulebook().files, (await newest(resources)).teams)
    for other in (Other(), same):
        tally, lines = await find(other)
        assert (tally.receipts, tally.unchanged, lines) == (CASES, CASES, [])
        routes = [route for one in placed for route in one["decision"]["routes"]]
        assert tally.by["act"].before.total() == sum(bool(route["legalFramework"]) for route in routes)
        assert not any(moves.leave or moves.come for moves in tally.by.values())


async def test_another_provision_is_found_in_exactly_the_referrals_of_its_rule(
    placed: list[Json], find: Find
) -> None:
    tally, lines = await find(Other(changed_rules().files))
    of_rule = ids_with(placed, by_rule)
    assert {line["referralId"] for line in lines} == of_rule
    changes = [change for line in lines for change in line["changes"]]
    assert {one["before"]["provision"] for one in changes} == {"zvw"}
    assert {one["after"]["rule"] for one in changes if one["after"]["outcome"] == "routed"} == {RULE}
    acts = tally.by["act"]
    assert acts.leave == {"health_insurance_act": len(changes)}
    assert acts.come == {"wmo_2015": sum(one["after"]["provision"] == "wmo" for one in changes)}


async def test_what_can_no_longer_be_decided_is_counted_apart(placed: list[Json], find: Find) -> None:
    """Whose task it is under the other act was not told in one of the cases."""
    tally, lines = await find(Other(changed_rules().files))
    waiting = [line for line in lines if any(one["after"]["outcome"] != "routed" for one in line["changes"])]
    assert (tally.undecidable, tally.changed) == (1, len(ids_with(placed, by_rule)) - 1)
    assert len(waiting) == tally.undecidable


async def test_a_team_that_is_gone_is_found_in_exactly_the_referrals_that_it_receives(
    placed: list[Json], find: Find, resources: Resources
) -> None:
    directory = await newest(resources)
    left = [team for team in directory.teams if team.id != KAMPEN]
    things, gone = changes_in(directory, Team, left, end_missing=True)
    tally, lines = await find(Other(None, things, gone))
    assert {line["referralId"] for line in lines} == ids_with(placed, at_kampen)
    assert (of_team := tally.by["team"]).leave[KAMPEN] == of_team.before[KAMPEN] > 0
    told = [line.split() for line in as_text(tally, None).splitlines()]
    assert ["routes", "by", "team", "before", "leave", "come"] in told
    assert [KAMPEN, str(of_team.before[KAMPEN]), str(of_team.leave[KAMPEN]), "0"] in told
    assert changes_in(directory, Team, left, end_missing=False) == ((), frozenset())


async def test_a_team_under_another_name_is_no_change(
    placed: list[Json], find: Find, resources: Resources
) -> None:
    renamed = tuple(replace(team, name=f"{team.name} 2") for team in (await newest(resources)).teams)
    assert (await find(Other(None, renamed)))[0].unchanged == len(placed)


async def test_what_the_directory_became_since_is_not_taken_for_a_change(
    placed: list[Json], find: Find, resources: Resources
) -> None:
    """Each decision keeps its own edition, and a table that says what is registered says nothing new."""
    async with resources.database.transaction() as connection:
        ended = [
            replace(team, valid_to=team.valid_from)
            for team in (await resources.newest_directory(connection)).teams
        ]
        await put_things(connection, ended, resources.clock.now())
    things, gone = changes_in(await newest(resources), Team, ended, end_missing=True)
    assert (things, gone) == ((), frozenset())
    assert (await find(Other(None, things, gone)))[0].unchanged == len(placed)
    assert (await find(Other(None, tuple(ended))))[0].changed > 0, "else this shows nothing"


async def test_nothing_is_written(placed: list[Json], find: Find, owner: asyncpg.Connection) -> None:
    rows = await owner.fetchval(WRITTEN)
    before = await owner.fetch(rows)
    tally, _ = await find(Other(changed_rules().files))
    assert tally.receipts == len(placed)
    assert await owner.fetch(rows) == before


async def test_the_database_refuses_to_write_meanwhile(resources: Resources) -> None:
    with pytest.raises(Unavailable, match="ReadOnlySQLTransactionError"):
        async with resources.database.reading() as connection:
            await connection.exec_driver_sql("DELETE FROM bucket")


async def test_what_cannot_be_read_is_counted_and_what_was_erased_is_not(
    placed: list[Json], find: Find, resources: Resources, owner: asyncpg.Connection
) -> None:
    ids = [one["id"] for one in placed]
    # Append-only tables refuse.
    await owner.execute("SET session_replication_role = replica")
    for column, value, id in (
        ("receipt", b"no receipt", ids[0]),
        ("rulebook_hash", "gone", ids[1]),
        ("directory_edition", 999, ids[2]),
    ):
        await owner.execute(f"UPDATE decision SET {column} = $1 WHERE referral_id = $2", value, id)  # noqa: S608
    await owner.execute("UPDATE referral SET key_id = 'gone' WHERE id = $1", ids[3])
    async with resources.database.transaction() as connection:
        now = resources.clock.now()
        assert await erase_referral(connection, resources.ledger, ids[4], now, "request")
    tally, _ = await find(Other())
    assert (tally.unreadable, tally.unchanged) == (4, CASES - 5)


async def test_no_line_says_who_it_is_about(placed: list[Json], find: Find) -> None:
    _, lines = await find(Other(changed_rules().files))
    said = json.dumps(lines)
    bodies: list[Any] = [case.request() for case in worked_cases()]
    people = {str(body["student"][name]) for body in bodies for name in ("surname", "birthDate")}
    assert len(lines) < len(placed)
    assert not any(one in said for one in people)


class TestOfTheCommand:
    async def test_processes_of_their_own_find_the_same(
        self, placed: list[Json], find: Find, verwijsroute: Command, rules: Path, tmp_path: Path
    ) -> None:
        change(rules / "zvw.toml", *OTHERWISE)
        output = tmp_path / "impact.ndjson"
        told = ("--rulebook", str(rules), "--output", str(output), "--json")
        done = await asyncio.to_thread(verwijsroute, "rules", "impact", *told)
        tally, lines = await find(Other(changed_rules().files))
        found = json.loads(done.out)
        assert (done.code, found["receipts"], found["changed"]) == (0, len(placed), tally.changed)
        assert [json.loads(line) for line in output.read_text("utf-8").splitlines()] == lines
        assert output.stat().st_mode & 0o777 == 0o600
        assert "receipts" in done.err, "no progress"

    async def test_a_receipt_that_cannot_be_read_is_told_behind_all_that_moves(
        self, placed: list[Json], verwijsroute: Command, rules: Path, owner: asyncpg.Connection
    ) -> None:
        change(rules / "zvw.toml", *OTHERWISE)
        lost = next(one["id"] for one in placed if not any(map(by_rule, one["decision"]["routes"])))
        await owner.execute("SET session_replication_role = replica")
        await owner.execute("UPDATE decision SET receipt = 'none' WHERE referral_id = $1", lost)
        asked = ("--rulebook", str(rules), "--processes", "1")
        done = await asyncio.to_thread(verwijsroute, "rules", "impact", *asked)
        told = [" ".join(line.split()) for line in done.out.splitlines()]
        assert (done.code, "1 could not be read" in told) == (1, True), done.out
        assert {"routes by act before leave come", "health_insurance_act 5 4 0", "wmo_2015 6 0 3"} <= {*told}
        assert {"routes by municipality before leave come", "0147 0 0 2", "0344 1 0 1"} <= {*told}
