"""The columns of a file: none is missing, none is left out without a word, none holds a BSN."""

import pytest

from app.reference import open_reference
from app.schemas.importing import HeaderFault, Mapping, Reader, load_mapping

ENOUGH = ("sourceReference", "problemDomains", "referrer.name")


def refused(*columns: str, mapping: str = "") -> list[tuple[str, str]]:
    with pytest.raises(HeaderFault) as found:
        Reader(columns, load_mapping(mapping.encode()), open_reference())
    return [(fault.code, fault.column) for fault in found.value.faults]


@pytest.mark.parametrize("name", ENOUGH)
def test_a_file_without_a_column_that_every_row_needs_is_refused(name: str) -> None:
    assert refused(*(each for each in ENOUGH if each != name)) == [("column.missing", name)]


def test_a_constant_may_stand_for_a_column() -> None:
    mapping = load_mapping(b'[constants]\nreferrer.name = "M. Voorbeeld"')
    assert Reader(ENOUGH[:2], mapping, open_reference()).body(("sis-1", "debts"))["referrer"]


def test_an_unknown_column_is_named_by_its_place_and_not_by_what_it_says() -> None:
    with pytest.raises(HeaderFault) as found:
        Reader((*ENOUGH, "Sanne Voorbeeld"), None, open_reference())
    assert [(f.code, f.column) for f in found.value.faults] == [("column.unknown", "4")]
    assert "Sanne" not in str(found.value)


def test_a_near_name_is_proposed() -> None:
    with pytest.raises(HeaderFault, match=r"did you mean student\.birthDate"):
        Reader((*ENOUGH, "birthDate"), None, open_reference())


def test_a_column_that_is_ignored_is_left_out() -> None:
    reader = Reader((*ENOUGH, "Klas"), load_mapping(b'ignore = ["Klas"]'), open_reference())
    assert "Klas" not in reader.body(("sis-1", "debts", "M. Voorbeeld", "1A"))


@pytest.mark.parametrize("name", ["BSN", "student.bsn", "Burgerservicenummer", "PGN leerling"])
def test_a_column_named_for_a_bsn_is_refused(name: str) -> None:
    assert refused(*ENOUGH, name) == [("citizen_number_refused", "4")]


def test_a_column_named_for_a_bsn_is_refused_also_where_a_mapping_ignores_it() -> None:
    with pytest.raises(HeaderFault, match="BSN"):
        Reader((*ENOUGH, "BSN"), Mapping(ignored=frozenset({"BSN"})), open_reference())


def test_a_column_that_is_mapped_and_not_there_is_missing() -> None:
    assert refused(*ENOUGH, mapping='[columns]\nreason = "Notitie"') == [("column.missing", "Notitie")]


@pytest.mark.parametrize("told", ['[constants]\nreason = "a"', '[columns]\nreason = "sourceReference2"'])
def test_what_a_file_tells_twice_is_refused(told: str) -> None:
    columns = (*ENOUGH, "reason", *(["sourceReference2"] if "columns" in told else []))
    assert refused(*columns, mapping=told) == [("column.doubled", "reason")]


def test_all_faults_of_a_header_are_told_at_once_and_first_what_is_missing() -> None:
    told = [code for code, _ in refused("sourceReference", "BSN", *map(str, range(30)))]
    assert told[:4] == ["column.missing", "column.missing", "citizen_number_refused", "column.unknown"]
    assert len(told) == 33


def test_a_file_of_bodies_has_our_names() -> None:
    reader = Reader(None, None, open_reference())
    assert reader.column_of("/circumstances/youthHelp/0/startedOn") == "circumstances.youthHelp.startedOn"


@pytest.mark.parametrize(
    ("pointer", "column"),
    [
        ("/student/birthDate", "Geboren"),
        ("/problemDomains/3", "problemDomains"),
        ("/circumstances/needs/housing", "circumstances.needs"),
        ("/student/surname", "student.surname"),
        ("/student", "Geboren"),
        ("/referrer", "referrer.name"),
        ("/consents", "consents.givenBy"),
        ("", None),
        ("/nothing", None),
    ],
)
def test_a_fault_of_the_request_stands_at_the_column_that_told_it(pointer: str, column: str | None) -> None:
    mapping = load_mapping(b'[columns]\nstudent.birthDate = "Geboren"')
    assert Reader((*ENOUGH, "Geboren"), mapping, open_reference()).column_of(pointer) == column
