"""Lines of JSON: each that is not blank is a row, whose text is not taken apart here."""

from collections.abc import Iterator
from itertools import chain

from app.adapters.tables.lines import Blocks, lines_of, without_mark
from app.adapters.tables.shapes import UTF_8, Examined, Limits, RawRow


def examine_ndjson(blocks: Blocks, head: bytes, limits: Limits) -> Examined:
    """What a whole file of JSON lines is; raises TableFault for a NUL byte or a line that is too long.

    `head` is what was read of the blocks already.
    """
    groups = lines_of(without_mark(chain([head], blocks)), limits.line)
    rows = sum(1 for line in chain.from_iterable(groups) if line.strip())
    return Examined("ndjson", UTF_8, None, (), rows, blocks.digest())


def read_ndjson(blocks: Blocks, after: int, limits: Limits) -> Iterator[RawRow]:
    """The lines whose number is more than `after`; one that is not UTF-8 has the fault text.encoding."""
    lines = chain.from_iterable(lines_of(without_mark(blocks), limits.line))
    for number, line in enumerate(lines, 1):
        if number > after and (body := line.strip()):
            yield RawRow(number, (), body, None if _is_utf_8(body) else "text.encoding")


def _is_utf_8(line: bytes) -> bool:
    if line.isascii():
        return True
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
