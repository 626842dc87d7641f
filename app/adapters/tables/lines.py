"""Bytes as lines, in groups, never more of them in memory than a block and one bounded line."""

import codecs
import hashlib
from collections.abc import Iterable, Iterator
from typing import IO

from app.adapters.tables.faults import TableFault, null_bytes

BLOCK = 65_536


class Blocks:
    """The blocks of a stream, and the digest of all that was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(BLOCK):
            yield block

    def read(self, size: int) -> bytes:
        """As many bytes, fewer only at the end: a pipe or an upload may give less at a time."""
        parts: list[bytes] = []
        while size and (part := self._stream.read(size)):
            parts.append(part)
            size -= len(part)
        content = b"".join(parts)
        self._hash.update(content)
        return content

    def digest(self) -> bytes:
        """SHA-256 of what was read so far."""
        return self._hash.digest()

    def whole_digest(self) -> bytes:
        """SHA-256 of the whole stream, which is read to its end."""
        for _ in self:
            pass
        return self.digest()


def without_mark(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks without the byte order mark of UTF-8 at their beginning."""
    first = True
    for block in blocks:
        yield block.removeprefix(codecs.BOM_UTF8) if first else block
        first = False


def lines_of(blocks: Iterable[bytes], longest: int) -> Iterator[list[bytes]]:
    """Whole lines with their ends (LF, CR or both), a list for each block.

    Raises TableFault at a line of more than `longest` bytes, with its row.
    """
    rest, before = b"", 0
    for block in blocks:
        lines = (rest + block).splitlines(keepends=True)
        # A CR at the end may have its LF in the next block.
        rest = lines.pop() if lines and not lines[-1].endswith(b"\n") else b""
        _check(lines, rest, before, longest)
        yield lines
        before += len(lines)
    if rest:
        yield [rest]


def _check(lines: list[bytes], rest: bytes, before: int, longest: int) -> None:
    if len(rest) <= longest and max(map(len, lines), default=0) <= longest:
        return
    row, line = next(
        (row, line) for row, line in enumerate((*lines, rest), before + 1) if len(line) > longest
    )
    if b"\0" in line:
        raise null_bytes(row)
    raise TableFault("file.line_too_long", f"the line is longer than {longest:,} bytes", row)
