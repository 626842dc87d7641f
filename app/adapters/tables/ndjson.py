"""Lines of JSON: each that is not blank is a row, whose text is not taken apart here."""

from collections.abc import Iterable, Iterator
from itertools import chain

from app.adapters.tables.faults import null_bytes
from app.adapters.tables.lines import Blocks, lines_of, without_mark
from app.adapters.tables.shapes import UTF_8, Examined, Limits, RawRow


def examine_ndjson(blocks: Blocks, head: bytes, limits: Limits) -> Examined:
    """What a whole file of JSON lines is; raises TableFault for a NUL byte or a line that is too long.

    `head` is what was read of the blocks already.
    """
    rows = sum(1 for _ in _lines(chain([head], blocks), limits))
    return Examined("ndjson", UTF_8, None, (), rows, blocks.digest())


def read_ndjson(blocks: Blocks, after: int, limits: Limits) -> Iterator[RawRow]:
    """The lines whose number is more than `after`; one that is not UTF-8 has the fault text.encoding."""
    for number, line in _lines(blocks, limits):
        if number > after:
            yield RawRow(number, (), line, None if _is_utf_8(line) else "text.encoding")


def _lines(blocks: Iterable[bytes], limits: Limits) -> Iterator[tuple[int, bytes]]:
    """Those that are not blank, with their numbers."""
    groups = lines_of(without_mark(blocks), limits.line)
    for number, line in enumerate(chain.from_iterable(groups), 1):
        if b"\0" in line:
            raise null_bytes(number)
        if told := line.strip():
            yield number, told


def _is_utf_8(line: bytes) -> bool:
    if line.isascii():
        return True
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
