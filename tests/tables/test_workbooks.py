"""A workbook is read as what it shows; what it cannot show is a fault of its row."""

import random
from string import ascii_uppercase

import pytest

from app.adapters.tables import LIMITS, BytesSource, Limits, RawRow, TableFault, examine, read_rows
from tests.tables.workbooks import DAY, HEADER, MOMENT, cell, entries, packed, row, text, workbook


def rows_of(content: bytes) -> list[RawRow]:
    source = BytesSource(content)
    return list(read_rows(source, examine(source)))


SHOWN = {
    "text": (text("B2", " voor "), "voor"),
    "text that looks like a number": (text("B2", "0363"), "0363"),
    "whole number": (cell("B2", "363"), "363"),
    "whole number with a point": (cell("B2", "363.0"), "363"),
    "broken number": (cell("B2", "3.5"), "3.5"),
    "day": (cell("B2", "39600", DAY), "2008-06-01"),
    "moment": (cell("B2", "39600.5", MOMENT), "2008-06-01T12:00:00"),
    "day as a number": (cell("B2", "39600"), "39600"),
    "true": (cell("B2", "1", 't="b"'), "true"),
    "false": (cell("B2", "0", 't="b"'), "false"),
    "value of a formula": ('<c r="B2"><f>A1+1</f><v>7</v></c>', "7"),
    "formula that gives no text": ('<c r="B2" t="str"><f>IF(A1,"")</f><v></v></c>', ""),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("xml", "shown"), SHOWN.values(), ids=SHOWN)
def test_a_cell_is_read_as_it_shows(xml: str, shown: str) -> None:
    content = workbook(HEADER + row(text("A2", "a"), xml))
    assert rows_of(content) == [RawRow(2, ("a", shown), None, None)]


HIDDEN = {
    "an error": (cell("B3", "#DIV/0!", 't="e"'), "cell.excel_error"),
    "an error in other quotes": ("<c t='e' r='B3'><v>#N/A</v></c>", "cell.excel_error"),
    "a formula nobody computed": ('<c r="B3"><f>A1+1</f></c>', "cell.formula"),
    "a formula with an empty value": ('<c r="B3"><f>A1+1</f><v></v></c>', "cell.formula"),
    "a shared formula without a value": ('<c r="B3"><f t="shared" si="0"/><v/></c>', "cell.formula"),
    "more digits than are kept": (cell("B3", "1234567890123456"), "cell.number"),
}


