"""What keeps a file from being imported, or from going on, as one message."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

from app.adapters.tables import TableFault
from app.errors import CannotStart, ImportBusy, ImportStopped, ImportTaken, TooMany, Unavailable
from app.schemas.importing import ColumnFault, HeaderFault, MappingFault, MappingProblem

_AGAIN = "what is stored stays, and the same command goes on from there"
_COLUMNS = "Map or ignore columns with --mapping; verwijsroute import --template shows ours."

# What is told of a value in a mapping: enough to find it by.
_LONGEST = 60


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
        told = [f"{name}: row 1: {line}" for line in _of_columns(fault.faults)]
        helps = any(found.code in ("column.missing", "column.unknown") for found in fault.faults)
        raise CannotStart("\n".join([*told, _COLUMNS] if helps else told)) from None
    except MappingFault as fault:
        raise CannotStart("\n".join(f"{mapping}: {_of_mapping(found)}" for found in fault.faults)) from None
    except (ImportBusy, ImportTaken):
        raise CannotStart(f"{name}: another process is importing it") from None
    except TooMany:
        raise CannotStart(f"{name}: too many imports of this organisation wait; let some end") from None
    except (ImportStopped, Unavailable) as error:
        raise CannotStart(f"{name}: {error}; {_AGAIN}") from None


def _of_mapping(fault: MappingProblem) -> str:
    """With what stands there: whoever runs the command wrote the mapping."""
    said = "".join(sign if sign.isprintable() else "?" for sign in (fault.said or "")[:_LONGEST])
    return ": ".join(filter(None, (fault.where, said, fault.detail)))


def _of_columns(faults: Sequence[ColumnFault]) -> Iterator[str]:
    """A line for each kind of fault, with all columns that have it."""
    same: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        same.setdefault((fault.detail, fault.code), []).append(fault.column)
    for (detail, code), columns in same.items():
        yield f"column{'s' * (len(columns) > 1)} {', '.join(_joined(columns))}: {detail} [{code}]"


def _joined(columns: Sequence[str]) -> Iterator[str]:
    """Names as they are; of places that follow one another the first and the last."""
    # Places that follow one another lie equally far from where they stand in the list.
    for place, run in groupby(enumerate(columns), lambda one: one[1].isdecimal() and int(one[1]) - one[0]):
        told = [column for _, column in run]
        yield ", ".join(told) if place is False else "-".join(dict.fromkeys((told[0], told[-1])))
