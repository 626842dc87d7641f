"""From the cells of a row to the body of `POST /v1/referrals`, with faults by the file's own columns."""

from collections.abc import Sequence
from typing import Any

from app.errors import Fault, InvalidInput
from app.reference import Reference
from app.schemas.faults import fault
from app.schemas.importing.cell_fault import CellFault
from app.schemas.importing.header import columns_told
from app.schemas.importing.located import FileColumns
from app.schemas.importing.mapping import NOTHING, Mapping
from app.schemas.importing.plan import plan_of


class Reader:
    """Reads the rows of a file; made once, it knows what to do with each cell.

    `columns` is None for a file of bodies (NDJSON). Raises HeaderFault for columns that are missing,
    not known, doubled or named for a BSN.
    """

    def __init__(
        self, columns: tuple[str, ...] | None, mapping: Mapping | None, reference: Reference
    ) -> None:
        mapping = mapping or NOTHING
        names = columns or ()
        told = {} if columns is None else columns_told(names, mapping)
        self._names = names
        self._columns = FileColumns({ours: names[place] for ours, place in told.items()})
        self._reference = told.get("sourceReference")
        self._constants = tuple(mapping.constants.values())
        self._plan = plan_of(told, len(names), mapping, self._columns, reference)

    def body(self, cells: Sequence[str]) -> dict[str, Any]:
        """The body that the cells tell, an empty one telling nothing; raises InvalidInput by column."""
        row = (*cells, *self._constants) if self._constants else cells
        body: dict[str, Any] = {}
        faults: list[Fault] = []
        for step in self._plan.alone:
            cell = row[step.place]
            if cell:
                try:
                    value = step.read(cell)
                except CellFault as wrong:
                    faults.append(fault(step.column, wrong.code))
                else:
                    _object_at(body, step.objects)[step.field] = value
        for objects, field, together in self._plan.together:
            is_told, value = together.read(row, faults)
            if is_told:
                _object_at(body, objects)[field] = value
        if faults or body.get("sourceReference") is None:
            raise InvalidInput(*self._columns.all_faults(body, faults))
        return body

    def name_of(self, column: int | None) -> str | None:
        """What the file calls its column with this number, from 1; None where it has no such column."""
        return self._names[column - 1] if column and 0 < column <= len(self._names) else None

    def reference_in(self, cells: Sequence[str]) -> str | None:
        """What the row is known by, as it stands there, whatever is wrong with the others."""
        return None if self._reference is None else cells[self._reference] or None

    def column_of(self, pointer: str) -> str | None:
        """The file's own name for what a JSON pointer points at, ours where the file has no such column."""
        return self._columns.at(pointer)


def _object_at(body: dict[str, Any], objects: tuple[str, ...]) -> dict[str, Any]:
    for name in objects:
        body = body.setdefault(name, {})
    return body