@pytest.mark.parametrize(("xml", "code"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_read_as_another_value_is_a_fault_of_its_row_alone(xml: str, code: str) -> None:
    content = workbook(
        HEADER + row(text("A2", "a")) + row(text("A3", "b"), xml) + row(cell("A4", "0"), text("B4", "d"))
    )
    found = [(one.number, one.fault, one.column) for one in rows_of(content)]
    assert found == [(2, None, None), (3, code, 2), (4, None, None)]


@pytest.mark.parametrize("wrong", [cell("AB5", "#N/A", 't="e"'), cell("AB5", "1234567890123456")])
def test_a_fault_has_the_column_of_the_table_wherever_that_begins(wrong: str) -> None:
    header = [text(f"{letter}4", f"column {letter}") for letter in (*ascii_uppercase[1:], "AA", "AB")]
    (found,) = rows_of(workbook(row(*header) + row(text("C5", "a"), wrong)))
    assert (found.number, found.column) == (5, len(header))


def test_an_error_in_a_prefixed_sheet_is_found() -> None:
    parts = entries(HEADER + row(text("A2", "a"), cell("B2", "#REF!", 't="e"')))
    xml = parts["xl/worksheets/sheet1.xml"].replace("xmlns=", "xmlns:x=")
    parts["xl/worksheets/sheet1.xml"] = (
        xml.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    )
    assert [found.fault for found in rows_of(packed(parts))] == ["cell.excel_error"]


def test_the_first_visible_sheet_that_is_not_empty_is_read() -> None:
    other = HEADER + row(text("A2", "hidden"), text("B2", "b"))
    content = packed(
        entries("", other, HEADER + row(text("A2", "a"), text("B2", "b")), hidden=frozenset({2}))
    )
    examined = examine(BytesSource(content))
    assert (examined.format, examined.sheet, examined.sheets, examined.rows) == ("xlsx", 3, 3, 1)
    assert [found.cells for found in rows_of(content)] == [("a", "b")]


def test_rows_have_the_number_of_the_sheet_and_can_be_read_on() -> None:
    header = row(text("B4", "reference"), text("C4", "name"))
    content = workbook(header + row(text("B6", "a"), text("C6", " ")) + row(text("B9", "b"), text("C9", "c")))
    source = BytesSource(content)
    examined = examine(source)
    assert [found.number for found in read_rows(source, examined)] == [6, 9]
    assert [found.cells for found in read_rows(source, examined, after=6)] == [("b", "c")]


# Nine cells of what packs as text does, and not as a bomb.
LONG = random.Random(7).randbytes(60_000).hex()  # noqa: S311
WIDE = "".join(row(*(text(f"{c}{n}", value or c) for c in "ABCDEFGHI")) for n, value in ((1, ""), (2, LONG)))
REFUSED = {
    "no workbook": (packed({"word/document.xml": "kanarie"}), "file.format", None, None),
    "no archive": (b"PK\3\4kanarie", "file.xlsx_damaged", None, None),
    "half an archive": (workbook(HEADER)[:-200], "file.xlsx_damaged", None, None),
    "an archive of other things": (packed({"xl/workbook.xml": "kanarie"}), "file.xlsx_damaged", None, None),
    "nothing on any sheet": (workbook("", ""), "file.empty", None, None),
    "spaces alone": (workbook(row(text("A1", " "), text("B1", " "))), "file.empty", None, None),
    "header only": (workbook(HEADER), "file.header_only", None, None),
    "CSV in one column": (workbook(row(text("A1", "a;kanarie"))), "file.delimiter", 1, None),
    "a name doubled": (
        workbook(row(text("A2", "kanarie"), text("B2", "kanarie"))), "file.column_doubled", 2, 2
    ),
    "a name missing": (workbook(HEADER + row(text("C2", "kanarie"))), "file.columns_missing", 1, 3),
    "an error somewhere": (
        workbook(HEADER + row("<c t='e'><v>#N/A</v></c>")), "file.excel_error", None, None
    ),
    "301 columns": (
        workbook(HEADER + row(text("A2", "a"), text("KO2", "kanarie"))), "file.too_many_columns", 1, None
    ),
    "a very long row": (workbook(WIDE), "file.line_too_long", 2, None),
    "a very long cell": (
        workbook(HEADER + row(text("A2", "k" * 140_000), text("B2", "b"))), "file.cell_too_long", 2, 1
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_is_refused(case: tuple[bytes, str, int | None, int | None]) -> None:
    content, code, row_, column = case
    with pytest.raises(TableFault) as refused:
        examine(BytesSource(content))
    assert (refused.value.code, refused.value.row, refused.value.column) == (code, row_, column)
    assert "kanarie" not in str(refused.value)


LARGE = HEADER + row(text("A2", "a"), text("B2", "b"))


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param(Limits(workbook=1_000), id="bytes"),
        pytest.param(Limits(unpacked=1_000), id="unpacked"),
        pytest.param(Limits(cells=3), id="cells"),
    ],
)
def test_a_workbook_beyond_a_limit_is_to_be_saved_as_csv(limits: Limits) -> None:
    with pytest.raises(TableFault, match="save it as CSV") as refused:
        examine(BytesSource(workbook(LARGE)), limits)
    assert refused.value.code == "file.xlsx_too_large"


def test_the_same_workbook_is_read_within_the_limits() -> None:
    assert examine(BytesSource(workbook(LARGE)), LIMITS).rows == 1
