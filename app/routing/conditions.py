"""Conditions: a column tested against a closed set of values, written `column.operator:values`."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.columns import COLUMNS

Values = Mapping[str, str]
_OPPOSITE = {"is": "not", "not": "is", "from": "under", "under": "from"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one column; `text` is how the rule file writes it, `allowed` the values that pass."""

    text: str
    column: str
    allowed: frozenset[str]

    def holds(self, values: Values) -> bool:
        """Whether the column's value is one of those allowed."""
        return values[self.column] in self.allowed

    @property
    def opposite(self) -> str:
        """What is the case when the condition fails, in the same words: `age.under:18`."""
        head, _, values = self.text.partition(":")
        column, _, operator = head.partition(".")
        return f"{column}.{_OPPOSITE[operator]}:{values}"


def parse_condition(text: str) -> Condition:
    """`age.from:18`, `need.is:treatment|nursing`, `stay.not:none` or `age.under:23` as a condition.

    Raises ValueError that says which part is not in the closed lists.
    """
    head, colon, listed = text.partition(":")
    column, dot, operator = head.partition(".")
    if not colon or not dot or operator not in _OPPOSITE:
        raise ValueError(f"condition {text!r} is not of the form column.is|not|from|under:values")
    if column not in COLUMNS:
        raise ValueError(f"condition {text!r} names the unknown fact {column!r}")
    known, values = COLUMNS[column].values, tuple(listed.split("|"))
    ranged = operator in ("from", "under")
    if any(value not in known for value in values) or (ranged and (column != "age" or len(values) > 1)):
        raise ValueError(f"condition {text!r}: {column} is one of {', '.join(known)}")
    if ranged:
        at = known.index(values[0])
        return Condition(text, column, frozenset(known[at:] if operator == "from" else known[:at]))
    listed_values = frozenset(values)
    allowed = listed_values if operator == "is" else frozenset(known) - listed_values
    return Condition(text, column, allowed)
