"""One of our decision tables as a GoRules ZEN decision, made from our own rules."""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

import zen

from app.routing.columns import COLUMNS
from app.routing.rule import Rule
from app.routing.table import Table

LIMB: Final = "main"
_NAME: Final = "table"


class ZenTable:
    """The rules of a table's main limb in the engine, in the form that evaluates quickest.

    A decision that the engine finds through a loader is several times quicker than one that
    `create_decision` gives; both were tried.
    """

    def __init__(self, table: Table) -> None:
        rules = [rule for rule in table.rules if rule.limb == LIMB]
        self.columns = tuple(sorted({condition.column for rule in rules for condition in rule.conditions}))
        content = zen.ZenDecisionContent(json.dumps(_decision(rules, self.columns)))
        self._engine = zen.ZenEngine({"loader": lambda _: content})

    def context(self, values: Mapping[str, str]) -> dict[str, Any]:
        """The values of the columns as the engine takes them: the age is a number."""
        told: dict[str, Any] = {column: values[column] for column in self.columns}
        return told | {"age": int(values["age"])} if "age" in told else told

    def lookup(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """The result with its trace."""
        return cast("dict[str, Any]", self._engine.evaluate(_NAME, dict(context), {"trace": True}))

    def winner(self, context: Mapping[str, Any]) -> str | None:
        """The id of the rule that wins, or None."""
        result = self.lookup(context)["result"] or {}
        winner: str | None = result.get("rule")
        return winner


def _decision(rules: list[Rule], columns: tuple[str, ...]) -> dict[str, Any]:
    """The graph: request, table, response."""
    inputs = [{"id": column, "name": column, "field": column} for column in columns]
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "rule", "name": "rule", "field": "rule"}],
        "rules": [_row(rule, columns) for rule in rules],
    }
    return {
        "nodes": [
            {"id": "request", "type": "inputNode", "name": "request"},
            {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
            {"id": "response", "type": "outputNode", "name": "response"},
        ],
        "edges": [
            {"id": "in", "type": "edge", "sourceId": "request", "targetId": "table"},
            {"id": "out", "type": "edge", "sourceId": "table", "targetId": "response"},
        ],
    }


def _row(rule: Rule, columns: tuple[str, ...]) -> dict[str, str]:
    """A rule as a row; an empty cell holds for every value."""
    row = {"_id": rule.id, "rule": json.dumps(rule.id)}
    for column in columns:
        allowed = set(COLUMNS[column].values)
        for condition in rule.conditions:
            if condition.column == column:
                allowed &= condition.allowed
        row[column] = "" if len(allowed) == len(COLUMNS[column].values) else _cell(column, allowed)
    return row


def _cell(column: str, allowed: set[str]) -> str:
    """A test of one column: bounds for the age, else the values that pass."""
    known = COLUMNS[column].values
    if column != "age":
        return ", ".join(json.dumps(value) for value in known if value in allowed)
    places = [place for place, value in enumerate(known) if value in allowed]
    bounds = [f">= {known[places[0]]}"] if places[0] else []
    if places[-1] + 1 < len(known):
        bounds.append(f"< {known[places[-1] + 1]}")
    return " and ".join(bounds)
