"""What a producing process holds: rules and keys from its start, and the edition that it was last told."""

import gc
import os
import pickle
import signal
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from multiprocessing import parent_process
from typing import Final

from app.config import Settings, keyring_of, ledger_of
from app.reference import open_reference, read_reference
from app.routing import Directory, Rulebook, rulebook_from
from app.services.deciding import Deciding
from app.services.references import Edition

# An import has time: requests on the same machine go before.
NICENESS: Final = 10
# Objects that are made before they are looked through for rings: a row makes thousands, and hardly a ring.
COLLECT_AFTER: Final = (50_000, 20, 100)


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
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which finishes its chunk
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(NICENESS)
    _held[:] = [_Process(settings, rulebook_from(rulebook_files))]
    open_reference()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def pack_edition(edition: Edition) -> bytes:
    """An edition as it travels: its places belong to its reference, which travels unless it is shipped."""
    directory, reference = edition
    files = None if reference.hash == open_reference().hash else dict(reference.files)
    return pickle.dumps((replace(directory, places={}), files))


def use_edition(packed: bytes) -> None:
    """From here on this edition is decided with."""
    directory: Directory
    directory, files = pickle.loads(packed)  # noqa: S301  from our own parent
    reference = read_reference(files) if files else open_reference()
    _held[0].edition = Edition(replace(directory, places=reference.places), reference)


def deciding_at(moment: Moment) -> Deciding:
    """What rows are decided with at a moment."""
    held = _held[0]
    assert held.edition is not None
    directory, reference = held.edition
    return Deciding(held.rulebook, directory, reference, held.keyring, held.ledger, moment.today, moment.now)


def _end_with_parent() -> None:
    """A parent that was killed cannot end its children: they would wait for rows forever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
