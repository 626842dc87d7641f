"""Workbooks as rows, read by a process of their own that may end without harm to this one."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from dataclasses import asdict
from itertools import takewhile
from typing import Any, Final

from app.adapters.tables.archive import WANTS_MORE, damaged, too_large
from app.adapters.tables.delimited import check_columns
from app.adapters.tables.faults import SourceChanged, TableFault
from app.adapters.tables.lines import Blocks
from app.adapters.tables.shapes import Examined, Limits, RawRow

_READER: Final = "app.adapters.tables.workbook_process"


def examine_workbook(blocks: Blocks, head: bytes, limits: Limits) -> Examined:
    """What the first sheet that is not empty is; raises TableFault where there is no table to be read.

    `head` is what was read of the blocks already.
    """
    with contextlib.closing(_lines(_whole(blocks, head, limits), limits)) as lines:
        sheet, sheets = next(lines)
        row, _, _, header = next(lines, (1, None, None, []))
        columns = tuple(header)
        if len(columns) == 1:
            raise TableFault("file.delimiter", "one column alone: each value needs a cell of its own", row)
        check_columns(columns, row, limits.columns)
        rows = sum(1 for _ in lines)
    if not rows:
        raise TableFault("file.header_only", "the sheet has a header and no rows")
    return Examined("xlsx", None, None, columns, rows, blocks.digest(), sheet, sheets)


def read_workbook(blocks: Blocks, examined: Examined, after: int, limits: Limits) -> Iterator[RawRow]:
    """The rows below the header whose number is more than `after`; raises SourceChanged before the first."""
    content = _whole(blocks, b"", limits)
    if blocks.digest() != examined.digest:
        raise SourceChanged
    with contextlib.closing(_lines(content, limits)) as lines:
        next(lines), next(lines)
        for number, fault, column, cells in lines:
            if number > after:
                yield RawRow(number, tuple(cells), None, fault, column)


def _whole(blocks: Blocks, head: bytes, limits: Limits) -> bytes:
    content = head + blocks.read(limits.workbook + 1 - len(head))
    if len(content) > limits.workbook:
        raise too_large(f"has more than {limits.workbook >> 20} MB")
    return content


def _lines(content: bytes, limits: Limits) -> Generator[Any]:
    """What the process tells: which sheet of how many, then its rows."""
    command = [sys.executable, "-m", _READER, json.dumps(asdict(limits))]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        # Left before its end, it finds its output closed and ends by itself.
        yield from _told(process, content)


def _told(process: subprocess.Popen[bytes], content: bytes) -> Iterator[Any]:
    assert process.stdin
    assert process.stdout
    with contextlib.suppress(BrokenPipeError), process.stdin as packed:
        packed.write(content)
    # One that is killed leaves half a line.
    for line in takewhile(lambda line: line.endswith(b"\n"), process.stdout):
        told = json.loads(line)
        if told is None:
            return
        if isinstance(told, dict):
            raise TableFault(**told)
        yield told
    # It ended before it had told all: by a signal where it wanted more than it may have.
    raise damaged() if process.wait() > 0 else too_large(WANTS_MORE)
