"""OAuth 2.0 access tokens by the NL GOV profile: which are good, and what they say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a good token says: who issued it, to which client, and for which of its roles."""

    issuer: str
    client_id: str
    roles: frozenset[str]
