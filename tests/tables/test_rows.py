"""Rows come with their place, and a row that cannot be read does not stop the others."""

import codecs

import pytest

from app.adapters.tables import BytesSource, RawRow, examine, read_rows


def rows_of(content: bytes) -> list[RawRow]:
    source = BytesSource(content)
    return list(read_rows(source, examine(source)))


def test_a_row_of_fewer_or_more_cells_has_a_fault_of_its_own() -> None:
    found = rows_of(b"id,name\na\nb,c\nd,e,f\n")
    assert [(row.number, row.fault) for row in found] == [(2, "row.cells"), (3, None), (4, "row.cells")]


def test_a_row_has_the_number_of_the_line_on_which_it_starts() -> None:
    found = rows_of(b'\nid,name\n\n"a\nb",c\n,\nd,e\n')
    assert [(row.number, row.cells) for row in found] == [(4, ("a\nb", "c")), (7, ("d", "e"))]


@pytest.mark.parametrize("break_at", [65_535, 65_536, 65_537])
def test_a_line_end_between_two_blocks_is_one_line_end(break_at: int) -> None:
    first = b"id,name\r\na,"
    content = first + b"x" * (break_at - len(first) - 1) + b"\r\nb,c\r\n"
    assert [(row.number, row.cells[0]) for row in rows_of(content)] == [(2, "a"), (3, "b")]


@pytest.mark.parametrize("padding", range(65_525, 65_537))
def test_a_letter_between_two_blocks_is_one_letter(padding: int) -> None:
    content = b"id,name\na," + b"x" * padding + "ë,\n".replace(",", "").encode() + b"b,c\n"
    assert [row.cells[1][-1] for row in rows_of(content)] == ["ë", "c"]


def test_a_name_in_the_header_may_hold_the_other_delimiter() -> None:
    assert examine(BytesSource(b'"name, first";id\na;b\n')).columns == ("name, first", "id")


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_lines_of_json_are_given_whole_with_their_numbers(mark: bytes) -> None:
    content = mark + b'{"a": 1}\r\n\n  {"b": "\xc3\xab"}  \n{"c":'
    source = BytesSource(content)
    examined = examine(source)
    assert (examined.format, examined.encoding, examined.columns, examined.rows) == ("ndjson", "UTF-8", (), 3)
    assert list(read_rows(source, examined)) == [
        RawRow(1, (), b'{"a": 1}', None),
        RawRow(3, (), b'{"b": "\xc3\xab"}', None),
        RawRow(4, (), b'{"c":', None),
    ]
    assert [row.number for row in read_rows(source, examined, after=1)] == [3, 4]


def test_a_line_of_json_that_is_not_utf_8_has_a_fault_of_its_own() -> None:
    found = rows_of(b'{"a": "\xeb"}\n{"b": 1}\n')
    assert [row.fault for row in found] == ["text.encoding", None]


def test_a_file_is_known_by_its_content_and_not_by_its_name() -> None:
    assert examine(BytesSource(b' \n {"a": 1}\n', name="rows.csv")).format == "ndjson"
    assert examine(BytesSource(b"a,b\n1,2\n", name="rows.xlsx")).format == "csv"
