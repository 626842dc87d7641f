"""G28: no cell runs in a spreadsheet, and everything reads back as it was."""

import csv
import io
import re

import pytest
from hypothesis import example, given, strategies as st

from app.adapters.spreadsheet import read_spreadsheet, write_spreadsheet

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
RISKY = st.lists(st.sampled_from([*"=+-@|%;,\t\r\n\" '1aA", "\uff1d", "+31"])).map("".join)
HARMLESS = re.compile(r"[+-]?[0-9][0-9 ]*([.,][0-9]+)?")
FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")


def formula_cells(content: bytes) -> list[str]:
    """What any spreadsheet might run, wherever it takes a cell to begin."""
    text = content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row]
    cells += re.split(r'[;,\t\r\n"]', text)
    return [c for c in map(str.strip, cells) if c.startswith(FORMULA) and not HARMLESS.fullmatch(c)]


@given(st.lists(st.lists(TEXT | RISKY, min_size=1), min_size=1))
@example([["=cmd|' /C calc'!A1", "\t=1+1", "a;=HYPERLINK(A1);b", "'=x", "''=x", "+31 (0)38-421"]])
def test_nothing_runs_and_everything_reads_back(rows: list[list[str]]) -> None:
    written = write_spreadsheet(rows)
    assert formula_cells(written) == []
    assert read_spreadsheet(written) == rows


@pytest.mark.parametrize("value", ["+31600000000", "-1", "1,5", "-12.75", "038 421 00 00", 17, -3, 1.5, True])
def test_a_number_and_a_telephone_number_stay_as_they_are(value: str | int) -> None:
    [row] = csv.reader(io.StringIO(write_spreadsheet([[value]]).decode("utf-8-sig")))
    assert row == [str(value).lower() if isinstance(value, bool) else str(value)]


def test_control_a_plain_writer_leaves_formulas() -> None:
    assert formula_cells(b'"=1+1";"-2+3+cmd"\r\n') != []
