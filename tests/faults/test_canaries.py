"""G21, G22: what is sent comes out nowhere but in the answer to its owner, whatever goes wrong."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from app.api.openapi import document
from app.api.problem_kinds import KINDS
from tests.canaries import planted
from tests.canaries.sowing import Field
from tests.canaries.stage import DEFAULT_LOG, Stage, deployed_log, staged
from tests.canaries.walk import break_down, go_right, go_wrong, provoke
from tests.faults.service import ROOT, run_command
from tests.faults.stage import Count, Prepared

LOG, DATABASE_LOG, REFUSALS = "log of service and worker", "log of the database", "refusals"
# What this service cannot be asked, for it knows no issuer of tokens.
ELSEWHERE: Final = {"urn:problem-type:verwijsroute:insufficient-scope"}
# Statements of the test itself, which have their canary in the text and not as a parameter.
SPELLED_OUT: Final = {
    f"{who} {kind}"
    for who in ("planted", "worker")
    for kind in (*planted.SPELLED_OUT, "deadlock", "lock_timeout")
}


async def ask_by_command(stage: Stage, folder: Path) -> None:
    """A request in a file, right and wrong: what the command says of it, and how it is seen while it runs."""
    word = stage.aviary.canary("file of a command")
    file = folder / "request.json"
    for body in ({"student": {"surname": word}}, {word: [word], "bsn": word, "student": {"birthDate": word}}):
        file.write_text(json.dumps(body))
        done = await asyncio.to_thread(run_command, stage.settings, ROOT, "decide", str(file))
        stage.wrote("commands", done.stdout + done.stderr)


def leaks(stage: Stage) -> dict[str, Counter[str]]:
    """Canaries where none may be."""
    found = stage.found()
    statements = found.pop("pg_stat_activity", Counter())
    unexpected = {place: n for place, n in statements.items() if place not in SPELLED_OUT}
    return found | ({"pg_stat_activity": Counter(unexpected)} if unexpected else {})


def in_words(stage: Stage) -> str:
    statuses = ", ".join(f"{count} x {status}" for status, count in sorted(stage.answers.items()))
    places = ", ".join(f"{place} {sum(map(len, texts)):,}" for place, texts in stage.written.items())
    canaries = len(stage.aviary.places)
    requests = f"{stage.answers.total():,} requests ({statuses}), {canaries:,} canaries"
    return f"{requests}; searched, in characters: {places}"


@pytest.mark.parametrize(
    ("one_in", "every_field"),
    [
        pytest.param(3, False, id="short", marks=pytest.mark.timeout(300)),
        pytest.param(1, True, id="long", marks=[pytest.mark.long, pytest.mark.timeout(900)]),
    ],
)
async def test_what_is_sent_comes_out_nowhere_else(
    prepared: Prepared, scratch: Path, count: Count, one_in: int, every_field: bool
) -> None:
    async with staged(prepared, scratch, deployed_log()) as stage:
        field = Field(document(), stage.aviary, every_field)
        never = await go_right(stage, field)
        await break_down(stage)
        await go_wrong(stage, field, one_in)
        await provoke(stage, field)
        await ask_by_command(stage, scratch)
        await stage.collect()
        count(in_words(stage))
    assert never == set(), "void: not everything was asked with success"
    missed = {kind.urn for kind in KINDS} - stage.problems - ELSEWHERE
    assert missed == set(), "void: not every kind of problem was met"
    assert stage.faults == []
    assert leaks(stage) == {}


@pytest.mark.long
async def test_control_the_database_as_it_comes_repeats_what_it_refuses(
    prepared: Prepared, scratch: Path, count: Count
) -> None:
    async with staged(prepared, scratch, DEFAULT_LOG) as stage:
        await break_down(stage)
        await stage.collect()
    found = leaks(stage)
    count(f"in the log of PostgreSQL as it comes: {sorted(found[DATABASE_LOG])}")
    assert {"planted unique", "worker check", "planted cast", "planted literal"} <= found.pop(
        DATABASE_LOG
    ).keys()
    assert found == {}


@pytest.mark.long
async def test_control_what_repeats_is_found(prepared: Prepared, scratch: Path, count: Count) -> None:
    faults = "breaking,errors_told,keys_unknown,values_repeated,requests_logged"
    async with staged(prepared, scratch, deployed_log(), faults) as stage:
        await break_down(stage)
        field = Field(document(), stage.aviary)
        listing = next(one for one in field.operations() if one.name == "GET /referrals")
        for sent in field.wrong(listing):
            await stage.send(sent)
        await stage.collect()
    found = leaks(stage)
    count(f"found: { {place: len(canaries) for place, canaries in found.items()} }")
    assert "planted cast" in found[LOG], "the text of an error in the log"
    assert "query GET /referrals limit" in found[LOG], "a key that is not in the closed set"
    assert "path GET /referrals beyond" in found[LOG], "an access log"
    assert "query GET /referrals limit" in found[REFUSALS], "FastAPI's own 422"
