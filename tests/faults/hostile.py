"""Bodies that are made to cost time or memory rather than to say something."""

import json
from typing import Final

from bench.stage import REFERRAL

SIZE: Final = 1_000_000


def _member(name: str, value: str) -> bytes:
    """The example with another value of a member, written as it is."""
    others = {other: kept for other, kept in REFERRAL.items() if other != name}
    return json.dumps(others)[:-1].encode() + f', "{name}": {value}}}'.encode()


_BODIES: Final = {
    "deep lists": b"[" * SIZE,
    "deep objects": b'{"a":' * (SIZE // 5),
    "a million items": _member("problemDomains", json.dumps([1] * (SIZE // 3))),
    "many bad items": _member("consents", json.dumps([{}] * (SIZE // 4))),
    "many bad items, twice": _member("again", json.dumps([{}] * (SIZE // 4))).replace(b"again", b"reason"),
    "many members": json.dumps({f"k{number}": 1 for number in range(SIZE // 14)}).encode(),
    "one member over and over": b'{"a":1' + b',"a":1' * (SIZE // 6) + b"}",
    "a long text": _member("reason", f'"{"a" * (SIZE - 2000)}"'),
    "escapes": _member("reason", f'"{chr(92)}u0000{(chr(92) + "ud800") * (SIZE // 6 - 500)}"'),
    "digits": _member("reason", "9" * (SIZE - 2000)),
    "spaces": b" " * SIZE,
    "no text": bytes(range(256)) * (SIZE // 256),
    "too large": b" " * (2 * SIZE),
}
KINDS: Final = tuple(_BODIES)


def hostile_body(kind: str) -> bytes:
    """The body of a kind, of about a megabyte: as much as the service reads."""
    return _BODIES[kind]
