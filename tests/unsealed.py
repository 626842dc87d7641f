"""What bytes tell whoever has no key: as they are, and inflated, for a search does not see deflated text."""

import re
import zlib
from collections.abc import Iterable
from typing import Final

EITHER_HEAD: Final = 32 + zlib.MAX_WBITS
_BYTES_OF_DUMP: Final = re.compile(rb"\\x((?:[0-9a-f]{2})+)")


def inflated(value: bytes) -> bytes:
    """What zlib or gzip made small, as far as it goes; nothing where neither did."""
    try:
        return zlib.decompressobj(EITHER_HEAD).decompress(value)
    except zlib.error:
        return b""


def readable(value: bytes) -> bool:
    """Whether it is text, as it is or inflated; ciphertext is neither."""
    try:
        return bool(inflated(value) or value.decode())
    except UnicodeDecodeError:
        return False


def told_by(values: Iterable[bytes]) -> bytes:
    """All that can be searched of values that should be sealed."""
    return b"\n".join(part for value in values for part in (value, inflated(value)))


def told_by_dump(sql: bytes) -> bytes:
    """The same of a dump in SQL, where bytes are hexadecimal digits."""
    return told_by(bytes.fromhex(digits.decode()) for digits in _BYTES_OF_DUMP.findall(sql))
