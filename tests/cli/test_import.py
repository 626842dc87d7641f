"""`verwijsroute import`: every row has its result, nothing is stored twice, and every fault has its place."""

import asyncio
import json
import os
import signal
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from app.adapters.spreadsheet import read_spreadsheet
from app.config import Settings
from app.importing import reading
from app.schemas.faults import SENTENCES
from tests.import_runs.students import as_csv, results_of, student, students, write_csv

Verwijsroute = Callable[..., Any]
Ask = Callable[[str], Any]
FOR: Final = ("--organisation", "00ZZ", "--processes", "1")
COUNT: Final = "SELECT count(*) FROM referral"
IMPORTS: Final = "SELECT count(*) FROM import"
DONE: Final = "SELECT coalesce(max(rows_done), 0) FROM import"
EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples" / "import"


@pytest.fixture(autouse=True)
def school(verwijsroute: Verwijsroute) -> None:
    made = verwijsroute("clients", "create", "school", "00ZZ", "College Voorbeeld", "--role", "referrer")
    assert made.code == 0, made.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A name for a file whose results stand beside it."""
    return tmp_path / "cohort.csv"


@pytest.fixture
def asked(settings: Settings) -> Ask:
    """What the database says, past row-level security."""

    async def ask(query: str) -> Any:
        connection = await asyncpg.connect(settings.database_owner_url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return lambda query: asyncio.run(ask(query))


def test_a_file_is_stored_and_a_second_time_nothing(
    verwijsroute: Verwijsroute, file: Path, asked: Ask
) -> None:
    write_csv(file, students(30))
    first = verwijsroute("import", str(file), *FOR, "--json")
    assert first.code == 0, first.err
    stored = results_of(file)
    assert [row["row"] for row in stored] == list(range(2, 32))
    assert asked(COUNT) == 30
    again = verwijsroute("import", str(file), *FOR, "--json")
    assert (again.code, json.loads(again.out)["outcomes"]) == (0, {"already_stored": 30})
    assert [row["referralId"] for row in results_of(file)] == [row["referralId"] for row in stored]
    assert asked(COUNT) == 30


def test_each_row_has_its_result_in_both_files_and_no_value_stands_in_a_fault(
    verwijsroute: Verwijsroute, file: Path
) -> None:
    wrong = student(2, **{"student.birthDate": "kanarie", "referrer.name": ""})
    rows = [student(0), student(1), wrong, student(1), student(0, **{"student.surname": "Anders"})]
    done = verwijsroute("import", str(write_csv(file, rows)), *FOR)
    assert done.code == 1
    assert "5 of 5 rows" in done.out
    lines = results_of(file)
    assert [line["outcome"] for line in lines][2:] == ["invalid", "already_stored", "conflict"]
    assert [line["firstRow"] for line in lines] == [None, None, None, 3, 2]
    columns, *table = read_spreadsheet(file.with_name("cohort.csv.results.csv").read_bytes())
    assert columns == ["row", "sourceReference", "outcome", "referralId", "firstRow", "faults"]
    for cells, line in zip(table, lines, strict=True):
        assert cells[:3] == [str(line["row"]), line["sourceReference"], line["outcome"]]
        assert cells[3:5] == [line["referralId"] or "", str(line["firstRow"] or "")]
        told = [f"{f['column']}: {f['code']}: {f['detail'].rstrip('.')}" for f in line["faults"]]
        assert cells[5] == "; ".join(told)
    assert {fault["column"] for fault in lines[2]["faults"]} == {"student.birthDate", "referrer.name"}
    assert "kanarie" not in done.out + done.err + json.dumps(lines) + str(table)


def test_a_fault_of_a_whole_row_names_no_column(verwijsroute: Verwijsroute, file: Path) -> None:
    file.write_text(f"{as_csv(students(1))}one cell\n")
    assert verwijsroute("import", str(file), *FOR).code == 1
    *_, cells = read_spreadsheet(file.with_name("cohort.csv.results.csv").read_bytes())
    assert cells[5] == f"row.cells: {SENTENCES['row.cells'].rstrip('.')}"


def test_results_are_for_their_owner_alone_to_read(verwijsroute: Verwijsroute, file: Path) -> None:
    assert verwijsroute("import", str(write_csv(file, students(2))), *FOR).code == 0
    results = list(file.parent.glob("cohort.csv.results.*"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in results] == [0o600, 0o600]


def test_a_dry_run_stores_nothing_and_counts_what_would_be(
    verwijsroute: Verwijsroute, file: Path, asked: Ask
) -> None:
    write_csv(file, students(20))
    dry = json.loads(verwijsroute("import", str(file), *FOR, "--dry-run", "--json").out)
    assert (dry["dryRun"], asked(COUNT)) == (True, 0)
    outcomes = [(row["row"], row["outcome"]) for row in results_of(file)]
    real = json.loads(verwijsroute("import", str(file), *FOR, "--json").out)
    for counts in ("rows", "outcomes", "acts", "municipalities", "teams"):
        assert dry[counts] == real[counts]
    assert [(row["row"], row["outcome"]) for row in results_of(file)] == outcomes


HEADER: Final = as_csv(students(1)).splitlines()[0]
BAD_FILES: Final = [
    (b"", "empty"),
    (f"{HEADER}\n".encode(), "no rows"),
    (f"{HEADER},kleur\n".encode() + b"x," * 15 + b"y\n", "row 1: column 16"),
    (f"{HEADER},bsn\n".encode() + b"x," * 15 + b"y\n", "row 1: column 16"),
    (HEADER.replace("referrer.name", "reason").encode() + b"\n" + b"x," * 14 + b"y\n", "referrer.name"),
    (HEADER.encode() + b'\nx,"open\n', "row 2, column 2"),
    (b"PK\x03\x04 no workbook", "workbook"),
]


@pytest.mark.parametrize(("content", "says"), BAD_FILES)
def test_a_file_that_cannot_be_read_is_told_by_its_place_and_stores_nothing(
    verwijsroute: Verwijsroute, file: Path, asked: Ask, content: bytes, says: str
) -> None:
    file.write_bytes(content)
    done = verwijsroute("import", str(file), *FOR)
    assert (done.code, done.out, asked(IMPORTS)) == (2, "", 0)
    assert "cohort.csv: " in done.err
    assert says in done.err
    assert list(file.parent.iterdir()) == [file]


def test_the_columns_of_another_system_are_told_in_a_line_for_each_kind_of_fault(
    verwijsroute: Verwijsroute, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"a,b,reason,c,birthDate,{','.join(f'x{n}' for n in range(30))}\n{'1,' * 34}1\n")
    done = verwijsroute("import", str(file), *FOR)
    unknown, where = "not one of the columns, and neither mapped nor ignored", "a.csv: row 1: column"
    assert done.err.removeprefix("verwijsroute: ").splitlines() == [
        f"{where}s sourceReference, problemDomains, referrer.name: not in the file [column.missing]",
        f"{where}s 1-2, 4, 6-35: {unknown} [column.unknown]",
        f"{where} 5: {unknown}; did you mean student.birthDate? [column.unknown]",
        "Map or ignore columns with --mapping; verwijsroute import --template shows ours.",
    ]


def test_a_fault_of_a_mapping_is_told_with_what_stands_there(
    verwijsroute: Verwijsroute, file: Path, tmp_path: Path
) -> None:
    write_csv(file, students(1))
    mapping = tmp_path / "m.toml"
    mapping.write_text('[columns]\nproblemDomains = { codes = { "PSI\\u202e" = "dept" } }\n')
    done = verwijsroute("import", str(file), *FOR, "--mapping", str(mapping))
    place = "columns.problemDomains.codes.1: PSI? = dept"
    assert done.err == f"verwijsroute: {mapping}: {place}: what this stands for is no value of that column\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("FILE",), "--organisation"),
        (("--organisation", "00ZZ"), "FILE"),
        (("FILE", "--organisation", "00ZY"), "clients create school 00ZY"),
        (("FILE", "--organisation", "municipality:Kampen"), "no code of a municipality: it is 0166"),
        (("FILE", "--organisation", "operator:00ZZ"), "KIND:CODE"),
        (("FILE", "--organisation", "00ZZ", "--mapping", "MAPPING"), "columns.kleur"),
        (("FILE", "--organisation", "00ZZ", "--mapping", "NONE"), "No such file"),
        (("NONE", "--organisation", "00ZZ"), "no such file"),
        (("FOLDER", "--organisation", "00ZZ"), "a folder"),
        (("FILE", "--organisation", "00ZZ", "--results", "NONE"), "none: no such folder for the results"),
        (("FILE", "--organisation", "00ZZ", "--results", "FILE"), "cohort.csv: no such folder"),
    ],
)
def test_what_keeps_an_import_from_beginning_is_one_message(
    verwijsroute: Verwijsroute, file: Path, asked: Ask, arguments: tuple[str, ...], says: str
) -> None:
    write_csv(file, students(2))
    mapping = file.with_name("mapping.toml")
    mapping.write_text('[columns]\nkleur = "x"\n')
    paths = {"FILE": file, "MAPPING": mapping, "NONE": file.with_name("none"), "FOLDER": file.parent}
    done = verwijsroute("import", *(str(paths.get(argument, argument)) for argument in arguments))
    assert (done.code, done.out, asked(IMPORTS)) == (2, "", 0)
    assert says in done.err
    assert len(done.err.splitlines()) == 1


def test_a_file_that_is_no_results_is_not_written_over(
    verwijsroute: Verwijsroute, file: Path, asked: Ask
) -> None:
    write_csv(file, students(2))
    theirs = file.with_name("cohort.csv.results.ndjson")
    theirs.write_text("mine")
    done = verwijsroute("import", str(file), *FOR)
    assert (done.code, theirs.read_text(), asked(IMPORTS)) == (2, "mine", 0)
    assert "cohort.csv.results.ndjson" in done.err


def test_results_that_cannot_be_written_stop_the_import_before_it_begins(
    verwijsroute: Verwijsroute, file: Path, asked: Ask
) -> None:
    write_csv(file, students(2))
    file.with_name("cohort.csv.results.csv.part").mkdir()
    done = verwijsroute("import", str(file), *FOR)
    assert (done.code, asked(IMPORTS)) == (2, 0)
    assert "the results cannot be written" in done.err


def test_json_lines_are_the_bodies_of_the_api_and_their_faults_are_pointers(
    verwijsroute: Verwijsroute, tmp_path: Path
) -> None:
    body: dict[str, Any] = {"sourceReference": "sis-1", "problemDomains": ["debts"]}
    body |= {
        "supportVariant": "own_neighbourhood",
        "homeMunicipality": "0193",
        "student": {"age": 19, "surname": "V", "firstNames": "S"},
    }
    bodies = [{**body, "referrer": {"name": "M"}}, {**body, "sourceReference": "sis-2", "bsn": "1"}]
    file = tmp_path / "cohort.ndjson"
    file.write_text("\n".join([*map(json.dumps, bodies), "{"]))
    done = verwijsroute("import", str(file), *FOR)
    assert done.code == 1
    found = [[(fault["column"], fault["code"]) for fault in row["faults"]] for row in results_of(file)]
    assert found == [[], [("/bsn", "citizen_number_refused")], [(None, "json.invalid")]]


@pytest.mark.parametrize("name", ["school-administration", "care-team-export"])
def test_the_examples_are_imported_as_they_are(verwijsroute: Verwijsroute, tmp_path: Path, name: str) -> None:
    file, mapping = EXAMPLES / f"{name}.csv", EXAMPLES / f"{name}.toml"
    done = verwijsroute("import", str(file), *FOR, "--mapping", str(mapping), "--results", str(tmp_path))
    assert done.code in {0, 1}, done.err
    assert results_of(tmp_path / file.name)


def test_ctrl_c_stops_it_and_the_same_command_goes_on(
    verwijsroute: Verwijsroute, file: Path, asked: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS_OF_CHUNK", 4)
    write_csv(file, students(200))

    def interrupt() -> None:
        while not asked(DONE):
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    stopped = verwijsroute("import", str(file), *FOR)
    thread.join()
    assert stopped.code == 130
    assert "stopped; the same command goes on from here" in stopped.err
    assert not file.with_name("cohort.csv.results.csv").exists()
    before = asked(COUNT)
    again = verwijsroute("import", str(file), *FOR)
    assert (again.code, asked(COUNT), asked(IMPORTS)) == (0, 200, 1)
    assert f"{before} rows were done before" in again.err
    assert [row["row"] for row in results_of(file)] == list(range(2, 202))


def test_standard_input_is_imported_as_the_same_file_would_be(
    verwijsroute: Verwijsroute, file: Path, asked: Ask
) -> None:
    rows = [*students(8), student(9, **{"student.birthDate": "morgen"})]
    typed, folder = as_csv(rows), ("--results", str(file.parent))
    done = verwijsroute("import", "-", *FOR, *folder, typed=typed)
    assert (done.code, asked(COUNT), asked("SELECT count(*) FROM import_part")) == (1, 8, 0), done.err
    as_input = [(row["row"], row["outcome"]) for row in results_of(file.with_name("stdin"))]
    assert as_input == [*((number, "stored") for number in range(2, 10)), (10, "invalid")]
    again = verwijsroute("import", str(write_csv(file, rows)), *FOR, "--json")
    assert json.loads(again.out)["outcomes"] == {"already_stored": 8, "invalid": 1}


def test_standard_input_that_cannot_be_read_leaves_nothing_to_work_off(
    verwijsroute: Verwijsroute, file: Path, asked: Ask
) -> None:
    done = verwijsroute("import", "-", *FOR, "--results", str(file.parent), typed="a,b\n1,2\n")
    assert (done.code, asked("SELECT status FROM import")) == (2, "failed")
    assert "stdin: row 1: columns 1-2" in done.err
    assert list(file.parent.iterdir()) == []
