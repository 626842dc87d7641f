"""A process that decides receipts anew: what it holds from its start, and one group after the other."""

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.adapters.encryption import Keyring
from app.config import Settings, keyring_of
from app.importing.aside import settle_in, unpack_edition
from app.routing import Directory, Rulebook, routes_of, rulebook_from
from app.services.impact.mark import mark_of
from app.services.impact.other import Other
from app.services.impact.receipts import UNREADABLE, Kept, open_receipt
from app.services.impact.tally import Tally

EDITIONS_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Receipts of one rulebook and one edition, as both travel; None where they are not kept any more."""

    kept: Sequence[Kept]
    rulebook_files: Mapping[str, str] | None
    edition: bytes | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a group: the counts, and a line of JSON for each referral that changes."""

    tally: Tally
    lines: bytes


class _Process:
    """The one of this process."""

    def __init__(self, keyring: Keyring, other: Other) -> None:
        self.keyring = keyring
        self.other = other
        self.rulebooks: dict[str, Rulebook] = {}
        self.directories: OrderedDict[int, Directory] = OrderedDict()

    def rulebook(self, hash: str, files: Mapping[str, str]) -> Rulebook:
        if hash not in self.rulebooks:
            self.rulebooks[hash] = rulebook_from(files)
        return self.rulebooks[hash]

    def directory(self, number: int, packed: bytes) -> Directory:
        """The edition with what changes in it; the last few are kept, with all that was found in them."""
        if number not in self.directories:
            self.directories[number] = self.other.directory(unpack_edition(packed).directory)
        self.directories.move_to_end(number)
        if len(self.directories) > EDITIONS_KEPT:
            self.directories.popitem(last=False)
        return self.directories[number]


_held: list[_Process] = []


def begin(settings: Settings, other: Other) -> None:
    """Makes this process ready; it ends with its parent, whatever ends that."""
    settle_in(lambda: hold(settings, other))


def hold(settings: Settings, other: Other) -> None:
    """From here on this process decides with these keys, and with what is put in place."""
    _held[:] = [_Process(keyring_of(settings), other)]


def decide_anew(group: Group) -> Found:
    """What would be decided of these receipts, beside what was."""
    held, tally, lines = _held[0], Tally(), []
    if group.rulebook_files is None or group.edition is None:
        return Found(Tally(unreadable=len(group.kept)), b"")
    first = group.kept[0]
    rulebook = held.rulebook("" if held.other.rulebook_files else first.rulebook_hash, group.rulebook_files)
    directory = held.directory(first.edition, group.edition)
    for kept in group.kept:
        try:
            opened = open_receipt(kept, held.keyring)
        except UNREADABLE:
            tally.unreadable += 1
            continue
        routes = routes_of(opened.facts, rulebook, directory, opened.on, opened.today)
        changes = tally.weigh(opened.routes, tuple(map(mark_of, routes)))
        if changes:
            line = {"referralId": str(kept.referral_id), "changes": changes}
            lines.append(json.dumps(line, separators=(",", ":")) + "\n")
    return Found(tally, "".join(lines).encode())
