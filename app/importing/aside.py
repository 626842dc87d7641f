"""A process beside the one that asks: ready once, after requests in its turn, ended with its parent."""

import gc
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context, parent_process
from types import ModuleType
from typing import Any, Final

from app.reference import open_reference, read_reference
from app.routing import Directory
from app.services.references import Edition

# What is worked off has time: requests on the same machine go before.
NICENESS: Final = 10
# Objects that are made before they are looked through for rings: a decision makes thousands and no ring.
COLLECT_AFTER: Final = (50_000, 20, 100)


def start_processes(count: int, begin: Callable[..., None], *about: Any) -> ProcessPoolExecutor:
    """So many processes, each begun with what it is about.

    Not forked: the parent has threads, and connections that are its own.
    """
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=begin, initargs=about)
    with _of_no_program():
        for _ in range(count):  # each is started with the first work for it
            pool.submit(int)
    return pool


def settle_in(prepare: Callable[[], None]) -> None:
    """Makes this process ready; it ends with its parent, whatever ends that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which finishes what it began
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(NICENESS)
    prepare()
    open_reference()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def pack_edition(edition: Edition) -> bytes:
    """An edition as it travels: its places belong to its reference, which travels unless it is shipped."""
    directory, reference = edition
    files = None if reference.hash == open_reference().hash else dict(reference.files)
    return pickle.dumps((replace(directory, places={}), files))


def unpack_edition(packed: bytes) -> Edition:
    """The edition that was packed."""
    directory: Directory
    directory, files = pickle.loads(packed)  # noqa: S301  from our own parent
    reference = read_reference(files) if files else open_reference()
    return Edition(replace(directory, places=reference.places), reference)


@contextmanager
def _of_no_program() -> Iterator[None]:
    """Processes that are started in the block do not import the program that starts them, all its doors."""
    program, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = program


def _end_with_parent() -> None:
    """A parent that was killed cannot end its children: they would wait for work forever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
