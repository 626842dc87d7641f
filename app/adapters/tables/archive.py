"""What must hold of the ZIP archive that a workbook is, before anybody parses what is in it."""

import io
import zipfile
import zlib
from typing import Final

from app.adapters.tables.faults import TableFault
from app.adapters.tables.shapes import Limits

WORKBOOK: Final = "xl/workbook.xml"
WANTS_MORE: Final = "needs more memory or time than one is given"
# An entry below this many bytes may be packed as tightly as it likes.
_SMALL: Final = 1 << 20


def open_archive(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive of a workbook, unpacked once: what its directory tells proves nothing.

    Raises TableFault for what is damaged, no workbook, or unpacks to more than the limits.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _check_directory(archive.infolist(), limits)
        # No entry gives more than the directory tells, and one that tells too little is found out here.
        if archive.testzip() is not None:
            raise damaged()
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
    if any(_is_bomb(entry, limits) for entry in entries):
        raise _bomb()


def _is_bomb(entry: zipfile.ZipInfo, limits: Limits) -> bool:
    return entry.file_size > max(_SMALL, limits.ratio * entry.compress_size)


def _bomb() -> TableFault:
    return TableFault("file.zip_bomb", "the workbook is packed as no program packs one: save it as CSV UTF-8")
