"""One rule, one warning or one open point from its file, with everything about it checked."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.routing.columns import COLUMNS
from app.routing.conditions import Condition, parse_condition
from app.routing.dates import AGE_BORDERS
from app.routing.decision import Citation
from app.routing.rule import LIMBS, Note, OpenPoint, Rule
from app.routing.toml_values import checked, day, listed, nothing_left, one_of, optional_day, text_of
from app.routing.vocabulary import (
    FRAMEWORK_OF,
    ONSITE_TEAM,
    PROBLEM_DOMAINS,
    RECEIVERS,
    STATUTORY_CONSENTS,
    VARIANT_TEAM,
)

# The days that a warning may name: a birthday, or the end of the half year after youth help.
_NOTE_DAYS: Final = ("birthday_18", "birthday_21", "birthday_23", "birthday_27", "half_year_end")
_ROLES: Final = ("primary", "alternative", "alongside", "bridging")
_RESIDENCES: Final = (None, "child", "care_recipient")
_CONFIDENCES: Final = ("low", "medium", "high")
# A rule is never surer than its weakest citation (CONTRACT 3).
_SUREST: Final = {"P": "high", "O": "medium", "M": "medium", "G": "low"}


def note_of(raw: Mapping[str, Any]) -> Note:
    """A warning as its file writes it; raises ValueError, KeyError or TypeError."""
    left, code = dict(raw), str(raw["code"])
    when = left.pop("when", None)
    note = Note(
        code=left.pop("code"),
        text=text_of({"nl": left.pop("nl"), "en": left.pop("en")}),
        problem_domains=listed(left, "problem_domains", PROBLEM_DOMAINS),
        provisions=listed(left, "provisions", tuple(FRAMEWORK_OF)),
        conditions=None if when is None else tuple(parse_condition(text) for text in when),
        valid_from=optional_day(left, "valid_from"),
        valid_to=optional_day(left, "valid_to"),
        on=one_of(left, "on", (None, *_NOTE_DAYS), None),
        deadline=left.pop("deadline", None),
    )
    nothing_left(left)
    first, last = note.valid_from or date.min, note.valid_to or date.max
    checked(note, first <= last, "valid_to is before valid_from")
    return checked(note, bool(code), "a warning has a code")


def open_point_of(raw: Mapping[str, Any]) -> OpenPoint:
    """A point of law that is not confirmed; raises ValueError, KeyError or TypeError."""
    left = dict(raw)
    point = OpenPoint(
        number=left.pop("number"),
        text=left.pop("text"),
        effect=left.pop("effect"),
        check=left.pop("check"),
        rules=tuple(left.pop("rules", ())),
    )
    nothing_left(left)
    words = all(isinstance(raw[key], str) and raw[key] for key in ("text", "effect", "check"))
    return checked(point, words, "an open point has a text, its effect and a check in words")


def rule_of(act: Mapping[str, Any], raw: Mapping[str, Any]) -> Rule:
    """A rule as its act's file writes it; raises ValueError, KeyError or TypeError."""
    left = dict(raw)
    cited = [_citation(act, act["citations"][name]) for name in left.pop("citations", ())]
    conditions = tuple(parse_condition(text) for text in left.pop("when"))
    provision = one_of(left, "provision", tuple(FRAMEWORK_OF))
    rule = Rule(
        id=left.pop("id"),
        act=act["act"],
        legal_framework=FRAMEWORK_OF[provision],
        provision=provision,
        limb=one_of(left, "limb", LIMBS, "main"),
        problem_domains=listed(left, "problem_domains", PROBLEM_DOMAINS),
        conditions=conditions,
        order=left.pop("order"),
        valid_from=day(left, "valid_from"),
        valid_to=optional_day(left, "valid_to"),
        confidence=one_of(left, "confidence", _CONFIDENCES),
        citations=tuple(cited),
        receivers=tuple(_receiver(text) for text in left.pop("receivers")),
        residence=one_of(left, "residence", _RESIDENCES, None),
        consent=one_of(left, "consent", (None, *STATUTORY_CONSENTS), None),
        warnings=tuple(left.pop("warnings", ())),
        deadlines=tuple(left.pop("deadlines", ())),
        because=text_of(left.pop("because")),
        example=_example(left.pop("example")),
        counterexample=_example(left.pop("counterexample", {})),
    )
    _check_rule(rule, unconditional=left.pop("unconditional", False))
    left.pop("valid_from", None)
    nothing_left(left)
    return rule


def _check_rule(rule: Rule, *, unconditional: bool) -> None:
    checked(rule, bool(rule.citations), "has no citation")
    checked(rule, bool(rule.problem_domains), "names no problem domain")
    checked(rule, isinstance(rule.order, int), "order is not a whole number")
    checked(rule, rule.valid_to is None or rule.valid_from <= rule.valid_to, "valid_to is before valid_from")
    weakest = min((_SUREST[c.status] for c in rule.citations), key=_CONFIDENCES.index)
    surer = _CONFIDENCES.index(rule.confidence) > _CONFIDENCES.index(weakest)
    checked(rule, not surer, f"confidence {rule.confidence} is above its weakest citation ({weakest})")
    checked(rule, _matches(rule.conditions, rule.example), "its example does not match")
    if unconditional:
        checked(rule, not rule.conditions, "is unconditional but has conditions")
    else:
        checked(rule, not _matches(rule.conditions, rule.counterexample), "its counterexample matches")


def _matches(conditions: tuple[Condition, ...], example: Mapping[str, str]) -> bool:
    values = {name: column.values[0] for name, column in COLUMNS.items()} | dict(example)
    return all(condition.holds(values) for condition in conditions)


def _example(raw: Mapping[str, Any]) -> dict[str, str]:
    """Column values as the file writes them; an age in years becomes its bracket's first year."""
    example = {column: str(value) for column, value in raw.items()}
    if "age" in example:
        years = int(example["age"])
        example["age"] = str(max((border for border in AGE_BORDERS if border <= years), default=0))
    for column, value in example.items():
        if value not in COLUMNS[column].values:
            raise ValueError(
                f"example {column} = {value!r} is not one of {', '.join(COLUMNS[column].values)}"
            )
    return example


def _citation(act: Mapping[str, Any], raw: Mapping[str, Any]) -> Citation:
    known = {"act": act["act"], "source": act["source"], "text_of": act.get("text_of")}
    citation = Citation(**{**known, **raw})
    return checked(
        citation, citation.status in _SUREST, f"citation status {citation.status!r} is not P, O, G or M"
    )


def _receiver(text: str) -> Any:
    role, _, kind = text.partition(":")
    known = role in _ROLES and (kind in (*RECEIVERS, VARIANT_TEAM, ONSITE_TEAM))
    return checked((role, kind), known, f"receiver {text!r} is not role:kind of the closed lists")
