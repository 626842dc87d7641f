"""The keys of identity providers, from files (JWKS, RFC 7517) that are read again when they change."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import structlog
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from app.adapters.access_tokens import Keys
from app.errors import CannotStart

LOOK_EVERY: Final = 1.0  # seconds
_FEWEST_BITS: Final = 2048


class TokenKeys:
    """The pinned keys by issuer. A file that no longer fits leaves the keys of before in force."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        """Reads all files; raises CannotStart."""
        self._files = dict(files)
        self._stamps = {issuer: _stamp(file) for issuer, file in files.items()}
        self._keys = {issuer: read_keys(file) for issuer, file in files.items()}
        self._looked_at = time.monotonic()

    def current(self) -> Mapping[str, Keys]:
        """The keys by issuer and key id, as the files held them a second ago at most."""
        if time.monotonic() - self._looked_at >= LOOK_EVERY:
            self._looked_at = time.monotonic()
            for issuer, file in self._files.items():
                self._read_again(issuer, file)
        return self._keys

    def _read_again(self, issuer: str, file: Path) -> None:
        stamp = _stamp(file)
        if stamp == self._stamps[issuer]:
            return
        self._stamps[issuer] = stamp
        try:
            self._keys[issuer] = read_keys(file)
        except CannotStart:
            structlog.get_logger().warning("token_keys_stale")


def read_keys(file: Path) -> Keys:
    """The RSA keys of a file that are for signatures, by key id; raises CannotStart.

    Other keys of the provider are passed over. A private or symmetric key has no business here: who reads the
    file could make tokens with it.
    """
    try:
        entries = json.loads(file.read_text("utf-8"))["keys"]
        if any(entry["kty"] == "oct" or "d" in entry for entry in entries):
            raise CannotStart(f"{file} holds a secret key: give the public keys alone")
        keys = {
            entry["kid"]: RSAKey.import_key(entry)
            for entry in entries
            if entry["kty"] == "RSA" and entry.get("use", "sig") == "sig" and entry.get("kid")
        }
    except (OSError, JoseError, KeyError, TypeError, AttributeError, ValueError):
        raise CannotStart(f"{file} is no readable JWKS") from None
    if not keys or any(key.public_key.key_size < _FEWEST_BITS for key in keys.values()):
        raise CannotStart(f"{file} needs RSA keys of {_FEWEST_BITS} bits or more, each with a kid")
    return keys


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """What tells one content of a file from the next; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
