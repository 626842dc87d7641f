"""OAuth 2.0 access tokens by the NL GOV profile: which are good, and what they say."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

# RS256 must be taken, PS256 should be (NL GOV Assurance profile for OAuth 2.0, 3.2.1). Of both the key is RSA
# and public: what is public can then be no secret of an HMAC, and `none` is no algorithm.
ALGORITHMS: Final = frozenset({"RS256", "PS256"})
# A header that says more is refused, above all one that brings keys (jwk, jku, x5c, x5u) or changes what the
# signature covers (b64, crit).
_HEADER: Final = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
LONGEST: Final = 4096  # characters
LEEWAY: Final = 10  # seconds that two clocks may differ
LONGEST_LIFE: Final = 6 * 3600  # seconds, of a token by client credentials
_ID: Final = range(1, 256)  # characters
_JTI: Final = range(22, 256)  # 128 random bits in base64url are 22 characters
_LAST_MOMENT: Final = 1 << 40  # seconds; no clock of ours comes there
_SCOPE: Final = "verwijsroute."

Keys = Mapping[str, RSAKey]


class BadToken(ValueError):
    """A token that is not good; says no more, for a reason helps who is trying."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a good token says: who issued it, to which client, and for which roles."""

    issuer: str
    client_id: str
    roles: frozenset[str]


def scope_of(role: str) -> str:
    """The scope that lets a token's client act in a role."""
    return f"{_SCOPE}{role}"


def read_token(text: str, keys_of: Mapping[str, Keys], audience: str, now: float) -> AccessToken:
    """What a token says, once its signature and every claim are good; raises BadToken.

    `keys_of` are the pinned keys by issuer and key id, and no others are ever looked for; `audience` is who
    we are; `now` is in seconds since 1970.

    `jti` must be there, and is not remembered: a bearer token is meant to be sent again until it expires, and
    that it is never given to two tokens is for its issuer to keep.
    """
    if len(text) > LONGEST:
        raise BadToken
    try:
        header, claims = map(_object, text.split(".")[:2])
        key = keys_of[claims["iss"]][header["kid"]]
        if (
            header["typ"] not in _TYPES
            or not _HEADER.issuperset(header)
            or key.alg not in (None, header["alg"])
        ):
            raise BadToken
        jws.deserialize_compact(text, key, algorithms=ALGORITHMS)
    except (JoseError, KeyError, TypeError, ValueError, RecursionError):
        raise BadToken from None
    _check_times(claims, now)
    _check_audience(claims.get("aud"), audience)
    _text(claims.get("sub"), _ID)
    _text(claims.get("jti"), _JTI)
    return AccessToken(claims["iss"], _client_of(claims), _roles_of(claims.get("scope", "")))


def _object(part: str) -> dict[str, Any]:
    """The JSON object in a part; no name stands there twice, for readers would differ about which counts."""
    text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    found = json.loads(text, object_pairs_hook=_once)
    if not isinstance(found, dict):
        raise BadToken
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadToken
    return found


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    """Valid now, by clocks that may differ a little, and not for longer than a client's token may be."""
    issued, expires = _moment(claims.get("iat")), _moment(claims.get("exp"))
    begins = _moment(claims["nbf"]) if "nbf" in claims else issued
    if max(issued, begins) > now + LEEWAY or expires <= now - LEEWAY:
        raise BadToken
    if not 0 < expires - issued <= LONGEST_LIFE:
        raise BadToken


def _moment(value: Any) -> float:
    """Seconds since 1970; text and booleans are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LAST_MOMENT:
        raise BadToken
    return value


def _check_audience(value: Any, audience: str) -> None:
    audiences = value if isinstance(value, list) else [value]
    if audience not in audiences or not all(isinstance(one, str) for one in audiences):
        raise BadToken


def _client_of(claims: Mapping[str, Any]) -> str:
    """The client by `client_id` (RFC 9068) or `azp` (NL GOV); where both are there they agree."""
    named = [claims[name] for name in ("client_id", "azp") if name in claims]
    client_id = _text(named[0] if named else None, _ID)
    if any(name != client_id for name in named):
        raise BadToken
    return client_id


def _roles_of(scope: Any) -> frozenset[str]:
    """The roles that scopes of ours name; scopes of others are passed over."""
    if not isinstance(scope, str):
        raise BadToken
    return frozenset(one.removeprefix(_SCOPE) for one in scope.split(" ") if one.startswith(_SCOPE))


def _text(value: Any, length: range) -> str:
    if not isinstance(value, str) or len(value) not in length:
        raise BadToken
    return value
