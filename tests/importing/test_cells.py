"""One cell, one value: dates, municipalities, truth and numbers in every form that people write."""

from pathlib import Path
from typing import Any

import pytest

from app.errors import InvalidInput
from app.reference import open_reference
from app.schemas.importing import COLUMNS
from tests.importing.rows import faults, read

BORN = "student.birthDate"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "importing.md"


def born_in(form: str) -> str:
    return f'[columns]\nstudent.birthDate = {{ from = "Geboren", form = "{form}" }}'


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("15-05-2008", "date.format"),
        ("2008/05/15", "date.format"),
        ("20080515", "date.format"),
        ("15 mei 2008", "date.format"),
        ("2008-02-30", "date.no_such_day"),
        ("1808-05-15", "date.out_of_range"),
        ("15-05-08", "date.two_digit_year"),
        ("08/5/15", "date.two_digit_year"),
        ("15 mei 08", "date.two_digit_year"),
        ("150508", "date.two_digit_year"),
        ("39583", "date.serial"),
        ("39583.0", "date.serial"),
    ],
)
def test_a_date_in_another_form_is_a_fault_that_says_which(cell: str, code: str) -> None:
    assert faults({BORN: cell}) == [(BORN, code)]


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("dd-mm-yyyy", "15-05-2008"),
        ("d/m/yyyy", "15/5/2008"),
        ("d/m/yyyy", "15/05/2008"),
        ("yyyymmdd", "20080515"),
        ("dd mmm yyyy", "15 mei 2008"),
        ("d mmm yyyy", "15 MEI. 2008"),
        ("dd.mm.yyyy", "15.05.2008"),
        ("serial", "39583"),
        ("serial", "39583,0"),
        ("serial", "2008-05-15"),
        ("dd-mm-yyyy", "2008-05-15"),
    ],
)
def test_a_mapping_states_the_form_of_dates(form: str, cell: str) -> None:
    assert read({"Geboren": cell}, born_in(form))["student"] == {"birthDate": "2008-05-15"}


@pytest.mark.parametrize(
    ("form", "cell", "code"),
    [
        ("dd-mm-yyyy", "15/05/2008", "date.other_form"),
        ("dd-mm-yyyy", "5-5-2008", "date.other_form"),
        ("dd-mm-yyyy", "15-05-08", "date.two_digit_year"),
        ("dd-mm-yyyy", "39583", "date.serial"),
        ("dd-mm-yyyy", "30-02-2008", "date.no_such_day"),
        ("dd mmm yyyy", "15 may 2008", "date.other_form"),
        ("yyyymmdd", "20081505", "date.no_such_day"),
        ("serial", "39583.5", "date.other_form"),
        ("serial", "60", "date.no_such_day"),
        ("serial", "0", "date.no_such_day"),
    ],
)
def test_a_date_out_of_its_form_is_a_fault_at_the_column_of_the_file(form: str, cell: str, code: str) -> None:
    assert faults({"Geboren": cell}, born_in(form)) == [("Geboren", code)]


@pytest.mark.parametrize(("cell", "day"), [("1", "1900-01-01"), ("59", "1900-02-28"), ("61", "1900-03-01")])
def test_serial_dates_know_the_day_that_never_was(cell: str, day: str) -> None:
    assert read({"Geboren": cell}, born_in("serial"))["student"] == {"birthDate": day}


@pytest.mark.parametrize(
    ("month", "number"),
    [("jan", 1), ("februari", 2), ("mrt", 3), ("apr", 4), ("juni", 6), ("juli", 7), ("okt", 10), ("dec", 12)],
)
def test_months_have_their_dutch_names(month: str, number: int) -> None:
    told = read({"Geboren": f"01 {month} 2008"}, born_in("dd mmm yyyy"))
    assert told["student"]["birthDate"] == f"2008-{number:02}-01"


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("0166", "0166"),
        ("166", "0166"),
        ("GM0166", "0166"),
        ("gm0166", "0166"),
        ("Kampen", "Kampen"),
        ("ijsselmuiden", "ijsselmuiden"),
        ("8261AA", "0166"),
        ("8261 aa", "0166"),
        ("0037", "0037"),
        ("1735", "1735"),
        ("null", None),
    ],
)
def test_a_municipality_is_told_by_code_name_or_postcode(cell: str, told: str | None) -> None:
    assert read({"homeMunicipality": cell})["homeMunicipality"] == told


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Nergenshuizen", "municipality.unknown"),
        ("0999", "municipality.unknown"),
        ("GM9999", "municipality.unknown"),
        ("0000 AA", "municipality.unknown"),
        ("8051AA", "municipality.ambiguous"),
        ("8261", "municipality.code_or_postcode"),
    ],
)
@pytest.mark.parametrize(
    "column",
    ["homeMunicipality", "school.coreMunicipality", "residence.parentsMunicipality",
     "circumstances.careRecipientMunicipality", "circumstances.children.municipality"],
)  # fmt: skip
def test_a_municipality_in_doubt_is_a_fault(column: str, cell: str, code: str) -> None:
    assert faults({column: cell}) == [(column, code)]


