"""API keys: `vr_<public id>_<secret>`, of which only the SHA-256 of the secret is stored."""

import hashlib
import re
import secrets
from typing import NamedTuple

_KEY = re.compile(r"vr_([0-9a-f]{16})_([0-9a-f]{64})")


class ApiKey(NamedTuple):
    """A key as it is known: by its public id and the SHA-256 of its secret."""

    public_id: str
    secret_sha256: bytes


def new_api_key() -> tuple[str, ApiKey]:
    """A new key: its full text (shown once), and what is stored of it; the secret has 256 random bits."""
    public_id, secret = secrets.token_hex(8), secrets.token_bytes(32)
    return f"vr_{public_id}_{secret.hex()}", ApiKey(public_id, hashlib.sha256(secret).digest())


def new_registration_id() -> str:
    """The public id of an OAuth client: like that of a key, and never the public id of one."""
    return f"oauth{secrets.token_hex(6)}"


def parse_api_key(text: str) -> ApiKey | None:
    """The key of a text, or None where the text is no key."""
    match = _KEY.fullmatch(text)
    return ApiKey(match[1], hashlib.sha256(bytes.fromhex(match[2])).digest()) if match else None
