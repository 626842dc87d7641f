"""An identity provider for tests: its keys, and tokens of every make."""

import base64
import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from joserfc import jws
from joserfc.jwk import RSAKey

ISSUER: Final = "https://aanmelden.example"
AUDIENCE: Final = "https://verwijsroute.example/v1"
CLIENT: Final = "sis-00zz"
HOUR: Final = 3600

Json = dict[str, Any]


def encoded(value: bytes | Json) -> str:
    """Base64url without padding, of bytes or of an object as JSON."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    """Issues tokens with a key of its own; what is asked otherwise goes in as it is, and None is left out."""

    def __init__(self, key: RSAKey, now: float) -> None:
        self.key = key
        self.now = int(now)

    def jwks(self) -> Json:
        """The public key as it is published."""
        return {"keys": [{**self.key.as_dict(private=False), "kid": "k1", "use": "sig"}]}

    def publish(self, file: Path) -> Path:
        """Writes the public key to a file."""
        file.write_text(json.dumps(self.jwks()), "utf-8")
        return file

    def claims(self, **changes: Any) -> Json:
        """What a good token claims, with changes."""
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": CLIENT,
            "client_id": CLIENT,
            "iat": self.now,
            "exp": self.now + HOUR,
            "jti": "2402f87c-b6ce-45c4-95b0-7a3f2904997f",
            "scope": "verwijsroute.referrer",
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def header(self, **changes: Any) -> Json:
        """The header of a good token, with changes."""
        header = {"alg": "RS256", "kid": "k1", "typ": "at+jwt"} | changes
        return {name: value for name, value in header.items() if value is not None}

    def token(self, header: Mapping[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
        """A token with changes to its header and claims, signed with a key."""
        return self.signed(self.header(**(header or {})), json.dumps(self.claims(**claims)), key)

    def signed(self, header: Json | str, payload: str, key: Any = None) -> str:
        """A token of whatever header and payload; a key of bytes is a shared secret."""
        text = header if isinstance(header, str) else json.dumps(header)
        content = f"{encoded(text.encode())}.{encoded(payload.encode())}"
        if isinstance(key, bytes):
            signature = hmac.digest(key, content.encode(), "sha256")
        else:
            signature = jws.JWSRegistry.algorithms[json.loads(text)["alg"]].sign(
                content.encode(), key or self.key
            )
        return f"{content}.{encoded(signature)}"
