"""`verwijsroute rules impact`: exactly what other rules or teams would change, and nothing is written."""

import asyncio
import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from app.reference.cases import worked_cases
from app.routing.loader import SHIPPED

Command = Callable[..., Any]
Json = dict[str, Any]
# One rule gives another provision.
OTHERWISE: Final = ('mental-health.adult"\nprovision = "zvw"', 'mental-health.adult"\nprovision = "wmo"')
CASES: Final = len(worked_cases())
# Where all rows of all tables are, and who wrote them last.
WRITTEN: Final = """
SELECT string_agg(format('SELECT %L, count(*), sum(hashtext(t::text || xmin || ctid)) FROM %I t',
                         relname, relname), ' UNION ALL ')
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@pytest.fixture
def placed(verwijsroute: Command) -> list[Json]:
    """Every worked case as a referral that is stored, with its decision."""
    done = verwijsroute("demo", "--json")
    assert done.code == 0
    return [json.loads(line) for line in done.out.splitlines()]


@pytest.fixture
def impact(verwijsroute: Command, tmp_path: Path) -> Callable[..., tuple[Json, list[Json]]]:
    """What the command counts, and the lines that it writes."""

    def run(*options: str, code: int = 0) -> tuple[Json, list[Json]]:
        output = tmp_path / "impact.ndjson"
        told = ("--json", "--processes", "1", "--output", str(output))
        done = verwijsroute("rules", "impact", *told, *options)
        assert done.code == code, done.err
        lines = output.read_text("utf-8").splitlines()
        assert not list(tmp_path.glob("*.part"))
        return json.loads(done.out), [json.loads(line) for line in lines]

    return run


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rule files, to be changed."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "rules"))


@pytest.fixture
def exported(verwijsroute: Command, tmp_path: Path) -> Callable[..., str]:
    """A file with the newest edition of a kind, rows changed or left out by `change`."""

    def export(kind: str, change: Callable[[dict[str, str]], dict[str, str] | None] = dict) -> str:
        rows = list(csv.DictReader(io.StringIO(verwijsroute("directory", "export", kind).out)))
        file = tmp_path / f"{kind}.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]))
            writer.writeheader()
            writer.writerows(filter(None, map(change, rows)))
        return str(file)

    return export


def change_text(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


def ids_with(placed: list[Json], wanted: Callable[[Json], bool]) -> set[str]:
    """The referrals of which some route is wanted."""
    found = {one["id"] for one in placed if any(map(wanted, one["decision"]["routes"]))}
    assert 0 < len(found) < CASES, "all or none: this would show nothing"
    return found


def test_the_same_rules_and_directory_change_nothing(
    placed: list[Json], impact: Any, rules: Path, exported: Any
) -> None:
    tables = [f"--directory={exported(kind)}" for kind in ("teams", "schools", "agreements")]
    found, lines = impact("--rulebook", str(rules), *tables, "--end-missing")
    assert (found["receipts"], found["unchanged"], lines) == (CASES, CASES, [])
    routes = [route for one in placed for route in one["decision"]["routes"]]
    assert sum(one["routes"] for one in found["byAct"]) == sum(bool(route["provision"]) for route in routes)
    assert all((one["leave"], one["come"]) == (0, 0) for one in found["byMunicipality"] + found["byTeam"])


def test_another_provision_is_found_in_exactly_the_referrals_of_its_rule(
    placed: list[Json], impact: Any, rules: Path
) -> None:
    change_text(rules / "zvw.toml", *OTHERWISE)
    of_rule = ids_with(placed, lambda route: (route["rule"] or {}).get("id") == "zvw.mental-health.adult")
    found, lines = impact("--rulebook", str(rules))
    assert {line["referralId"] for line in lines} == of_rule
    assert (found["changed"], found["unchanged"]) == (len(of_rule), CASES - len(of_rule))
    assert {change["problemDomain"] for line in lines for change in line["changes"]} == {"mental_health"}
    for change in (change for line in lines for change in line["changes"]):
        assert (change["before"]["provision"], change["after"]["provision"]) == ("zvw", "wmo")
    acts = {one["act"]: one for one in found["byAct"]}
    assert acts["health_insurance_act"]["leave"] == acts["wmo_2015"]["come"] == len(of_rule)


def test_what_can_no_longer_be_decided_is_counted_apart(placed: list[Json], impact: Any, rules: Path) -> None:
    """With the residence of a child a question opens: whose it is, was not told."""
    provision = 'self-reliance"\nprovision = "wmo"'
    change_text(rules / "wmo.toml", provision, f'{provision}\nresidence = "child"')
    of_rule = ids_with(placed, lambda route: (route["rule"] or {}).get("id") == "wmo.self-reliance")
    found, lines = impact("--rulebook", str(rules))
    assert {line["referralId"] for line in lines} == of_rule
    assert (found["noLongerDecidable"], found["changed"]) == (len(of_rule), 0)


def test_a_team_that_is_not_there_is_found_in_exactly_the_referrals_that_it_receives(
    placed: list[Json], impact: Any, exported: Any
) -> None:
    def receives(route: Json) -> bool:
        return any(receiver["teamId"] == "kampen-wijkteam" for receiver in route["receivers"])

    file = exported("teams", lambda row: None if row["id"] == "kampen-wijkteam" else row)
    found, lines = impact("--directory", file, "--end-missing")
    assert {line["referralId"] for line in lines} == ids_with(placed, receives)
    (team,) = (one for one in found["byTeam"] if one["team"] == "kampen-wijkteam")
    assert team["leave"] == team["routes"] > team["come"] == 0
    kept, lines = impact("--directory", file)
    assert (kept["unchanged"], lines) == (CASES, []), "what the table leaves out stays, unless told"


@pytest.mark.usefixtures("placed")
def test_what_the_directory_became_since_is_not_taken_for_a_change(
    impact: Any, exported: Any, verwijsroute: Command
) -> None:
    """Each decision keeps its own edition, and a table that says what is registered says nothing new."""
    ended = exported("teams", lambda row: {**row, "validTo": row["validFrom"]})
    assert verwijsroute("directory", "import", ended).code == 0
    assert impact("--directory", exported("teams"))[0]["unchanged"] == CASES


async def test_nothing_is_written(verwijsroute: Command, owner: asyncpg.Connection, rules: Path) -> None:
    assert (await asyncio.to_thread(verwijsroute, "demo")).code == 0
    change_text(rules / "zvw.toml", *OTHERWISE)
    rows = await owner.fetchval(WRITTEN)
    before = await owner.fetch(rows)
    done = await asyncio.to_thread(verwijsroute, "rules", "impact", "--rulebook", str(rules))
    assert (done.code, "nothing was changed" in done.out) == (0, True)
    assert await owner.fetch(rows) == before


async def test_what_cannot_be_read_is_counted_and_what_was_erased_is_not(
    verwijsroute: Command, owner: asyncpg.Connection
) -> None:
    placed = (await asyncio.to_thread(verwijsroute, "demo", "--json")).out.splitlines()
    ids = [json.loads(line)["id"] for line in placed]
    await owner.execute("UPDATE decision SET receipt = 'no receipt at all' WHERE referral_id = $1", ids[0])
    await owner.execute("UPDATE referral SET key_id = 'gone' WHERE id = $1", ids[1])
    await owner.execute("UPDATE decision SET rulebook_hash = 'gone' WHERE referral_id = $1", ids[2])
    await owner.execute("UPDATE decision SET directory_edition = 999 WHERE referral_id = $1", ids[3])
    await owner.execute("SET session_replication_role = replica")
    await owner.execute("UPDATE decision SET receipt = NULL WHERE referral_id = $1", ids[4])
    await owner.execute("RESET session_replication_role")
    done = await asyncio.to_thread(verwijsroute, "rules", "impact", "--json")
    found = json.loads(done.out)
    assert (done.code, found["unreadable"], found["unchanged"]) == (1, 4, CASES - 5)


@pytest.mark.usefixtures("placed")
def test_no_line_says_who_it_is_about(impact: Any, rules: Path, tmp_path: Path) -> None:
    change_text(rules / "zvw.toml", *OTHERWISE)
    impact("--rulebook", str(rules))
    file = tmp_path / "impact.ndjson"
    people = {
        str(case.request()["student"][name]) for case in worked_cases() for name in ("surname", "birthDate")
    }
    assert not any(one in file.read_text("utf-8") for one in people)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("file", "before", "after", "reason"),
    [
        ("wgs.toml", "[[rule]]", "[[rule", "is not valid TOML"),
        ("wgs.toml", 'provision = "wgs"', 'provision = "none such"', "wgs.debts.minor"),
        ("wgs.toml", 'problem_domains = ["debts"]', 'problem_domains = ["income"]', "gap: debts"),
    ],
)
def test_a_bad_rulebook_is_refused(
    verwijsroute: Command, rules: Path, file: str, before: str, after: str, reason: str
) -> None:
    change_text(rules / file, before, after)
    done = verwijsroute("rules", "impact", "--rulebook", str(rules))
    assert (done.code, done.out) == (2, "")
    assert reason in done.err


@pytest.mark.usefixtures("placed")
def test_a_bad_table_is_refused(verwijsroute: Command, exported: Any, tmp_path: Path) -> None:
    unknown = exported("teams", lambda row: {**row, "municipality": "Nergenshuizen"})
    doubled = exported("schools", lambda row: {**row, "id": f"{row['id']}-2"})
    other = tmp_path / "other.csv"
    other.write_text("naam;plaats\na;b\n", "utf-8")
    for file, reason in ((unknown, "municipality.unknown"), (doubled, "overlaps"), (other, "no known table")):
        done = verwijsroute("rules", "impact", "--directory", str(file))
        assert (done.code, done.out) == (2, "")
        assert reason in done.err
