"""What keeps a file from being imported, or from going on, as one message."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.adapters.tables import TableFault
from app.errors import CannotStart, ImportBusy, ImportStopped, ImportTaken, TooMany, Unavailable
from app.schemas.importing import HeaderFault, MappingFault

_AGAIN = "what is stored stays, and the same command goes on from there"


@contextmanager
def naming_faults(name: str, mapping: str) -> Iterator[None]:
    """Turns it into CannotStart that names the file, and the row and column where there are any.

    `mapping` is what the file with the mapping is called.
    """
    try:
        yield
    except TableFault as fault:
        places = {"row": fault.row, "column": fault.column}
        place = ", ".join(f"{what} {number}" for what, number in places.items() if number)
        raise CannotStart(": ".join(filter(None, (name, place, f"{fault.detail} [{fault.code}]")))) from None
    except HeaderFault as fault:
        faults = "; ".join(f"column {found.column}: {found.detail} [{found.code}]" for found in fault.faults)
        raise CannotStart(f"{name}: row 1: {faults}") from None
    except MappingFault as fault:
        raise CannotStart(f"{mapping}: {fault}") from None
    except (ImportBusy, ImportTaken):
        raise CannotStart(f"{name}: another process is importing it") from None
    except TooMany:
        raise CannotStart(f"{name}: too many imports of this organisation wait; let some end") from None
    except (ImportStopped, Unavailable) as error:
        raise CannotStart(f"{name}: {error}; {_AGAIN}") from None
