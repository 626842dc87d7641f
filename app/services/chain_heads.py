"""The heads of all chains as they are kept outside the database, under a code that needs the index key."""

import asyncio
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from app.adapters.encryption import Keyring
from app.adapters.trust_folder import read_file, replace_file
from app.errors import HeadsDamaged, HeadsUnreachable
from app.services.chain_links import START, Head

FILE: Final = "access-log-heads.json"


@dataclass(frozen=True, slots=True)
class Anchor:
    """One chain: its `head`; the last row that its term has ended, `cut`, from which on rows are kept."""

    head: Head
    cut: Head = START


@dataclass(frozen=True, slots=True)
class Restart:
    """A chain that was accepted with another head than was anchored, as after a restore, and when."""

    organisation_id: UUID
    at: str
    had: Head
    has: Head


@dataclass(frozen=True, slots=True)
class Heads:
    """The anchored chains by organisation: no more and no fewer than there are."""

    anchors: Mapping[UUID, Anchor] = field(default_factory=dict)
    restarts: tuple[Restart, ...] = ()

    def with_anchors(self, anchors: Mapping[UUID, Anchor]) -> "Heads":
        """The same with these chains instead of what they were."""
        return replace(self, anchors={**self.anchors, **anchors})


async def read_heads(folder: Path, keyring: Keyring) -> Heads | None:
    """The heads that were kept last, None where none ever were.

    Raises HeadsDamaged where somebody without the key has written them, and HeadsUnreachable.
    """
    with _naming_failures():
        content = await asyncio.to_thread(read_file, folder, FILE)
    if content is None:
        return None
    try:
        kept = json.loads(content)
        if not hmac.compare_digest(bytes.fromhex(kept.pop("code")), _code(keyring, kept)):
            raise HeadsDamaged
        return _from_plain(kept)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise HeadsDamaged from None


async def keep_heads(folder: Path, keyring: Keyring, heads: Heads) -> None:
    """Keeps them; on the disk when this returns. Raises HeadsUnreachable."""
    plain = _to_plain(heads)
    content = json.dumps({**plain, "code": _code(keyring, plain).hex()}, indent=1).encode()
    with _naming_failures():
        await asyncio.to_thread(replace_file, folder, FILE, content)


@contextmanager
def _naming_failures() -> Iterator[None]:
    """A disk that fails inside of a transaction would be taken for the database."""
    try:
        yield
    except OSError as error:
        raise HeadsUnreachable(type(error).__name__) from error


def _code(keyring: Keyring, plain: Mapping[str, Any]) -> bytes:
    return keyring.index("access_log_heads", "", json.dumps(plain, sort_keys=True))


def _to_plain(heads: Heads) -> dict[str, Any]:
    return {
        "version": 1,
        "chains": {
            str(id): {"head": _of_head(anchor.head), "cut": _of_head(anchor.cut)}
            for id, anchor in sorted(heads.anchors.items())
        },
        "restarts": [
            {
                "organisation": str(restart.organisation_id),
                "at": restart.at,
                "had": _of_head(restart.had),
                "has": _of_head(restart.has),
            }
            for restart in heads.restarts
        ],
    }


def _from_plain(plain: Mapping[str, Any]) -> Heads:
    anchors = {
        UUID(id): Anchor(_to_head(chain["head"]), _to_head(chain["cut"]))
        for id, chain in plain["chains"].items()
    }
    restarts = (
        Restart(UUID(one["organisation"]), one["at"], _to_head(one["had"]), _to_head(one["has"]))
        for one in plain["restarts"]
    )
    return Heads(anchors, tuple(restarts))


def _of_head(head: Head) -> dict[str, Any]:
    return {"number": head.number, "hash": head.hash.hex()}


def _to_head(plain: Mapping[str, Any]) -> Head:
    return Head(int(plain["number"]), bytes.fromhex(plain["hash"]))
