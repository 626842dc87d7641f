"""CSV as people save it is read; what is no table is refused with its place and without its values."""

import pytest

from app.adapters.csv_table import read_csv, write_csv
from app.adapters.tables import TableFault
from app.adapters.tables.shapes import LONGEST_CELL

CANARY = "kanarie"
GOOD = [
    ("comma", b"id,name\na,b\n"),
    ("semicolon", b"id;name\na;b\n"),
    ("tab", b"id\tname\na\tb\n"),
    ("byte order mark", b"\xef\xbb\xbfid,name\na,b\n"),
    ("Windows line ends", b"id,name\r\na,b\r\n"),
    ("no last line end", b"id,name\na,b"),
    ("quoted", b'"id","name"\n"a","b"\n'),
    ("spaces around", b" id , name \n a , b \n"),
    ("empty rows", b"id,name\n\n,\na,b\n,\n"),
]


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in GOOD])
def test_a_table_is_read(content: bytes) -> None:
    table = read_csv(content)
    assert (table.columns, [row.cells for row in table.rows]) == (("id", "name"), [{"id": "a", "name": "b"}])


@pytest.mark.parametrize(("encoding", "named"), [("utf-8", "UTF-8"), ("cp1252", "Windows-1252")])
def test_the_encoding_is_found_and_told(encoding: str, named: str) -> None:
    table = read_csv("id,name\na,Fryslân\n".encode(encoding))
    assert (table.rows[0].cells["name"], table.encoding) == ("Fryslân", named)


def test_a_row_has_the_number_that_a_spreadsheet_shows() -> None:
    table = read_csv(b'id,name\na,"two\nlines"\n\nb,c\n')
    assert [(row.number, row.cells["id"]) for row in table.rows] == [(2, "a"), (5, "b")]


BAD = [
    ("empty", b"", "empty"),
    ("blank", b" \n\n", "empty"),
    ("a byte order mark alone", b"\xef\xbb\xbf\n", "empty"),
    ("header only", b"id,name\n", "no rows"),
    ("wrong delimiter", b"id:name\nkanarie:b\n", "row 1: one column"),
    ("a column without a name", b"id,,name\nkanarie,b,c\n", "row 1: column 2"),
    ("a doubled column", b"id,name,id\nkanarie,b,c\n", "row 1: column 3"),
    ("too many columns", b",".join(b"c%d" % n for n in range(301)) + b"\n", "at most 300"),
    ("a short row", b"id,name\na,b\nkanarie\n", "row 3: 1 cells for 2"),
    ("a long row", b"id,name\nkanarie,b,c\n", "row 2: 3 cells for 2"),
    ("an open quote", b'id,name\na,b\n"kanarie,c\n', "row 3: a quote"),
    ("a stray quote", b'id,name\n"kan"arie,c\n', "row 2: a quote"),
    ("null bytes", b"id,name\nkanarie\0,b\n", "null bytes"),
    ("another encoding", b"id,name\na,b\nkanarie\x81,\xe2\n", "row 3: neither"),
    ("a workbook", b"PK\x03\x04\x14\x00\x06\x00kanarie", "save it as CSV"),
    ("a huge cell", b"id,name\nkanarie," + b"x" * (LONGEST_CELL + 1) + b"\n", "row 2: a cell holds more"),
]


@pytest.mark.parametrize(
    ("content", "says"), [pytest.param(content, says, id=name) for name, content, says in BAD]
)
def test_what_is_no_table_is_refused_by_its_place(content: bytes, says: str) -> None:
    with pytest.raises(TableFault, match=says) as refused:
        read_csv(content)
    assert CANARY not in str(refused.value)


def test_what_is_written_is_read_as_it_was() -> None:
    cells = ["a,b", 'c"d', "e\nf", " g", "é"]
    table = read_csv(write_csv(["1", "2", "3", "4", "5"], [cells]).encode())
    assert list(table.rows[0].cells.values()) == [cell.strip() for cell in cells]
