"""Rule files to a rulebook; refuses whatever is wrong with the file, the rule and the reason."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

from app.routing.columns import COLUMNS
from app.routing.conditions import Condition, parse_condition
from app.routing.dates import AGE_BORDERS
from app.routing.decision import Citation, Text
from app.routing.rule import LIMBS, Note, Rule, Term
from app.routing.rulebook import Rulebook
from app.routing.vocabulary import (
    FRAMEWORK_OF,
    ONSITE_TEAM,
    OTHER_WORDS,
    PROBLEM_DOMAINS,
    QUESTIONS,
    RAISED_BY_PROGRAM,
    RECEIVERS,
    STATUTORY_CONSENTS,
    VARIANT_TEAM,
)

SHIPPED: Final = Path(__file__).parent / "rules"
_ACT_KEYS: Final = ("act", "source", "text_of", "citations", "rule")
# The days that a warning may name: a birthday, or the end of the half year after youth help.
_NOTE_DAYS: Final = ("birthday_18", "birthday_21", "birthday_23", "birthday_27", "half_year_end")
_OWN_FILES: Final = ("rulebook.toml", "warnings.toml", "words.toml")
_ROLES: Final = ("primary", "alternative", "alongside", "bridging")
_RESIDENCES: Final = (None, "child", "care_recipient")
_CONFIDENCES: Final = ("low", "medium", "high")
# A rule is never surer than its weakest citation (CONTRACT 3).
_SUREST: Final = {"P": "high", "O": "medium", "M": "medium", "G": "low"}
T = TypeVar("T")


class RulebookError(Exception):
    """A rule file that cannot be used: which file, which rule, and why."""

    def __init__(self, file: str, rule: str | None, reason: str) -> None:
        super().__init__(f"{file}: {f'rule {rule}: ' if rule else ''}{reason}")
        self.file, self.rule, self.reason = file, rule, reason


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """The rulebook in a folder of TOML files; the shipped one by default. Raises RulebookError."""
    folder = folder or SHIPPED
    try:
        return rulebook_from({p.name: p.read_text("utf-8") for p in sorted(folder.glob("*.toml"))})
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(folder.name, None, f"cannot be read ({type(error).__name__})") from error


def rulebook_from(files: Mapping[str, str]) -> Rulebook:
    """The rulebook that these files hold (name -> text). Raises RulebookError."""
    parsed = {name: _parse(name, text) for name, text in sorted(files.items())}
    missing = [name for name in _OWN_FILES if name not in parsed]
    if missing:
        raise RulebookError(missing[0], None, "is missing")
    head = parsed["rulebook.toml"]
    words = _in("words.toml", None, partial(_words, parsed["words.toml"]))
    terms = _in("rulebook.toml", None, partial(_terms, head))
    notes = _in("warnings.toml", None, partial(_notes, parsed["warnings.toml"]))
    acts = {name: content for name, content in parsed.items() if name not in _OWN_FILES}
    rules = [
        (name, rule) for name, act in acts.items() for rule in _in(name, None, partial(_rules, name, act))
    ]
    text = "".join(f"{name}\0{files[name]}\0" for name in sorted(files))
    rulebook = Rulebook(
        version=_in("rulebook.toml", None, lambda: str(head["version"])),
        checked_until=_in("rulebook.toml", None, lambda: _date(head, "checked_until")),
        hash=f"sha256:{sha256(text.encode()).hexdigest()}",
        files=dict(files),
        rules=tuple(rule for _, rule in rules),
        notes=notes,
        terms=terms,
        words=words,
    )
    _check_rules(rulebook, rules)
    _check_notes(rulebook)
    _check_words(rulebook)
    return rulebook


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(name, None, f"is not valid TOML: {error}") from error


def _in(file: str, rule: str | None, build: Callable[[], T]) -> T:
    """What `build` gives; a fault in it is named with the file and the rule."""
    try:
        return build()
    except KeyError as error:
        raise RulebookError(file, rule, f"{error.args[0]} is missing or unknown") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise RulebookError(file, rule, str(error)) from error


def _words(raw: Mapping[str, Any]) -> dict[str, dict[str, Text]]:
    return {
        group: {name: _in("words.toml", name, partial(_text, pair)) for name, pair in items.items()}
        for group, items in raw.items()
    }


def _terms(head: Mapping[str, Any]) -> dict[str, Term]:
    return {name: _in("rulebook.toml", name, partial(Term, **raw)) for name, raw in head["terms"].items()}


def _notes(raw: Mapping[str, Any]) -> tuple[Note, ...]:
    return tuple(_note("warnings.toml", note) for note in raw["warning"])


def _rules(file: str, act: Mapping[str, Any]) -> list[Rule]:
    _nothing_left({key: value for key, value in act.items() if key not in _ACT_KEYS})
    return [_rule(file, act, raw) for raw in act.get("rule", ())]


def _text(raw: Mapping[str, Any]) -> Text:
    return _checked(Text(**raw), all(isinstance(words, str) for words in raw.values()), "a text is no text")


def _note(file: str, raw: dict[str, Any]) -> Note:
    def build() -> Note:
        left, code = dict(raw), str(raw["code"])
        when = left.pop("when", None)
        note = Note(
            code=left.pop("code"),
            text=_text({"nl": left.pop("nl"), "en": left.pop("en")}),
            problem_domains=_listed(left, "problem_domains", PROBLEM_DOMAINS),
            provisions=_listed(left, "provisions", tuple(FRAMEWORK_OF)),
            conditions=None if when is None else tuple(parse_condition(text) for text in when),
            valid_from=_optional_date(left, "valid_from"),
            valid_to=_optional_date(left, "valid_to"),
            on=_one_of(left, "on", (None, *_NOTE_DAYS), None),
            deadline=left.pop("deadline", None),
        )
        _nothing_left(left)
        first, last = note.valid_from or date.min, note.valid_to or date.max
        _checked(note, first <= last, "valid_to is before valid_from")
        return _checked(note, bool(code), "a warning has a code")

    return _in(file, raw.get("code"), build)


def _rule(file: str, act: Mapping[str, Any], raw: dict[str, Any]) -> Rule:
    def build() -> Rule:
        left = dict(raw)
        cited = [_citation(act, act["citations"][name]) for name in left.pop("citations", ())]
        conditions = tuple(parse_condition(text) for text in left.pop("when"))
        provision = _one_of(left, "provision", tuple(FRAMEWORK_OF))
        rule = Rule(
            id=left.pop("id"),
            act=act["act"],
            legal_framework=FRAMEWORK_OF[provision],
            provision=provision,
            limb=_one_of(left, "limb", LIMBS, "main"),
            problem_domains=_listed(left, "problem_domains", PROBLEM_DOMAINS),
            conditions=conditions,
            order=left.pop("order"),
            valid_from=_date(left, "valid_from"),
            valid_to=_optional_date(left, "valid_to"),
            confidence=_one_of(left, "confidence", _CONFIDENCES),
            citations=tuple(cited),
            receivers=tuple(_receiver(text) for text in left.pop("receivers")),
            residence=_one_of(left, "residence", _RESIDENCES, None),
            consent=_one_of(left, "consent", (None, *STATUTORY_CONSENTS), None),
            warnings=tuple(left.pop("warnings", ())),
            deadlines=tuple(left.pop("deadlines", ())),
            because=_text(left.pop("because")),
            example=_example(left.pop("example")),
            counterexample=_example(left.pop("counterexample", {})),
        )
        _check_rule(rule, unconditional=left.pop("unconditional", False))
        left.pop("valid_from", None)
        _nothing_left(left)
        return rule

    return _in(file, raw.get("id"), build)


def _check_rule(rule: Rule, *, unconditional: bool) -> None:
    _checked(rule, bool(rule.citations), "has no citation")
    _checked(rule, bool(rule.problem_domains), "names no problem domain")
    _checked(rule, isinstance(rule.order, int), "order is not a whole number")
    _checked(rule, rule.valid_to is None or rule.valid_from <= rule.valid_to, "valid_to is before valid_from")
    weakest = min((_SUREST[c.status] for c in rule.citations), key=_CONFIDENCES.index)
    surer = _CONFIDENCES.index(rule.confidence) > _CONFIDENCES.index(weakest)
    _checked(rule, not surer, f"confidence {rule.confidence} is above its weakest citation ({weakest})")
    _checked(rule, _matches(rule.conditions, rule.example), "its example does not match")
    if unconditional:
        _checked(rule, not rule.conditions, "is unconditional but has conditions")
    else:
        _checked(rule, not _matches(rule.conditions, rule.counterexample), "its counterexample matches")


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
    return _checked(
        citation, citation.status in _SUREST, f"citation status {citation.status!r} is not P, O, G or M"
    )


def _receiver(text: str) -> Any:
    role, _, kind = text.partition(":")
    known = role in _ROLES and (kind in (*RECEIVERS, VARIANT_TEAM, ONSITE_TEAM))
    return _checked((role, kind), known, f"receiver {text!r} is not role:kind of the closed lists")


def _check_rules(rulebook: Rulebook, rules: Iterable[tuple[str, Rule]]) -> None:
    """Rule ids are unique; the warnings and terms that rules name exist."""
    seen: set[str] = set()
    for file, rule in rules:
        unknown = [code for code in rule.warnings if code not in rulebook.notes_by_code]
        unknown += [term for term in rule.deadlines if term not in rulebook.terms]
        if rule.id in seen or unknown:
            reason = "is there twice" if rule.id in seen else f"names the unknown {unknown[0]!r}"
            raise RulebookError(file, rule.id, reason)
        seen.add(rule.id)


def _check_notes(rulebook: Rulebook) -> None:
    """A warning has one text wherever it stands; those that the program raises are there."""
    for note in rulebook.notes:
        if note.text != rulebook.notes_by_code[note.code].text:
            raise RulebookError("warnings.toml", note.code, "has two different texts")
        if note.deadline is not None and note.deadline not in rulebook.terms:
            raise RulebookError("warnings.toml", note.code, f"names the unknown {note.deadline!r}")
    for code in RAISED_BY_PROGRAM:
        _in("warnings.toml", code, partial(rulebook.notes_by_code.__getitem__, code))


def _check_words(rulebook: Rulebook) -> None:
    """Every word and sentence that an answer may need is there."""
    asked = (*(column.asks for column in COLUMNS.values()), *QUESTIONS)
    listed = {"provision": FRAMEWORK_OF, "domain": PROBLEM_DOMAINS, "receiver": RECEIVERS, "question": asked}
    for group, names in {**listed, **OTHER_WORDS}.items():
        for name in names:
            _in("words.toml", name, partial(rulebook.word, group, name))


def _checked(value: T, holds: bool, reason: str) -> T:
    if not holds:
        raise ValueError(reason)
    return value


def _one_of(raw: dict[str, Any], key: str, known: tuple[Any, ...], *default: Any) -> Any:
    value = raw.pop(key, *default)
    return _checked(value, value in known, f"{key} {value!r} is not one of {', '.join(map(str, known))}")


def _listed(raw: dict[str, Any], key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    values = tuple(raw.pop(key, ()))
    unknown = [value for value in values if value not in known]
    return _checked(values, not unknown, f"{key} has the unknown {unknown[:1]}")


def _date(raw: Mapping[str, Any], key: str) -> date:
    value = raw[key]
    if type(value) is not date:
        raise ValueError(f"{key} is not a date")
    return value


def _optional_date(raw: dict[str, Any], key: str) -> date | None:
    return _date({key: raw.pop(key)}, key) if key in raw else None


def _nothing_left(left: Mapping[str, Any]) -> None:
    if left:
        raise ValueError(f"unknown key {next(iter(left))!r}")
