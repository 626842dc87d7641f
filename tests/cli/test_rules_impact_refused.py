"""What `verwijsroute rules impact` cannot be asked is refused before anything is decided."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.cli.faults_told import FAULTS_TOLD
from tests.cli.conftest import change

Command = Callable[..., Any]


def test_a_file_that_is_there_is_not_written_over(verwijsroute: Command, tmp_path: Path) -> None:
    theirs = tmp_path / "impact.ndjson"
    theirs.write_text("mine", "utf-8")
    done = verwijsroute("rules", "impact", "--output", str(theirs))
    assert (done.code, done.out, theirs.read_text("utf-8")) == (2, "", "mine")
    assert f"{theirs} is there already" in done.err


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("[[rule]]", "[[rule", "is not valid TOML"),
        ('provision = "wgs"', 'provision = "none such"', "wgs.debts.minor"),
        ('problem_domains = ["debts"]', 'problem_domains = ["income"]', "gap: debts"),
    ],
)
def test_a_bad_rulebook_is_refused(
    verwijsroute: Command, rules: Path, before: str, after: str, reason: str
) -> None:
    change(rules / "wgs.toml", before, after)
    done = verwijsroute("rules", "impact", "--rulebook", str(rules))
    assert (done.code, done.out) == (2, "")
    assert reason in done.err


def test_a_folder_of_rules_that_is_not_there_is_one_message(verwijsroute: Command) -> None:
    done = verwijsroute("rules", "impact", "--rulebook", "/none")
    assert (done.code, done.err) == (2, "verwijsroute: /none: no such folder\n")


def test_every_fault_of_a_table_is_told_up_to_a_bound(verwijsroute: Command, tmp_path: Path) -> None:
    file = tmp_path / "impact.csv"
    file.write_text("kind,id\n" + "".join(f"neighbourhood_team,x{row}\n" for row in range(9)), "utf-8")
    head, *told = verwijsroute("rules", "impact", "--directory", str(file)).err.splitlines()
    faults = int(head.removeprefix(f"verwijsroute: {file}: ").removesuffix(" faults"))
    assert all(line.startswith("  row ") for line in told[:FAULTS_TOLD])
    assert told[FAULTS_TOLD:] == [f"  and {faults - FAULTS_TOLD} more faults"]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("naam;plaats\na;b\n", "no known table"),
        ("kind,id\nneighbourhood_team,x\n", "required"),
        ("", "impact.csv"),
    ],
)
def test_a_bad_table_is_refused(verwijsroute: Command, tmp_path: Path, table: str, reason: str) -> None:
    file = tmp_path / "impact.csv"
    file.write_text(table, "utf-8")
    done = verwijsroute("rules", "impact", "--directory", str(file))
    assert (done.code, done.out) == (2, "")
    assert reason in done.err
