"""Sealed text opens at its own place with its own key, and nowhere else."""

from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag

from app.adapters.encryption import KeyMissing, Keyring

PLACE = {"table": "referral", "column": "reason", "row": "a/1"}
SCHOOL, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring({"old": bytes(range(32)), "new": bytes(range(1, 33))}, "new", bytes(range(2, 34)))


def test_what_was_sealed_opens_at_its_place(keyring: Keyring) -> None:
    key, wrapped, key_id = keyring.new_data_key("a/1")
    sealed = key.encrypt(b"Voorbeeld", **PLACE)
    assert keyring.open_data_key(key_id, wrapped, "a/1").decrypt(sealed, **PLACE) == b"Voorbeeld"


def test_the_same_text_is_never_sealed_the_same_way(keyring: Keyring) -> None:
    key, _, _ = keyring.new_data_key("a/1")
    assert key.encrypt(b"Voorbeeld", **PLACE) != key.encrypt(b"Voorbeeld", **PLACE)


@pytest.mark.parametrize("moved", [{"table": "decision"}, {"column": "identity"}, {"row": "a/2"}])
def test_text_that_was_moved_to_another_place_is_refused(keyring: Keyring, moved: dict[str, str]) -> None:
    key, _, _ = keyring.new_data_key("a/1")
    sealed = key.encrypt(b"Voorbeeld", **PLACE)
    with pytest.raises(InvalidTag):
        key.decrypt(sealed, **(PLACE | moved))


def test_a_changed_byte_is_refused(keyring: Keyring) -> None:
    key, _, _ = keyring.new_data_key("a/1")
    sealed = bytearray(key.encrypt(b"Voorbeeld", **PLACE))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        key.decrypt(bytes(sealed), **PLACE)


def test_a_wrapped_key_opens_for_its_own_row_alone(keyring: Keyring) -> None:
    _, wrapped, key_id = keyring.new_data_key("a/1")
    with pytest.raises(InvalidTag):
        keyring.open_data_key(key_id, wrapped, "b/1")


def test_a_key_that_is_no_longer_active_still_opens() -> None:
    keys = {"old": bytes(range(32)), "new": bytes(range(1, 33))}
    key, wrapped, key_id = Keyring(keys, "old", bytes(32)).new_data_key("a/1")
    sealed = key.encrypt(b"Voorbeeld", **PLACE)
    rotated = Keyring(keys, "new", bytes(32))
    assert rotated.open_data_key(key_id, wrapped, "a/1").decrypt(sealed, **PLACE) == b"Voorbeeld"


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring({"short": bytes(16)}, "short", bytes(32))


def test_an_index_finds_the_same_text_within_one_organisation_and_purpose(keyring: Keyring) -> None:
    index = keyring.index("source_reference", SCHOOL, "sis-1")
    assert index == keyring.index("source_reference", SCHOOL, "sis-1")
    assert index != keyring.index("source_reference", OTHER, "sis-1")
    assert index != keyring.index("idempotency_key", SCHOOL, "sis-1")


def test_an_index_depends_on_the_key(keyring: Keyring) -> None:
    other = Keyring({"new": bytes(32)}, "new", bytes(32))
    assert keyring.index("content", SCHOOL, b"{}") != other.index("content", SCHOOL, b"{}")


def test_a_data_key_wrapped_anew_opens_what_it_sealed_and_needs_the_old_key_no_more() -> None:
    keys = {"old": bytes(range(32)), "new": bytes(range(1, 33))}
    key, wrapped, key_id = Keyring(keys, "old", bytes(32)).new_data_key("a/1")
    sealed = key.encrypt(b"Voorbeeld", **PLACE)
    anew = Keyring(keys, "new", bytes(32)).wrap_anew(key_id, wrapped, "a/1")
    alone = Keyring({"new": keys["new"]}, "new", bytes(32))
    assert alone.open_data_key("new", anew, "a/1").decrypt(sealed, **PLACE) == b"Voorbeeld"


def test_a_wrapped_key_of_another_row_is_not_wrapped_anew(keyring: Keyring) -> None:
    _, wrapped, key_id = keyring.new_data_key("a/1")
    with pytest.raises(InvalidTag):
        keyring.wrap_anew(key_id, wrapped, "b/1")


def test_a_key_that_is_not_in_the_settings_is_named(keyring: Keyring) -> None:
    with pytest.raises(KeyMissing, match="gone"):
        keyring.open_data_key("gone", b"", "a/1")
