"""Nothing that somebody hands in makes the service grow: it is refused after a bounded piece of it."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tracemalloc
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from app.adapters.tables import BytesSource, Limits, TableFault, examine, read_rows
from tests.tables.workbooks import HEADER, cell, entries, packed, row, text

GIGABYTE = 1 << 30
MEGABYTE = 1 << 20


@dataclass
class Endless(io.RawIOBase):
    """A beginning, and behind it a gigabyte of the same again and again."""

    beginning: bytes
    again: bytes
    given: int = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        size = min(len(buffer), 8_192, GIGABYTE - self.given)
        content = (self.beginning if not self.given else b"") + self.again * (size // len(self.again) + 1)
        buffer[:size] = content[:size]
        self.given += size
        return size


@dataclass
class Streamed:
    stream: Endless
    name: str = field(default="stream")

    def open(self) -> IO[bytes]:
        return io.BufferedReader(self.stream)


@pytest.mark.parametrize(
    ("beginning", "again", "code", "row"),
    [
        pytest.param(b"id,name\na,", b"x", "file.line_too_long", 2, id="one line of a gigabyte"),
        pytest.param(b"", b"x", "file.line_too_long", 1, id="a header of a gigabyte"),
        pytest.param(b'id,name\na,"', b"x\n", "file.quote_open", 2, id="a quote that opens a gigabyte"),
        pytest.param(b'{"a":1}\n{"b":"', b"x", "file.line_too_long", 2, id="a gigabyte of JSON"),
        pytest.param(b"id,name\n", b",", "file.line_too_long", 2, id="a gigabyte of cells"),
    ],
)
def test_a_gigabyte_without_an_end_is_refused_by_its_row(
    beginning: bytes, again: bytes, code: str, row: int
) -> None:
    stream = Endless(beginning, again)
    tracemalloc.start()
    with pytest.raises(TableFault) as refused:
        examine(Streamed(stream))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (refused.value.code, refused.value.row) == (code, row)
    assert stream.given < 2 * MEGABYTE
    assert peak < 8 * MEGABYTE


def test_a_file_ten_times_as_long_needs_no_more_memory() -> None:
    peaks = []
    for rows in (10_000, 80_000):
        source = BytesSource(b"id,name\n" + b"".join(b'%06d,"name\nof %d"\n' % (n, n) for n in range(rows)))
        tracemalloc.start()
        examined = examine(source)
        assert sum(1 for _ in read_rows(source, examined)) == rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 50_000


def _zeros(megabytes: int) -> bytes:
    """A workbook with a sheet of as many zeros, written without having them."""
    content = io.BytesIO(packed(entries(HEADER)))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big", "w") as big:
        for _ in range(megabytes):
            big.write(b"0" * MEGABYTE)
    return content.getvalue()


def _lying(content: bytes) -> bytes:
    """The same archive, whose directory tells that the entry has ten bytes."""
    at = content.rindex(b"PK\1\2")
    return content[: at + 24] + (10).to_bytes(4, "little") + content[at + 28 :]


def _far_cell() -> bytes:
    return packed(entries(HEADER + row(text("A2", "a"), text("XFD1048576", "b"))))


def _long_text_everywhere() -> bytes:
    cells = "".join(row(*(cell(f"{c}{n}", "0", 't="s"') for c in "AB")) for n in range(2, 20_000))
    return packed(entries(HEADER + cells, shared="x" * 30_000))


def _billion_laughs() -> bytes:
    parts = entries(HEADER)
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    parts["xl/workbook.xml"] = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>' + parts[
        "xl/workbook.xml"
    ].replace("Blad 1", "&l9;")
    return packed(parts)


def _many_entries() -> bytes:
    return packed(entries(HEADER) | {f"xl/part{n}": "" for n in range(3_000)})


def _doubled_entry() -> bytes:
    content = io.BytesIO(packed(entries(HEADER)))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("XL/workbook.xml", "")
    return content.getvalue()


BOMBS = {
    "a sheet of zeros": (_zeros(64), {"file.zip_bomb"}),
    "a directory that lies": (_lying(_zeros(64)), {"file.xlsx_damaged"}),
    "very many entries": (_many_entries(), {"file.zip_bomb"}),
    "an entry doubled": (_doubled_entry(), {"file.zip_bomb"}),
    "a cell in the last corner": (_far_cell(), {"file.xlsx_too_large"}),
    "one long text in all cells": (_long_text_everywhere(), {"file.xlsx_too_large"}),
    "entities of entities": (_billion_laughs(), {"file.xlsx_damaged", "file.xlsx_too_large"}),
}
# In megabytes; what the archive tells is known before anything of it is read as a workbook.
MOST = {"file.zip_bomb": 60, "file.xlsx_damaged": 60, "file.xlsx_too_large": 300}
EXAMINE = """
import json, re, resource, sys
from app.adapters.tables import FileSource, Limits, TableFault, examine
from pathlib import Path
try:
    code = examine(FileSource(Path(sys.argv[1])), Limits(memory=int(sys.argv[2]))).format
except TableFault as fault:
    code = fault.code
# Its own peak as the kernel counts it since exec: that of getrusage begins with the memory of the test.
own = int(re.search("VmHWM: *([0-9]+)", Path("/proc/self/status").read_text().replace("\\t", ""))[1])
print(json.dumps([code, own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel bounds and measures memory in this way")
@pytest.mark.parametrize(("content", "codes"), BOMBS.values(), ids=BOMBS)
def test_a_workbook_that_would_grow_is_refused_and_nothing_grew(
    tmp_path: Path, content: bytes, codes: set[str]
) -> None:
    (tmp_path / "bomb.xlsx").write_bytes(content)
    command = [sys.executable, "-c", EXAMINE, str(tmp_path / "bomb.xlsx"), str(300 * MEGABYTE)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    code, own, process = json.loads(done.stdout)
    assert code in codes
    assert own < 60 * 1_024
    assert process < MOST[code] * 1_024


def _processes() -> list[str]:
    """Those that this one started and that have not ended."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells in this way which processes there are")
def test_reading_that_is_left_ends_its_process() -> None:
    content = packed(entries(HEADER + "".join(row(text(f"A{n}", "a" * 99)) for n in range(2, 9_000))))
    examined, before = examine(BytesSource(content)), _processes()
    with contextlib.closing(read_rows(BytesSource(content), examined)) as rows:
        next(rows)
        assert len(_processes()) == len(before) + 1
    assert _processes() == before


def test_a_workbook_of_too_much_work_ends() -> None:
    content = packed(entries(HEADER + "<row><c><v>1</v></c><c><v>2</v></c></row>" * 2_000_000))
    with pytest.raises(TableFault, match="more memory or time"):
        examine(BytesSource(content), Limits(seconds=1, ratio=10_000, cells=10**7))
