"""What kind of file it is, by its first bytes: the name of a file says nothing."""

import codecs
from typing import Final

from app.adapters.tables.encodings import utf_16_of
from app.adapters.tables.faults import TableFault
from app.adapters.tables.shapes import Format

_ZIP: Final = b"PK"
# What people hand in by mistake, and what to do about it.
_OTHERS: Final = {
    b"%PDF-": "this is a PDF: export the table itself as CSV",
    b"\x1f\x8b": "this is compressed by gzip: unpack it first",
    b"7z\xbc\xaf": "this is a 7z archive: unpack it first",
    b"Rar!": "this is a RAR archive: unpack it first",
    b"\xd0\xcf\x11\xe0": "an old or a protected workbook: save it as .xlsx without a password, or as CSV",
    b"\x89PNG": "this is a picture",
    b"\xff\xd8\xff": "this is a picture",
    b"SQLite format 3": "this is a database: export the table itself as CSV",
}


def format_of(head: bytes) -> Format:
    """The format by the first block of a file; raises TableFault for one that is none of ours."""
    for magic, why in _OTHERS.items():
        if head.startswith(magic):
            raise TableFault("file.format", why)
    if head[:4] in {_ZIP + b"\3\4", _ZIP + b"\5\6"}:
        return "xlsx"
    if utf_16_of(head):
        raise TableFault("file.utf16", "this is UTF-16 (what Excel calls Unicode text): save it as CSV UTF-8")
    first = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if first == b"[":
        raise TableFault("file.json_array", "this is one JSON array: write one object on each line instead")
    if first == b"<":
        raise TableFault("file.format", "this is HTML or XML: save it as CSV UTF-8 or as .xlsx")
    return "ndjson" if first == b"{" else "csv"
