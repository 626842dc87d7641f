"""The cells that tell one thing together: a list of objects, or an object that may be null."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.errors import Fault
from app.schemas.faults import fault
from app.schemas.importing.cell_fault import CellFault
from app.schemas.importing.values import EMPTY, Read

# A part of which nothing is told; an empty part says the same, and is nothing where it stands alone.
UNTOLD: Final = "-"


@dataclass(frozen=True, slots=True)
class Step:
    """A cell: its place in the row, the objects and field it tells, how it is read, its name in the file.

    `none` are the texts that say null.
    """

    place: int
    objects: tuple[str, ...]
    field: str
    read: Read
    separator: str
    column: str
    none: frozenset[str]


@dataclass(frozen=True, slots=True)
class Together:
    """Cells that tell one thing; `constants` are told of it wherever a cell of the file tells something."""

    is_list: bool
    steps: tuple[Step, ...]
    constants: tuple[Step, ...]

    def read(self, row: Sequence[str], faults: list[Fault]) -> tuple[bool, Any]:
        """Whether anything is told, and what; what cannot be read is added to the faults."""
        told = [(step, row[step.place]) for step in self.steps if row[step.place]]
        if not told:
            return False, None
        if all(cell in step.none for step, cell in told):
            return True, None
        if self.is_list and all(cell == EMPTY for _, cell in told):
            return True, []
        told += [(step, row[step.place]) for step in self.constants]
        before = len(faults)
        objects = self._objects(told, faults)
        return len(faults) == before, objects if self.is_list else objects[0]

    def _objects(self, told: list[tuple[Step, str]], faults: list[Fault]) -> list[dict[str, Any]]:
        parts = [(step, self._parts(step, cell)) for step, cell in told]
        count = len(parts[0][1])
        objects: list[dict[str, Any]] = [{} for _ in range(count)]
        for step, of_step in parts:
            stretched = of_step * count if step in self.constants and len(of_step) == 1 else of_step
            if len(stretched) != count:
                faults.append(fault(step.column, "list.lengths"))
            else:
                faults += _fill(objects, step, stretched)
        return objects

    def _parts(self, step: Step, cell: str) -> list[str]:
        return [part.strip() for part in cell.split(step.separator)] if self.is_list else [cell]


def _fill(objects: list[dict[str, Any]], step: Step, parts: list[str]) -> Iterator[Fault]:
    """Tells each object its part; the first that cannot be read is the fault of the column."""
    for each, part in zip(objects, parts, strict=True):
        if part and part != UNTOLD:
            try:
                each[step.field] = step.read(part)
            except CellFault as wrong:
                yield fault(step.column, wrong.code)
                return
