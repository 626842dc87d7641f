"""What a mapping file says of a file's columns: which tell ours, how they are written, what is left out."""

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from typing import Final

from app.schemas.importing.form import OURS, Form


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping, each table by our column: theirs, its form, and what all rows have.

    `unmapped` is the form of the columns that are named as ours are.
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
