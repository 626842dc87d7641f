"""Where outgoing requests may go by their address: https, a name of the public DNS, port 443."""

import re
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 500
# A name of at least two labels, the last of which starts with a letter: no text that some resolver reads as
# a number is one. No user, no query, no fragment: a secret in an address ends in the logs of the receiver.
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = rf"(?=.{{4,253}}(?:[:/]|$))(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])"
_PATH: Final = r"(?P<path>(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*)"
_PUBLIC: Final = re.compile(rf"(?P<scheme>https)://(?P<host>{_NAME})(?P<port>:443)?{_PATH}")
_LOOPBACK: Final = re.compile(
    rf"(?P<scheme>https?)://(?P<host>localhost|127\.0\.0\.1|\[::1\])(?P<port>:[0-9]{{1,5}})?{_PATH}"
)


class Refused(ValueError):
    """An address that nothing is sent to; says no more, for the address may hold a secret."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be tried: its parts as they go on the wire."""

    scheme: str
    host: str
    port: int
    path: str


def parse_target(url: str, *, allow_loopback: bool = False) -> Target:
    """The target of an address in ASCII; raises Refused.

    `allow_loopback` also takes http and https on any port of this machine: for development.
    """
    if len(url) > MAX_LENGTH:
        raise Refused
    found = _PUBLIC.fullmatch(url) or (_LOOPBACK.fullmatch(url) if allow_loopback else None)
    if found is None:
        raise Refused
    port = int(found["port"][1:]) if found["port"] else {"https": 443, "http": 80}[found["scheme"]]
    if not 0 < port < 65536:
        raise Refused
    return Target(found["scheme"], found["host"].strip("[]"), port, found["path"] or "/")
