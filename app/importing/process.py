"""What a producing process holds: rules and keys from its start, and the edition that it was last told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.config import Settings, keyring_of, ledger_of
from app.importing.aside import settle_in, unpack_edition
from app.routing import Rulebook, rulebook_from
from app.services.deciding import Deciding
from app.services.references import Edition


@dataclass(frozen=True, slots=True)
class Moment:
    """The day and the moment at which rows are decided."""

    today: date
    now: datetime


class _Process:
    """The one of this process."""

    def __init__(self, settings: Settings, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.keyring = keyring_of(settings)
        self.ledger = ledger_of(settings, self.keyring)
        self.edition: Edition | None = None


_held: list[_Process] = []


def begin(settings: Settings, rulebook_files: Mapping[str, str]) -> None:
    """Makes this process ready; it ends with its parent, whatever ends that."""

    def prepare() -> None:
        _held[:] = [_Process(settings, rulebook_from(rulebook_files))]

    settle_in(prepare)


def use_edition(packed: bytes) -> None:
    """From here on this edition is decided with."""
    _held[0].edition = unpack_edition(packed)


def deciding_at(moment: Moment) -> Deciding:
    """What rows are decided with at a moment."""
    held = _held[0]
    assert held.edition is not None
    directory, reference = held.edition
    return Deciding(held.rulebook, directory, reference, held.keyring, held.ledger, moment.today, moment.now)
