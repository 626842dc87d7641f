"""What a client has left to ask, as headers (draft-ietf-httpapi-ratelimit-headers-10)."""

from typing import Final

from app.services.quotas import Allowance

POLICY: Final = "default"


def limit_headers(allowance: Allowance) -> list[tuple[bytes, bytes]]:
    """`RateLimit-Policy` and `RateLimit`: lists of structured fields, here of one policy."""
    quota = allowance.quota
    return [
        (b"ratelimit-policy", f'"{POLICY}";q={quota.requests};w={quota.seconds}'.encode()),
        (b"ratelimit", f'"{POLICY}";r={allowance.remaining};t={allowance.reset}'.encode()),
    ]
