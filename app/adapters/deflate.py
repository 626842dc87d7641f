"""Makes text small before it is sealed, and large again: the format is zlib's, the program Intel's ISA-L."""

from isal import isal_zlib
from isal.igzip_lib import IsalError


def deflate(text: bytes) -> bytes:
    """The text deflated, a receipt to a quarter; zlib takes two to three times as long for the same."""
    return isal_zlib.compress(text, level=1)


def inflate(deflated: bytes) -> bytes:
    """The text again; raises ValueError for what was not deflated, or not to its end."""
    try:
        return isal_zlib.decompress(deflated)
    except IsalError:  # type: ignore[misc]  # the stub calls the class a value
        raise ValueError("not deflated") from None
