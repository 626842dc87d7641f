"""What Python's csv module writes in any dialect is read back as it was, with the numbers of its rows."""

import csv
import io
import re
from typing import Literal

from hypothesis import given, strategies as st

from app.adapters.tables import BytesSource, RawRow, examine, read_rows

COLUMNS = ["reference", "name", "notes"]
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
# A quoted cell may hold any line end; without quotes the writer protects only from its own.
DIALECTS: list[tuple[Literal[0, 1], str]] = [
    (csv.QUOTE_ALL, "\r\n"),
    (csv.QUOTE_ALL, "\n"),
    (csv.QUOTE_ALL, "\r"),
    (csv.QUOTE_MINIMAL, "\r\n"),
]
ANY = st.characters(codec="utf-8", exclude_characters="\0")
# Letters of Windows-1252 that are no UTF-8 in any order.
WINDOWS = st.sampled_from("abc ,;\t'\"\r\n0=-éëïöüçàèÉËÏÖÜß")
TEXTS = {
    "utf-8": st.text(ANY, max_size=12),
    "utf-8-sig": st.text(ANY, max_size=12),
    "cp1252": st.text(WINDOWS, max_size=12),
}


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str, bytes, list[tuple[int, list[str]]]]:
    """The encoding, the delimiter, the content, and its rows with the line on which each starts."""
    encoding, delimiter = draw(st.sampled_from(sorted(TEXTS))), draw(st.sampled_from(sorted(DELIMITERS)))
    quoting, end = draw(st.sampled_from(DIALECTS))
    cells = draw(st.lists(st.lists(TEXTS[encoding], min_size=3, max_size=3), min_size=1, max_size=8))
    written, rows = io.StringIO(newline=""), []
    writer = csv.writer(written, delimiter=DELIMITERS[delimiter], quoting=quoting, lineterminator=end)
    writer.writerow(COLUMNS)
    for row in [*cells, ["last", "", ""]]:
        rows.append((len(re.findall("\r\n|\r|\n", written.getvalue())) + 1, row))
        writer.writerow(row)
    return encoding, delimiter, written.getvalue().encode(encoding), rows


@given(files())
def test_what_is_written_is_read(file: tuple[str, str, bytes, list[tuple[int, list[str]]]]) -> None:
    encoding, delimiter, content, rows = file
    source = BytesSource(content)
    examined = examine(source)
    expected = [
        RawRow(number, tuple(map(str.strip, row)), None, None)
        for number, row in rows
        if any(map(str.strip, row))
    ]
    assert list(read_rows(source, examined)) == expected
    assert (examined.columns, examined.delimiter, examined.rows) == (
        tuple(COLUMNS), delimiter, len(expected)
    )  # fmt: skip
    windows = encoding == "cp1252" and not content.isascii()
    assert examined.encoding == ("Windows-1252" if windows else "UTF-8")


@given(files(), st.integers(0, 20))
def test_reading_on_gives_the_rows_behind_a_number(
    file: tuple[str, str, bytes, list[tuple[int, list[str]]]], after: int
) -> None:
    source = BytesSource(file[2])
    examined = examine(source)
    behind = [row for row in read_rows(source, examined) if row.number > after]
    assert list(read_rows(source, examined, after)) == behind
