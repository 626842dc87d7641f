"""The ledger of erasures: a file outside the database, so that a backup put back is erased again."""

import fcntl
import hmac
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

FILE: Final = "erasures.jsonl"
_VERSION: Final = 1
_LONGEST_LINE: Final = 1024  # bytes; a line has some 280


class LedgerBroken(Exception):
    """The file cannot be read, or was changed, cut or replaced: a line does not follow from that before."""


@dataclass(frozen=True, slots=True)
class Place:
    """Behind a line of the ledger: how many bytes lie before, and what seals the last of them."""

    bytes: int = 0
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One erasure: of which referral of which organisation, when and why; of nobody by name."""

    referral_id: UUID
    organisation_id: UUID
    at: datetime
    because: str


class ErasureLedger:
    """Lines of JSON, each sealed with the seal of the one before; several hosts may share the file.

    `seal` is a keyed hash of text. All methods touch the disk, and `append` waits for it: not for the loop.
    """

    def __init__(self, folder: Path, seal: Callable[[str], str]) -> None:
        self._path = folder / FILE
        self._seal = seal

    def append(self, entry: Entry) -> None:
        """Adds an erasure, and returns once the disk has it. Raises OSError and LedgerBroken."""
        with self._locked() as file:
            before = _last_mac(file)
            told = _plain(entry)
            line = json.dumps({**told, "mac": self._mac(before, told)}, separators=(",", ":"))
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def entries(self, after: Place = Place()) -> Iterator[tuple[Entry, Place]]:
        """The erasures after a place, each with the place behind it.

        A last line without its end is none: the erasure it tells of was not committed. Raises LedgerBroken.
        """
        if not self._path.exists() and not after.bytes:
            return
        with self._open() as file:
            if file.seek(0, os.SEEK_END) < after.bytes:
                raise LedgerBroken
            file.seek(after.bytes)
            place = after
            while (line := file.readline(_LONGEST_LINE)).endswith(b"\n"):
                entry, mac = self._read(line, place.mac)
                place = Place(place.bytes + len(line), mac)
                yield entry, place
            if len(line) == _LONGEST_LINE:
                raise LedgerBroken

    def _open(self) -> BinaryIO:
        try:
            return self._path.open("rb")
        except OSError:
            raise LedgerBroken from None

    def _read(self, line: bytes, before: str) -> tuple[Entry, str]:
        try:
            told = json.loads(line)
            mac = str(told.pop("mac"))
            entry = Entry(
                UUID(told["referral"]),
                UUID(told["organisation"]),
                datetime.fromisoformat(told["at"]),
                told["because"],
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LedgerBroken from None
        if not hmac.compare_digest(mac, self._mac(before, told)):
            raise LedgerBroken
        return entry, mac

    def _mac(self, before: str, told: dict[str, Any]) -> str:
        return self._seal(before + json.dumps(told, separators=(",", ":"), sort_keys=True))

    @contextmanager
    def _locked(self) -> Iterator[BinaryIO]:
        """The file at its end, held by nobody else; the folder's entry of a new one reaches the disk too."""
        is_new = not self._path.exists()
        if is_new:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if is_new:
                _sync_folder(self._path.parent)
            yield file


def _plain(entry: Entry) -> dict[str, Any]:
    return {
        "v": _VERSION,
        "referral": str(entry.referral_id),
        "organisation": str(entry.organisation_id),
        "at": entry.at.isoformat(),
        "because": entry.because,
    }


def _last_mac(file: BinaryIO) -> str:
    """The seal of the last whole line; what a crash left of another is cut off."""
    size = file.seek(0, os.SEEK_END)
    begins = max(0, size - 2 * _LONGEST_LINE)
    file.seek(begins)
    whole, newline, rest = file.read().rpartition(b"\n")
    if rest:
        file.truncate(size - len(rest))
    file.seek(0, os.SEEK_END)
    if not newline:
        if begins:
            raise LedgerBroken
        return ""
    try:
        return str(json.loads(whole.rpartition(b"\n")[2])["mac"])
    except (ValueError, KeyError, TypeError):
        raise LedgerBroken from None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
