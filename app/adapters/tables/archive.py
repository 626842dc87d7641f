"""What must hold of the ZIP archive that a workbook is, before anybody parses what is in it."""

import io
import zipfile
import zlib
from typing import IO, Final

from app.adapters.tables.faults import TableFault
from app.adapters.tables.shapes import Limits

WORKBOOK: Final = "xl/workbook.xml"
WANTS_MORE: Final = "needs more memory or time than one is given"
_BLOCK: Final = 1 << 20
# An entry below this many bytes may be packed as tightly as it likes.
_SMALL: Final = 1 << 20


def open_archive(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive of a workbook, unpacked once to count it: what its directory tells proves nothing.

    Raises TableFault for what is damaged, no workbook, or unpacks to more than the limits.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _check_directory(archive.infolist(), limits)
        _unpack(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        # RuntimeError is what an encrypted entry gives, NotImplementedError a packing nobody knows.
        raise damaged() from None
    return archive


def damaged() -> TableFault:
    """The fault of a workbook that cannot be read."""
    return TableFault("file.xlsx_damaged", "the workbook is damaged: open it, and save it as CSV UTF-8")


def too_large(why: str) -> TableFault:
    """The fault of a workbook of more than can be read."""
    return TableFault("file.xlsx_too_large", f"the workbook {why}: save it as CSV UTF-8")


def _check_directory(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = [entry.filename.lower() for entry in entries]
    if WORKBOOK not in names:
        raise TableFault("file.format", "this is a ZIP file and no workbook (.xlsx): unpack it first")
    if len(names) > limits.entries or len(set(names)) < len(names):
        raise _bomb()
    if sum(entry.file_size for entry in entries) > limits.unpacked:
        raise too_large(f"unpacks to more than {limits.unpacked >> 20} MB")


def _unpack(archive: zipfile.ZipFile, limits: Limits) -> None:
    left = limits.unpacked
    for entry in archive.infolist():
        with archive.open(entry) as packed:
            left -= _size(packed, entry.compress_size, left, limits)


def _size(packed: IO[bytes], compressed: int, most: int, limits: Limits) -> int:
    """The bytes of one entry, as far as the limits let it unpack."""
    size = 0
    while block := packed.read(_BLOCK):
        size += len(block)
        if size > most:
            raise too_large(f"unpacks to more than {limits.unpacked >> 20} MB")
        if size > _SMALL and size > limits.ratio * compressed:
            raise _bomb()
    return size


def _bomb() -> TableFault:
    return TableFault("file.zip_bomb", "the workbook is packed as no program packs one: save it as CSV UTF-8")