@pytest.mark.parametrize(
    ("form", "cell", "told"),
    [
        ("", "8261", "0166"),
        ("", "0166", "0166"),
        ("", "1700", "1700"),
        (', form = "postcode"', "1735", "1911"),
        (', form = "code"', "1735", "1735"),
    ],
)
def test_a_mapping_says_what_four_digits_are(form: str, cell: str, told: str) -> None:
    mapping = f'[columns]\nhomeMunicipality = {{ from = "Plaats"{form} }}'
    assert read({"Plaats": cell}, mapping)["homeMunicipality"] == told


def test_four_digits_of_a_mapped_column_that_are_two_municipalities_are_a_fault() -> None:
    mapping = '[columns]\nhomeMunicipality = "Plaats"'
    assert faults({"Plaats": "1735"}, mapping) == [("Plaats", "municipality.code_or_postcode")]


def test_how_many_codes_are_the_postcode_of_another_municipality_is_known() -> None:
    reference = open_reference()
    codes = {*reference.names.today, *reference.names.former_codes} & reference.postcodes.keys()
    found = {code: reference.resolve(code) for code in codes}
    doubtful = [
        code
        for code, of in found.items()
        if (of.code or of.candidates) and reference.municipalities_of_pc4(code) != (of.code,)
    ]
    told = f"{len(doubtful)} of the {len(reference.postcodes):,} four-digit"
    assert told in PAGE.read_text("utf-8")
    assert len(reference.names.today.intersection(doubtful)) == 43


@pytest.mark.parametrize(
    ("cell", "told"),
    [("true", True), ("Ja", True), ("yes", True), ("1", True), ("FALSE", False), ("nee", False),
     ("no", False), ("0", False), ("null", None)],
)  # fmt: skip
def test_truth_has_the_words_of_people_and_spreadsheets(cell: str, told: bool | None) -> None:
    assert read({"circumstances.pregnant": cell})["circumstances"] == {"pregnant": told}


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("circumstances.pregnant", "misschien", "boolean.word"),
        ("student.age", "zeventien", "number.whole"),
        ("student.age", "17.5", "number.whole"),
        ("student.age", "1234567890123", "number.whole"),
        ("circumstances.enrolment", "BOL", "not_allowed"),
        ("school.brin", "0zz", "pattern"),
        ("student.age", "300", "out_of_range"),
        ("circumstances.needs", "housing", "list.pair"),
        ("circumstances.needs", "housing=guidance|housing=treatment", "list.pair"),
        ("circumstances.needs", "housing=much", "not_allowed"),
    ],
)
def test_a_cell_that_is_no_value_is_a_fault_of_its_column(column: str, cell: str, code: str) -> None:
    assert faults({column: cell}) == [(column, code)]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("student.phone", "+31600000000"), ("reason", "=1+1 is wat hij zei"), ("reason", "@school"),
     ("student.surname", "-van Test")],
)  # fmt: skip
def test_text_that_begins_like_a_formula_is_text(column: str, cell: str) -> None:
    told: Any = read({column: cell})
    for name in column.split("."):
        told = told[name]
    assert told == cell


def test_an_empty_cell_tells_nothing() -> None:
    assert set(read({"student.surname": "", "circumstances.pregnant": ""})) == {
        "sourceReference", "problemDomains", "referrer",
    }  # fmt: skip


def test_every_row_needs_its_own_reference() -> None:
    assert faults({"sourceReference": ""}) == [("sourceReference", "required")]


def test_all_faults_of_a_row_are_told_at_once_by_column_and_never_by_value() -> None:
    wrong = {BORN: "15-05-2008", "student.age": "oud", "school.brin": "canary", "referrer.name": ""}
    with pytest.raises(InvalidInput) as told:
        read(wrong)
    assert {fault.location for fault in told.value.faults} == set(wrong)
    assert "canary" not in str(told.value.faults)


def test_a_row_has_at_most_twenty_faults() -> None:
    truths = [column.name for column in COLUMNS if column.kind == "boolean" and column.among is None]
    assert len(faults(dict.fromkeys([*truths, "student.age", "circumstances.absenceWeeks"], "x"))) == 20
