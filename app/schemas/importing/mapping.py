"""What a mapping says of a file's columns: which tell ours, how they are written, what is left out."""

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.schemas.importing.form import OURS, Form


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping, each table by our column: theirs, its form, and what all rows have.

    `unmapped` is the form of columns that the mapping does not name.
    """

    sources: Table[str, str] = field(default_factory=dict)
    forms: Table[str, Form] = field(default_factory=dict)
    constants: Table[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    unmapped: Form = OURS

    def form_of(self, column: str) -> Form:
        """How one of our columns is written; constants are written as ours are."""
        return OURS if column in self.constants else self.forms.get(column, self.unmapped)


NOTHING: Final = Mapping()


class MappingProblem(NamedTuple):
    """One fault: its place in the mapping (`columns.student.birthDate.form`), code, a sentence in English.

    `said` is what stands there: whoever wrote the mapping may read it again, and it is kept nowhere.
    """

    where: str
    code: str
    detail: str
    said: str | None = None


class MappingFault(ValueError):
    """A mapping that cannot be used."""

    def __init__(self, *faults: MappingProblem) -> None:
        super().__init__("; ".join(f"{fault.where}: {fault.detail}" for fault in faults))
        self.faults = faults
