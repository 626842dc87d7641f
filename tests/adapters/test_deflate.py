"""What is deflated is zlib's format: any program inflates it, and what older releases stored is read."""

import zlib

import pytest

from app.adapters.deflate import deflate, inflate

TEXT = b'{"facts":{"problemDomains":["debts"]}}' * 300


def test_what_is_deflated_is_small_and_what_zlib_reads() -> None:
    assert len(deflate(TEXT)) < len(TEXT) / 10
    assert zlib.decompress(deflate(TEXT)) == TEXT


def test_what_zlib_deflated_is_read() -> None:
    assert inflate(zlib.compress(TEXT, level=1)) == TEXT


@pytest.mark.parametrize("broken", [b"", b"no deflated text", deflate(TEXT)[:-1]])
def test_what_is_broken_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="not deflated"):
        inflate(broken)
