"""A file that changes while it is read is noticed, at the latest behind its last row."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.tables import BytesSource, FileSource, SourceChanged, examine, read_rows
from tests.tables.workbooks import HEADER, row, text, workbook

ROWS = b"id,name\n" + b"".join(b"%06d,name\n" % n for n in range(40_000))


def _append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more,name\n")


def _cut(path: Path) -> None:
    os.truncate(path, 300_000)


def _replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(ROWS)
    other.rename(path)


def _write_secretly(path: Path) -> None:
    """The same size and time: only the content tells."""
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(-5, os.SEEK_END)
        file.write(b"mane\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("change", [_append, _cut, _replace, Path.unlink, _write_secretly])
def test_a_file_that_changes_between_two_rows_is_noticed(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(ROWS)
    source = FileSource(path)
    rows = read_rows(source, examine(source))
    next(rows)
    change(path)
    with pytest.raises(SourceChanged):
        list(rows)


def test_a_change_is_noticed_before_the_rows_of_the_next_block(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(ROWS)
    source = FileSource(path)
    rows, read = read_rows(source, examine(source)), 0
    next(rows)
    _append(path)
    with pytest.raises(SourceChanged):
        for read, _ in enumerate(rows, 1):  # noqa: B007
            pass
    assert read < 10_000


def test_a_file_that_changed_before_it_is_read_again_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(ROWS)
    source = FileSource(path)
    examined = examine(source)
    _append(path)
    assert source.changed()
    with pytest.raises(SourceChanged):
        list(read_rows(source, examined))


@pytest.mark.parametrize(
    "changed", [b"id,name\na,c\n", b'id,name\n"a,b\n', b"id,name\n\xeb,b\n", b"id,name\na,\0\n", b""]
)
def test_other_content_than_was_examined_is_noticed(changed: bytes) -> None:
    examined = examine(BytesSource(b"id,name\na,b\n"))
    with pytest.raises(SourceChanged):
        list(read_rows(BytesSource(changed), examined))


def test_another_workbook_gives_no_row() -> None:
    first, second = (workbook(HEADER + row(text("A2", name), text("B2", "b"))) for name in ("one", "two"))
    with pytest.raises(SourceChanged):
        next(read_rows(BytesSource(second), examine(BytesSource(first))))


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(ROWS)
    with pytest.raises(Exception, match="cannot be read") as refused:
        examine(FileSource(tmp_path / "file" / "rows.csv"))
    assert "rows.csv" not in str(refused.value)
