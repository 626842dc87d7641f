"""`directory import`, `export` and `editions`: all rows or none, every fault by row and column."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

KINDS: Final = ("teams", "schools", "agreements")
Verwijsroute = Callable[..., Any]


@pytest.fixture
def table(verwijsroute: Verwijsroute, tmp_path: Path) -> Callable[..., str]:
    """A file with the template's example, once for each mapping of columns to other cells."""

    def made(kind: str, *rows: dict[str, str]) -> str:
        (example,) = csv.DictReader(io.StringIO(verwijsroute("directory", "import", "--template", kind).out))
        file = tmp_path / f"{kind}.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(example))
            writer.writeheader()
            writer.writerows({**example, **row} for row in rows)
        return str(file)

    return made


@pytest.fixture
def demo(verwijsroute: Verwijsroute) -> None:
    """The demo directory, as the command `demo` loads it."""
    assert verwijsroute("demo", "--dry-run").code == 0


def edition(verwijsroute: Verwijsroute) -> int:
    newest: int = json.loads(verwijsroute("directory", "editions", "--json").out)[0]["edition"]
    return newest


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_can_be_imported_as_it_is(verwijsroute: Verwijsroute, table: Any, kind: str) -> None:
    done = verwijsroute("directory", "import", table(kind, {}))
    assert (done.code, done.out) == (
        0, f"+ voorbeeld-{kind}\n{kind}: 1 added, 0 changed, 0 ended, 0 unchanged; edition 2.\n",
    )  # fmt: skip
    again = verwijsroute("directory", "import", table(kind, {}))
    assert again.out == f"{kind}: 0 added, 0 changed, 0 ended, 1 unchanged; edition 2.\n"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_exported_is_imported_without_a_change(verwijsroute: Verwijsroute, kind: str) -> None:
    exported = verwijsroute("directory", "export", kind)
    before = edition(verwijsroute)
    done = verwijsroute("directory", "import", "-", "--json", typed=exported.out)
    imported = json.loads(done.out)["imported"]
    assert (done.code, imported["added"], imported["changed"], imported["edition"]) == (0, [], [], before)
    assert len(imported["unchanged"]) == len(exported.out.splitlines()) - 1


@pytest.mark.usefixtures("demo")
def test_an_earlier_edition_is_the_way_back(verwijsroute: Verwijsroute) -> None:
    start = edition(verwijsroute)
    teams = verwijsroute("directory", "export", "teams").out
    changed = teams.replace("Wijkteam Voorbeeld Kampen", "Wijkteam Kampen-Zuid")
    done = verwijsroute("directory", "import", "-", typed=changed)
    assert "~ kampen-wijkteam" in done.out
    earlier = verwijsroute("directory", "export", "teams", "--edition", str(start)).out
    verwijsroute("directory", "import", "-", typed=earlier)
    assert verwijsroute("directory", "export", "teams").out == teams
    assert edition(verwijsroute) == start + 2
    assert verwijsroute("directory", "export", "teams", "--edition", "999").code == 2


def test_a_dry_run_says_the_same_and_changes_nothing(verwijsroute: Verwijsroute, table: Any) -> None:
    done = verwijsroute("directory", "import", table("teams", {}), "--dry-run")
    assert "1 added" in done.out
    assert "dry run: nothing was changed" in done.out
    assert verwijsroute("directory", "export", "teams").out.count("\n") == 1


def test_what_is_missing_is_ended_only_where_that_is_asked(verwijsroute: Verwijsroute, table: Any) -> None:
    verwijsroute("directory", "import", table("teams", {"id": "een"}, {"id": "twee"}))
    only = table("teams", {"id": "een"})
    assert "0 ended" in verwijsroute("directory", "import", only).out
    assert "- twee" in verwijsroute("directory", "import", only, "--end-missing").out
    assert "0 ended" in verwijsroute("directory", "import", only, "--end-missing").out
    assert "twee" in verwijsroute("directory", "export", "teams").out


FAULTS: Final = [
    ("teams", {"municipality": "Nergenshuizen"}, "municipality", "municipality.unknown"),
    ("teams", {"organisation": "zz99"}, "organisation", "organisation.unknown"),
    ("teams", {"kind": "wijkteam"}, "kind", "not_allowed"),
    ("teams", {"coverage.pc4": "8261|82610"}, "coverage.pc4", "pattern"),
    ("teams", {"coverage.schools": "00zz"}, "coverage.schools", "pattern"),
    ("teams", {"coverage.regions": "MC99"}, "coverage.regions", "region.unknown"),
    ("teams", {"contact.phone": ""}, "contact.phone", "required"),
    ("teams", {"contact.name": "=1+1"}, "contact.name", "text.formula"),
    ("teams", {"ages.from": "jong"}, "ages.from", "type"),
    ("teams", {"ages.to": "-1"}, "ages.to", "type"),
    ("teams", {"confirmedOn": "1-9-2026"}, "confirmedOn", "date.format"),
    ("teams", {"validTo": "2026-08-31"}, "validTo", "date.before_start"),
    ("teams", {"id": ""}, "id", "required"),
    ("teams", {"id": "Een Team"}, "id", "pattern"),
    ("schools", {"brin": "0000"}, "brin", "pattern"),
    ("schools", {"coreMunicipality": "193"}, "coreMunicipality", "municipality.unknown"),
    ("schools", {"locations": "00ZY01"}, "locations", "location.other_school"),
    ("agreements", {"mandate": "alles"}, "mandate", "not_allowed"),
    ("agreements", {"provisions": "jw|xx"}, "provisions", "not_allowed"),
    ("agreements", {"homeMunicipality": "Zwolle"}, "coreMunicipality", "municipality.same"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "wrong", "column", "code"), FAULTS)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_imported(
    verwijsroute: Verwijsroute, table: Any, kind: str, wrong: dict[str, str], column: str, code: str
) -> None:
    done = verwijsroute("directory", "import", table(kind, {"id": "goed"}, {"id": "fout", **wrong}))
    assert done.code == 1
    first, last = done.out.splitlines()
    assert first.startswith(f"row 3, column {column}: ")
    assert first.endswith(f"[{code}]")
    assert last == "1 fault; nothing was imported."
    value = next(iter(wrong.values()))
    assert not value or value not in first.partition(": ")[2]
    assert verwijsroute("directory", "export", kind).out.count("\n") == 1


