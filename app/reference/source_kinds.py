"""What files tell from which the reference can be renewed, each kind as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.reference.tables import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTable:
    """A table in our own layout, with the line of each row."""

    file: str
    name: str
    rows: list[Row]
    lines: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A municipality of the CBS table; regions by type, as code and name."""

    line: int
    code: str
    name: str
    province: str | None
    regions: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """The CBS table: all municipalities of a year."""

    file: str
    areas: list[Area]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of RvIG table 33; days as yyyy-mm-dd or empty."""

    line: int
    code: str
    name: str
    successor: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """RvIG table 33: all codes since the 19th century."""

    file: str
    rows: list[Listed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Numbers of addresses by PC4 and municipality code, and the first line of each code."""

    file: str
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    first_lines: dict[str, int] = field(default_factory=dict)


Source = OwnTable | Areas | Codes | Addresses
