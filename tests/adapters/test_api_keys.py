"""API keys are long, random, and known by the hash of their secret alone."""

import pytest

from app.adapters.api_keys import new_api_key, parse_api_key


def test_a_new_key_is_recognised_by_what_is_stored_of_it() -> None:
    text, stored = new_api_key()
    assert parse_api_key(text) == stored


def test_another_secret_is_not_recognised() -> None:
    text, stored = new_api_key()
    other = parse_api_key(text[:-1] + ("0" if text[-1] != "0" else "1"))
    assert other is not None
    assert other.public_id == stored.public_id
    assert other.secret_sha256 != stored.secret_sha256


def test_no_two_keys_are_alike() -> None:
    assert len({new_api_key()[0] for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "text", ["", "vr_", "vr__", "vr_0123456789abcdef_short", "xx_" + "0" * 81, f"vr_{'0' * 16}_{'0' * 64}\n"]
)
def test_what_is_no_key_is_not_parsed(text: str) -> None:
    assert parse_api_key(text) is None
