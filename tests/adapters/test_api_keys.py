"""API keys are long, random, and known by the hash of their secret alone."""

import pytest

from app.adapters.api_keys import matches, new_api_key, parse_api_key


def test_a_new_key_is_recognised_by_its_stored_hash() -> None:
    public_id, text, stored = new_api_key()
    parsed = parse_api_key(text)
    assert parsed is not None
    assert parsed[0] == public_id
    assert matches(parsed[1], stored)


def test_another_secret_is_not_recognised() -> None:
    _, _, stored = new_api_key()
    assert not matches(bytes(32), stored)


def test_no_two_keys_are_alike() -> None:
    assert len({new_api_key()[1] for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "text", ["", "vr_", "vr__", "vr_0123456789abcdef_short", "xx_" + "0" * 81, f"vr_{'0' * 16}_{'0' * 64}\n"]
)
def test_what_is_no_key_is_not_parsed(text: str) -> None:
    assert parse_api_key(text) is None
