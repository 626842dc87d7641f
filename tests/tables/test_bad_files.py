"""Every bad file is refused with its code and its place, and no value of it stands in the message."""

import codecs
import gzip
from pathlib import Path
from typing import NamedTuple

import pytest

from app.adapters.tables import BytesSource, FileSource, TableFault, examine

CANARY = b"kanarie"


class Bad(NamedTuple):
    content: bytes
    code: str
    row: int | None = None
    column: int | None = None


FILES = {
    "empty": Bad(b"", "file.empty"),
    "blank": Bad(b" \n\n", "file.empty"),
    "empty cells alone": Bad(b",,\n,,\n", "file.empty"),
    "a byte order mark alone": Bad(codecs.BOM_UTF8, "file.empty"),
    "header only": Bad(b"kanarie,name\n\n", "file.header_only"),
    "wrong delimiter": Bad(b"id|kanarie\na|b\n", "file.delimiter", 1),
    "a column without a name": Bad(b"id,,kanarie\na,b,c\n", "file.columns_missing", 1, 2),
    "a doubled column": Bad(b"kanarie,name, kanarie\na,b,c\n", "file.column_doubled", 1, 3),
    "301 columns": Bad(b",".join(b"kanarie%d" % n for n in range(301)) + b"\n", "file.too_many_columns", 1),
    "a header behind blank lines": Bad(b"\n\nkanarie,kanarie\na,b\n", "file.column_doubled", 3, 2),
    "an open quote": Bad(b'id,name\na,b\n"kanarie,c\nd,e\n', "file.quote_open", 3, 1),
    "an open quote and much behind it": Bad(
        b'id,name\na,b\n"kanarie,c\n' + b"d,e\n" * 50_000, "file.quote_open", 3, 1
    ),
    "a quote closed by that of a later row": Bad(b'id,name\n"kanarie,b\nc,"d"\n', "file.quote_open", 2, 1),
    "an open quote in the last column": Bad(
        b'id,name\n"a,\n""b",  "c\n"k""",\n"x","kanarie\n', "file.quote_open", 5, 2
    ),
    "text behind a quote": Bad(b'id,name\n"kan"arie,c\n', "file.quote_stray", 2, 1),
    "a quote behind a cell of lines": Bad(b'id,name\n"a\nb",c\n"kan"arie,d\n', "file.quote_stray", 4, 1),
    "NUL": Bad(b"id,name\na,b\nkanarie\0,c\n", "file.nul", 3, 1),
    "NUL in the last line": Bad(b"id,name\na,b\nkanarie,\0", "file.nul", 3, 2),
    "a long cell": Bad(b"id,name\nkanarie," + b"x" * 131_073 + b"\n", "file.cell_too_long", 2, 2),
    "a long line": Bad(b"id,name\nkanarie," + b"x" * 1_048_576 + b"\n", "file.line_too_long", 2),
    "a long line without an end": Bad(b"id,name\nkanarie," + b"x" * 1_048_576, "file.line_too_long", 2),
    "UTF-8, then Windows-1252": Bad("ïd,name\na,b\nkanarie,".encode() + b"\xeb\n", "file.mixed_encoding", 3),
    "Windows-1252, then UTF-8": Bad(b"id,name\n\xeb,b\nkanarie,\xc3\xab\n", "file.mixed_encoding", 3),
    "both in one row": Bad(b"id,name\na,b\nkanarie\xeb,\xc3\xab\n", "file.mixed_encoding", 3),
    "Windows-1252 marked as UTF-8": Bad(
        codecs.BOM_UTF8 + b"id,name\nkanarie,\xeb\n", "file.mixed_encoding", 2
    ),
    "no encoding that is known": Bad(b"id,name\na,b\nkanarie\x81,\xe2\n", "file.encoding", 3),
    "UTF-16": Bad("id,kanarie\n".encode("utf-16"), "file.utf16"),
    "UTF-16 without a mark": Bad("id,kanarie\n".encode("utf-16-le"), "file.utf16"),
    "PDF": Bad(b"%PDF-1.7 kanarie", "file.format"),
    "gzip": Bad(gzip.compress(b"id,kanarie\na,b\n"), "file.format"),
    "an old workbook": Bad(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1kanarie", "file.format"),
    "a picture": Bad(b"\x89PNG\r\n\x1a\nkanarie", "file.format"),
    "HTML": Bad(b"<table><tr><td>kanarie", "file.format"),
    "a JSON array": Bad(b'[{"kanarie": 1}]', "file.json_array"),
    "a long line of JSON": Bad(
        b'{"kanarie": 1}\n{"a": "' + b"x" * 1_048_576 + b'"}\n', "file.line_too_long", 2
    ),
    "NUL in JSON": Bad(b'{"a": 1}\n{"kanarie": "\0"}\n', "file.nul", 2),
}


@pytest.mark.parametrize("bad", FILES.values(), ids=FILES)
def test_a_bad_file_is_refused_by_its_place_and_without_its_values(bad: Bad) -> None:
    with pytest.raises(TableFault) as refused:
        examine(BytesSource(bad.content))
    found = refused.value
    assert (found.code, found.row, found.column) == (bad.code, bad.row, bad.column)
    assert CANARY.decode() not in str(found)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableFault, match="folder") as refused:
        examine(FileSource(tmp_path))
    assert refused.value.code == "file.directory"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableFault) as refused:
        examine(FileSource(tmp_path / "kanarie.csv"))
    assert refused.value.code == "file.missing"


def test_a_device_is_refused() -> None:
    with pytest.raises(TableFault) as refused:
        examine(FileSource(Path("/dev/zero")))
    assert refused.value.code == "file.not_regular"
