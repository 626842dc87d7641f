"""API keys: `vr_<public id>_<secret>`, of which only the SHA-256 of the secret is stored."""

import hashlib
import hmac
import re
import secrets

_KEY = re.compile(r"vr_([0-9a-f]{16})_([0-9a-f]{64})")


def new_api_key() -> tuple[str, str, bytes]:
    """A new key: its public id, its full text (shown once) and what is stored of its 256-bit secret."""
    public_id, secret = secrets.token_hex(8), secrets.token_bytes(32)
    return public_id, f"vr_{public_id}_{secret.hex()}", hashlib.sha256(secret).digest()


def parse_api_key(text: str) -> tuple[str, bytes] | None:
    """The public id and secret of a key, or None where the text is no key."""
    match = _KEY.fullmatch(text)
    return (match[1], bytes.fromhex(match[2])) if match else None


def matches(secret: bytes, stored: bytes) -> bool:
    """Whether the stored SHA-256 is that of the secret; takes the same time either way."""
    return hmac.compare_digest(hashlib.sha256(secret).digest(), stored)
