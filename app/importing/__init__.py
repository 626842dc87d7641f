"""The run of an import: rows are read, decided by a pool of processes, and stored chunk by chunk in order."""

from app.importing.pool import Producers, open_producers
from app.importing.readable import Readable, make_readable
from app.importing.run import run_import
from app.importing.told import Progress

__all__ = ["Producers", "Progress", "Readable", "make_readable", "open_producers", "run_import"]
