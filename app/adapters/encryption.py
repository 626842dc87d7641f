"""Encryption of identity and free text: a data key for each referral, wrapped by a key from a setting."""

import hmac
import secrets
from collections.abc import Mapping
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32


class KeyMissing(KeyError):
    """Something is sealed under a key that is not in the settings; the argument is the id of that key."""


def _seal(cipher: AESGCM, plaintext: bytes, place: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plaintext, place.encode())


def _open(cipher: AESGCM, sealed: bytes, place: str) -> bytes:
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())


class DataKey:
    """The key of one referral: AES-256-GCM, a random nonce in front, bound to table, column and row."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, plaintext: bytes, *, table: str, column: str, row: str) -> bytes:
        """Ciphertext that opens at this place alone: 12 bytes nonce, the text, 16 bytes tag."""
        return _seal(self._cipher, plaintext, f"{table}|{column}|{row}")

    def decrypt(self, sealed: bytes, *, table: str, column: str, row: str) -> bytes:
        """The plaintext; raises `cryptography.exceptions.InvalidTag` for another key, text or place."""
        return _open(self._cipher, sealed, f"{table}|{column}|{row}")


class Keyring:
    """The keys of the settings: those that wrap data keys, by id, and the one of the indexes.

    New data keys are wrapped by the active key; the others only open what they wrapped. Random
    nonces are safe for 2**32 data keys under one wrapping key (NIST SP 800-38D, 8.3).
    """

    def __init__(self, keys: Mapping[str, bytes], active: str, index_key: bytes) -> None:
        if any(len(key) != KEY_BYTES for key in (*keys.values(), index_key)):
            raise ValueError(f"every key is {KEY_BYTES} bytes long")
        self._wrapping = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._active = (active, self._wrapping[active])
        self._index_key = index_key

    def new_data_key(self, row: str) -> tuple[DataKey, bytes, str]:
        """A fresh data key for a row, the same key wrapped for storage, and the id of its wrapping key."""
        key = secrets.token_bytes(KEY_BYTES)
        key_id, wrapping = self._active
        return DataKey(key), _seal(wrapping, key, f"data_key|{key_id}|{row}"), key_id

    def open_data_key(self, key_id: str, wrapped: bytes, row: str) -> DataKey:
        """The data key of a row; raises KeyMissing for an unknown key id, InvalidTag for another row."""
        return DataKey(self._unwrapped(key_id, wrapped, row))

    def wrap_anew(self, key_id: str, wrapped: bytes, row: str) -> bytes:
        """The same data key under the active key, for the same row; raises as `open_data_key` does."""
        active, wrapping = self._active
        return _seal(wrapping, self._unwrapped(key_id, wrapped, row), f"data_key|{active}|{row}")

    @property
    def active(self) -> str:
        """The id of the key that wraps new data keys."""
        return self._active[0]

    def has(self, key_id: str) -> bool:
        """Whether what this key wrapped can be opened."""
        return key_id in self._wrapping

    def _unwrapped(self, key_id: str, wrapped: bytes, row: str) -> bytes:
        if key_id not in self._wrapping:
            raise KeyMissing(key_id)
        return _open(self._wrapping[key_id], wrapped, f"data_key|{key_id}|{row}")

    def index(self, purpose: str, owner: UUID | str, text: str | bytes) -> bytes:
        """A keyed index, HMAC-SHA256, 32 bytes: the same for the same text, owner and purpose.

        The owner is an organisation by its id or a municipality by its code, one kind for each purpose.
        Without the index key nobody can guess from it what the text was.
        """
        content = text.encode() if isinstance(text, str) else text
        whose = owner.encode() if isinstance(owner, str) else owner.bytes
        message = b"\0".join((purpose.encode(), whose, content))
        return hmac.digest(self._index_key, message, "sha256")
