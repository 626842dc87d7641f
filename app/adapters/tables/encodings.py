"""Lines of bytes as text: UTF-8, or Windows-1252 where nothing in the file is UTF-8."""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from app.adapters.tables.faults import TableFault
from app.adapters.tables.shapes import UTF_8, WINDOWS_1252

CODECS: Final = {UTF_8: "utf-8", WINDOWS_1252: "cp1252"}
# A letter with an accent, a quotation mark or a euro sign of UTF-8 among bytes that are not.
_UTF_8_IN_BETWEEN: Final = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|\xe2[\x80\x82][\x80-\xbf]")
_UTF_16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def utf_16_of(head: bytes) -> str | None:
    """The codec of UTF-16 by its mark, or by the zero beside the first character; None for other bytes."""
    if head[:2] in _UTF_16:
        return _UTF_16[head[:2]]
    if len(head) > 1 and 0 in head[:2] and any(head[:2]):
        return "utf-16-le" if head[1] == 0 else "utf-16-be"
    return None


def as_utf_8(blocks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    """Blocks in UTF-16 as blocks in UTF-8; what cannot be decoded becomes a byte that UTF-8 has not."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    for block in chain(blocks, [b""]):
        text = decoder.decode(block, final=not block)
        yield text.encode().replace("\ufffd".encode(), b"\xff")


def decoded(groups: Iterable[list[bytes]], encoding: str) -> Iterator[list[str]]:
    """The groups as text in an encoding that is known; raises TableFault at a row that is not in it."""
    codec, before = CODECS[encoding], 0
    for lines in groups:
        try:
            yield [line.decode(codec) for line in lines]
        except UnicodeDecodeError as error:
            row = before + 1 + next(n for n, line in enumerate(lines) if line == error.object)
            raise TableFault("file.encoding", f"this is not {encoding}", row) from None
        before += len(lines)


class Deciding:
    """Decodes line by line while it finds out in which encoding the file is."""

    def __init__(self, *, marked: bool) -> None:
        """`marked`: the file begins with the mark of UTF-8."""
        self.encoding = UTF_8
        self._marked = marked
        self._utf_8_row: int | None = None

    def decode(self, groups: Iterable[list[bytes]]) -> Iterator[list[str]]:
        """The groups as text; raises TableFault at the row that shows that encodings are mixed."""
        before = 0
        for lines in groups:
            yield self._group(lines, before + 1)
            before += len(lines)

    def _group(self, lines: list[bytes], first: int) -> list[str]:
        if self.encoding == UTF_8:
            try:
                decoded = list(map(bytes.decode, lines))
            except UnicodeDecodeError:
                return [self._line(line, row) for row, line in enumerate(lines, first)]
            self._note_utf_8(decoded, first)
            return decoded
        return [line.decode() if line.isascii() else self._line(line, row)
                for row, line in enumerate(lines, first)]  # fmt: skip

    def _note_utf_8(self, decoded: list[str], first: int) -> None:
        if self._utf_8_row is None and not all(map(str.isascii, decoded)):
            self._utf_8_row = next(row for row, line in enumerate(decoded, first) if not line.isascii())

    def _line(self, line: bytes, row: int) -> str:
        try:
            text = line.decode()
        except UnicodeDecodeError:
            return self._as_windows(line, row)
        if not text.isascii():
            if self.encoding != UTF_8:
                raise _mixed(row, "this row is in UTF-8 and rows before it in Windows-1252")
            self._utf_8_row = self._utf_8_row or row
        return text

    def _as_windows(self, line: bytes, row: int) -> str:
        if self._marked:
            raise _mixed(row, "the file says that it is UTF-8 and this row is not")
        if self._utf_8_row:
            raise _mixed(row, f"row {self._utf_8_row} is in UTF-8 and this row is not")
        if _UTF_8_IN_BETWEEN.search(line):
            raise _mixed(row, "part of this row is in UTF-8 and part is not")
        self.encoding = WINDOWS_1252
        try:
            return line.decode(CODECS[WINDOWS_1252])
        except UnicodeDecodeError:
            raise TableFault("file.encoding", "neither UTF-8 nor Windows-1252", row) from None


def _mixed(row: int, why: str) -> TableFault:
    return TableFault("file.mixed_encoding", f"{why}: save the file as CSV UTF-8", row)
