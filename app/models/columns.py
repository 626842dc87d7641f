"""What every column of every table holds, and what happens to it: the registry in columns.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

Form = Literal["encrypted", "pseudonymous", "plain"]
Erasure = Literal["destroyed", "emptied", "kept"]
About = Literal["person", "organisations", "nobody"]

FILE: Final = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Kept:
    """One column: its form and why; where rows are about a person what erasure and export do with it.

    `told` is what the export says of it, in Dutch; `untold` why the export leaves it out.
    """

    form: Form
    why: str
    erasure: Erasure | None = None
    told: str | None = None
    untold: str | None = None


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table: what its rows hold, about whom, under which class of terms, and its columns."""

    holds: str
    about: About
    retention: str
    columns: Mapping[str, Kept]

    @property
    def told(self) -> dict[str, str]:
        """The columns that the export of a person tells, with what it says of them."""
        return {name: column.told for name, column in self.columns.items() if column.told is not None}


@cache
def kept_tables() -> Mapping[str, KeptTable]:
    """The registry, by table; raises ValueError where it contradicts itself."""
    with FILE.open("rb") as file:
        return {name: _table(name, raw) for name, raw in tomllib.load(file).items()}


def _table(name: str, raw: Mapping[str, Any]) -> KeptTable:
    columns = {column: Kept(**told) for column, told in raw["columns"].items()}
    table = KeptTable(**{**raw, "columns": columns})
    faults = [f"{name}.{column}" for column, kept in columns.items() if not says_all(kept, table.about)]
    if table.about not in get_args(About) or faults:
        raise ValueError(f"{FILE.name}: {', '.join(faults) or name}")
    return table


def says_all(kept: Kept, about: About) -> bool:
    """Whether a column of a table says all that it must, and no more."""
    if kept.form not in get_args(Form):
        return False
    treatment = (kept.erasure, kept.told, kept.untold)
    if about != "person":
        return treatment == (None, None, None)
    return kept.erasure in get_args(Erasure) and (kept.told is None) != (kept.untold is None)
