"""`verwijsroute reference` as a person types it: report, refusals, exit codes, and the way back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.reference import open_reference

Type = Callable[..., Any]
ENDED = {"0166": "0193", "0513": "2001", "0627": "2001"}
SHIPPED = open_reference()


@pytest.fixture
def merger(tmp_path: Path, official: Any) -> list[str]:
    """The files of a year in which Kampen, of which the demo has teams, went into Zwolle."""
    cbs, rvig = tmp_path / "cbs.csv", tmp_path / "rvig.csv"
    cbs.write_text(official.cbs(ended=list(ENDED), added={"2001": "0513"}), "utf-8-sig")
    rvig.write_bytes(official.rvig(ended=ENDED, added=["2001"]).encode("utf-16-le"))
    return [str(cbs), str(rvig)]


@pytest.fixture
def renamed(tmp_path: Path) -> str:
    """One table of our own in which Kampen has another name."""
    file = tmp_path / "municipalities.csv"
    file.write_text(SHIPPED.files["municipalities"].replace("GM0166,Kampen,", "GM0166,Campen,"), "utf-8")
    return str(file)


def kept(verwijsroute: Type) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(verwijsroute("reference", "list", "--json").out)
    return listed


def test_a_dry_run_prints_the_report_and_stores_nothing(verwijsroute: Type, renamed: str) -> None:
    done = verwijsroute("reference", "import", renamed, "--dry-run")
    assert done.code == 0
    assert "municipalities renamed: 1\n  0166: Kampen -> Campen\n" in done.out
    assert done.out.endswith("Nothing was stored.\n")
    assert verwijsroute("reference", "list").out.count("\n") == 1


def test_an_import_prints_the_same_report_and_is_in_force(verwijsroute: Type, renamed: str) -> None:
    dry, wet = (verwijsroute("reference", "import", renamed, *more) for more in (["--dry-run"], []))
    assert wet.code == 0
    assert wet.out.startswith(dry.out.removesuffix("Nothing was stored.\n"))
    in_force = verwijsroute("reference", "list").out.splitlines()[-1]
    assert in_force.startswith("* ")
    assert "imported" in in_force
    assert verwijsroute("reference", "import", renamed).out == "Nothing changes.\n"


def test_a_script_gets_the_report_as_json(verwijsroute: Type, merger: list[str]) -> None:
    done = verwijsroute("reference", "import", *merger, "--dry-run", "--json")
    report = json.loads(done.out)
    assert report["counts"]["ended"] == 3
    assert report["changes"]["ended"][0]["into"] == [{"code": "0193", "name": "Zwolle"}]
    assert (report["before"], report["edition"], report["refused"]) == (SHIPPED.hash, None, [])


def test_a_team_in_an_ended_municipality_is_carried_over_only_when_asked(
    verwijsroute: Type, merger: list[str]
) -> None:
    verwijsroute("demo")
    refused = verwijsroute("reference", "import", *merger)
    assert refused.code == 1
    assert "team kampen-wijkteam municipality: 0166 -> 0193" in refused.out
    assert "REFUSED: 6 places" in refused.out
    assert len(verwijsroute("reference", "list").out.splitlines()) == 1
    done = verwijsroute("reference", "import", *merger, "--carry-over", "--json")
    assert done.code == 0
    assert {found["carried"] for found in json.loads(done.out)["directory"]} == {True}


def test_a_team_in_a_split_municipality_is_never_carried_over(
    verwijsroute: Type, tmp_path: Path, official: Any
) -> None:
    verwijsroute("demo")
    before = kept(verwijsroute)
    files = [tmp_path / name for name in ("municipality_successors.csv", "rvig.csv", "pc6.csv")]
    parts = "0166,Kampen,2026-11-01,0193,Zwolle\n0166,Kampen,2026-11-01,0171,Noordoostpolder\n"
    zwolle = {p: "0193" for p in SHIPPED.postcodes if "0166" in SHIPPED.municipalities_of_pc4(p)}
    told = [SHIPPED.files["municipality_successors"] + parts, official.rvig(ended={"0166": "0193"})]
    for file, text in zip(files, [*told, official.addresses(moved=zwolle)], strict=True):
        file.write_text(text, "utf-8")
    done = verwijsroute("reference", "import", *map(str, files), "--carry-over", "--force")
    assert done.code == 1
    assert "team kampen-wijkteam municipality: 0166 -> no single successor" in done.out
    assert kept(verwijsroute) == before


def test_faults_are_said_on_standard_error_and_nothing_is_half_imported(
    verwijsroute: Type, renamed: str, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("brin,name\n00GT,Albeda\nkanarie,X\n", "utf-8")
    done = verwijsroute("reference", "import", renamed, str(bad))
    assert (done.code, done.out) == (1, "")
    assert done.err == "bad.csv: row 3, brin: not a BRIN\nNothing was imported.\n"
    listed = json.loads(verwijsroute("reference", "import", str(bad), "--json").out)
    assert listed["faults"] == [{"file": "bad.csv", "row": 3, "column": "brin", "detail": "not a BRIN"}]
    assert "imported" not in verwijsroute("reference", "list").out


def test_files_that_do_not_fit_are_refused(verwijsroute: Type, tmp_path: Path, official: Any) -> None:
    file = tmp_path / "cbs.csv"
    file.write_text(official.cbs(ended=["0166"]), "utf-8")
    done = verwijsroute("reference", "import", str(file))
    assert done.code == 1
    assert "give a RvIG table 33" in done.err


def test_half_a_file_is_refused_unless_forced(verwijsroute: Type, tmp_path: Path) -> None:
    for name in ("pc4_municipality", "pc4_municipality_candidates"):
        lines = SHIPPED.files[name].splitlines(keepends=True)
        half = [line for line in lines if not line[:4].isdigit() or line[:4] < "5000"]
        (tmp_path / f"{name}.csv").write_text("".join(half), "utf-8")
    files = [str(file) for file in sorted(tmp_path.glob("*.csv"))]
    refused = verwijsroute("reference", "import", *files)
    assert refused.code == 1
    assert "postcodes disappear: --force imports it nevertheless" in refused.out
    assert verwijsroute("reference", "import", *files, "--force").code == 0


def test_the_way_back(verwijsroute: Type, renamed: str) -> None:
    in_force = []
    for command in (
        ["import", renamed],
        ["use", SHIPPED.hash[7:15]],
        ["import", renamed],
        ["import", "--shipped"],
    ):
        assert verwijsroute("reference", *command).code == 0
        in_force += [row["hash"] == SHIPPED.hash for row in kept(verwijsroute) if row["in_force"]]
    assert in_force == [False, True, False, True]
    assert [row["last_edition"] for row in kept(verwijsroute)] == [5, 4]


def test_going_back_brings_back_what_was_carried_over(verwijsroute: Type, merger: list[str]) -> None:
    verwijsroute("demo")
    verwijsroute("reference", "import", *merger, "--carry-over")
    back = verwijsroute("reference", "use", SHIPPED.hash, "--json")
    assert back.code == 0
    told = json.loads(back.out)
    assert len(told["back"]) == 6
    assert told["directory"] == []
    again = json.loads(verwijsroute("reference", "import", *merger, "--dry-run", "--json").out)
    assert {found["id"] for found in again["directory"]} == set(told["back"])


def test_the_demo_still_runs_when_one_of_its_municipalities_has_ended(
    verwijsroute: Type, merger: list[str]
) -> None:
    verwijsroute("demo")
    verwijsroute("reference", "import", *merger, "--carry-over")
    assert verwijsroute("demo", "--dry-run").code == 0


def test_what_is_exported_can_be_imported(verwijsroute: Type, tmp_path: Path) -> None:
    done = verwijsroute("reference", "export", str(tmp_path / "out"))
    assert done.out == f"{SHIPPED.hash}: {len(SHIPPED.files)} tables\n"
    files = sorted((tmp_path / "out").glob("*.csv"))
    assert {file.stem: file.read_text("utf-8") for file in files} == SHIPPED.files
    assert verwijsroute("reference", "import", *map(str, files)).out == "Nothing changes.\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["import"], 2),
        (["import", "--shipped", "x.csv"], 2),
        (["import", "/nowhere/x.csv"], 2),
        (["use", "sha256:unknown"], 2),
        (["export", "/dev/null/x"], 2),
    ],
)
def test_what_cannot_run_exits_with_two(verwijsroute: Type, arguments: list[str], code: int) -> None:
    assert verwijsroute("reference", *arguments).code == code


def test_a_decision_uses_the_reference_in_force_and_a_bare_one_what_is_shipped(
    verwijsroute: Type, renamed: str, tmp_path: Path
) -> None:
    request = {"referenceDate": "2026-05-14", "student": {"age": 20}, "homeMunicipality": "0166"}
    request |= {"problemDomains": ["debts"], "supportVariant": "own_neighbourhood"}
    (tmp_path / "r.json").write_text(json.dumps(request), "utf-8")
    verwijsroute("reference", "import", renamed)
    told, bare = (verwijsroute("decide", str(tmp_path / "r.json"), *more).out for more in ([], ["--bare"]))
    assert "Campen" in told
    assert "Kampen" in bare
