"""`verwijsroute decide`: a decision in words or JSON, and faults without what was typed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REQUEST: dict[str, Any] = {
    "referenceDate": "2026-05-14",
    "student": {"birthDate": "2008-05-15"},
    "homeMunicipality": "Kampen",
    "problemDomains": ["mental_health"],
    "supportVariant": "own_neighbourhood",
}


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "request.json"
    path.write_text(json.dumps(REQUEST), "utf-8")
    return str(path)


def test_decide_explains_in_dutch_with_article_next_change_and_rulebook(
    verwijsroute: Callable[..., Any], file: str
) -> None:
    done = verwijsroute("decide", file)
    assert done.code == 0
    assert done.out.startswith("Psychische gezondheid: dit valt onder de Jeugdwet.")
    assert "Jeugdwet 2.3(1)" in done.out
    assert "> 2026-05-15 psychische gezondheid: de zorgverzekering" in done.out
    assert "wet van 2026-05-14" in done.out.splitlines()[-1]


def test_decide_explains_in_english_when_asked(verwijsroute: Callable[..., Any], file: str) -> None:
    done = verwijsroute("decide", file, "--bare", "--language", "en")
    assert done.out.startswith("Mental health: this comes under the Youth Act.")
    assert "law of 2026-05-14" in done.out


def test_decide_prints_the_whole_decision_as_json(verwijsroute: Callable[..., Any], file: str) -> None:
    decision = json.loads(verwijsroute("decide", file, "--json").out)
    assert decision["routes"][0]["rule"]["id"] == "jw.mental-health.minor"
    assert decision["directory"]["edition"] == 1


def test_decide_names_a_change_that_nobody_can_foresee(verwijsroute: Callable[..., Any]) -> None:
    request = REQUEST | {"problemDomains": ["justice"]}
    done = verwijsroute("decide", "-", "--bare", "--language", "en", typed=json.dumps(request))
    assert "> 2026-05-15 justice: ask" in done.out


def test_bare_needs_no_database(
    verwijsroute: Callable[..., Any], file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert verwijsroute("decide", file).code == 2
    assert verwijsroute("decide", file, "--bare").code == 0


def test_decide_names_faults_by_place_and_code_and_never_the_value(
    verwijsroute: Callable[..., Any],
) -> None:
    request = REQUEST | {"student": {"birthDate": "kanarie9137"}, "bsn": "kanarie9137", "kanarie9137": 1}
    done = verwijsroute("decide", "-", "--bare", typed=json.dumps(request))
    assert (done.code, done.out) == (1, "")
    assert "/bsn" in done.err
    assert "[citizen_number_refused]" in done.err
    assert "kanarie9137" not in done.err


def test_text_that_is_no_json_is_a_fault(verwijsroute: Callable[..., Any]) -> None:
    done = verwijsroute("decide", "-", "--bare", typed="{kanarie9137")
    assert (done.code, done.out) == (1, "")
    assert "kanarie9137" not in done.err


def test_a_file_that_is_not_there_is_exit_code_two(verwijsroute: Callable[..., Any], tmp_path: Path) -> None:
    done = verwijsroute("decide", str(tmp_path / "none.json"), "--bare")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "No such file" in done.err