@pytest.mark.parametrize(
    ("kind", "rows", "code", "row"),
    [
        ("teams", ({"id": "een"}, {"id": "een"}), "duplicate", 3),
        ("schools", ({"id": "een"}, {"id": "twee"}), "overlap", 2),
        ("agreements", ({"id": "een"}, {"id": "twee", "note": ""}), "overlap", 2),
    ],
)
def test_doubles_and_overlapping_days_are_found(
    verwijsroute: Verwijsroute, table: Any, kind: str, rows: Any, code: str, row: int
) -> None:
    done = verwijsroute("directory", "import", table(kind, *rows), "--json")
    told = json.loads(done.out)
    assert (done.code, told["faults"][0]["code"], told["faults"][0]["row"]) == (1, code, row)
    assert told["imported"] is None
    assert verwijsroute("directory", "export", kind).out.count("\n") == 1


def test_every_fault_of_every_row_is_told_at_once(verwijsroute: Verwijsroute, table: Any) -> None:
    rows = [{"id": f"t{n}", "kind": "x", "contact.phone": "", "validFrom": "morgen"} for n in range(30)]
    done = verwijsroute("directory", "import", table("teams", *rows))
    assert done.out.splitlines()[-1] == "90 faults; nothing was imported."


def test_what_is_not_known_is_told_beside_what_has_the_wrong_form(
    verwijsroute: Verwijsroute, table: Any
) -> None:
    row = {"validFrom": "morgen", "municipality": "Nergenshuizen", "organisation": "zz99"}
    told = json.loads(verwijsroute("directory", "import", table("teams", row), "--json").out)["faults"]
    assert {fault["column"]: fault["code"] for fault in told} == {
        "validFrom": "date.format",
        "municipality": "municipality.unknown",
        "organisation": "organisation.unknown",
    }


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        ("naam,adres\na,b\n", 2, "no known table"),
        ("id,kind,mandate\na,b,c\n", 2, "no known table"),
        ("id;kind\n", 2, "no rows"),
        ("id,kind,bsn\na,b,123456782\n", 1, "column 3"),
        ("id,kind,kleur\na,b,kanarie\n", 1, "column 3"),
    ],
)
def test_another_table_is_refused(verwijsroute: Verwijsroute, content: str, code: int, says: str) -> None:
    done = verwijsroute("directory", "import", "-", typed=content)
    assert done.code == code
    assert says in done.out + done.err
    assert "kanarie" not in done.out + done.err


DUO: Final = (
    "PROVINCIE;BEVOEGD GEZAG NUMMER;INSTELLINGSCODE;INSTELLINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;"
    "POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;MBO INSTELLINGSSOORT - CODE\n"
    "Overijssel;12345;00ZZ;MBO Voorbeeld (nieuwe naam);Straat;1;8011AA;ZWOLLE;193;Zwolle;ROC\n"
    "Friesland;12346;00YA;Fryslân Voorbeeld;Strjitte;2;8911AA;LEEUWARDEN;80;Leeuwarden;AOC\n"
)


@pytest.mark.usefixtures("demo")
def test_the_list_of_duo_is_read_as_it_is(verwijsroute: Verwijsroute, tmp_path: Path) -> None:
    file = tmp_path / "adressen.csv"
    file.write_bytes(DUO.encode("cp1252"))
    done = verwijsroute("directory", "import", str(file))
    assert done.code == 0
    assert done.out.startswith("+ mbo-00ya\n~ mbo-voorbeeld-zwolle\nschools: 1 added, 1 changed")
    assert "Windows-1252" in done.err
    exported = csv.DictReader(io.StringIO(verwijsroute("directory", "export", "schools").out))
    schools = {row["id"]: row for row in exported}
    assert (schools["mbo-00ya"]["name"], schools["mbo-00ya"]["coreMunicipality"]) == (
        "Fryslân Voorbeeld", "0080",
    )  # fmt: skip
    known = schools["mbo-voorbeeld-zwolle"]
    assert (known["name"], known["locations"]) == ("MBO Voorbeeld (nieuwe naam)", "00ZZ01|00ZZ02")


def test_a_file_is_asked_for(verwijsroute: Verwijsroute) -> None:
    done = verwijsroute("directory", "import")
    assert (done.code, "needs a FILE" in done.err) == (2, True)
