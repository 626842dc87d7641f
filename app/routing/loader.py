"""Rule files to a rulebook; refuses whatever is wrong with the file, the rule and the reason."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

from app.routing.columns import COLUMNS
from app.routing.decision import Text
from app.routing.read_rule import note_of, open_point_of, rule_of
from app.routing.rule import Note, OpenPoint, Rule, Term
from app.routing.rulebook import Rulebook
from app.routing.toml_values import day, nothing_left, text_of
from app.routing.vocabulary import (
    FRAMEWORK_OF,
    OTHER_WORDS,
    PROBLEM_DOMAINS,
    QUESTIONS,
    RAISED_BY_PROGRAM,
    RECEIVERS,
)

SHIPPED: Final = Path(__file__).parent / "rules"
_ACT_KEYS: Final = ("act", "source", "text_of", "citations", "rule")
_OWN_FILES: Final = ("open_points.toml", "rulebook.toml", "warnings.toml", "words.toml")
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
        checked_until=_in("rulebook.toml", None, lambda: day(head, "checked_until")),
        hash=f"sha256:{sha256(text.encode()).hexdigest()}",
        files=dict(files),
        rules=tuple(rule for _, rule in rules),
        notes=notes,
        terms=terms,
        words=words,
        open_points=_in("open_points.toml", None, partial(_open_points, parsed["open_points.toml"])),
    )
    _check_rules(rulebook, rules)
    _check_notes(rulebook)
    _check_words(rulebook)
    _check_open_points(rulebook)
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
        group: {name: _in("words.toml", name, partial(text_of, pair)) for name, pair in items.items()}
        for group, items in raw.items()
    }


def _terms(head: Mapping[str, Any]) -> dict[str, Term]:
    return {name: _in("rulebook.toml", name, partial(Term, **raw)) for name, raw in head["terms"].items()}


def _notes(raw: Mapping[str, Any]) -> tuple[Note, ...]:
    return tuple(_in("warnings.toml", n.get("code"), partial(note_of, n)) for n in raw["warning"])


def _open_points(raw: Mapping[str, Any]) -> tuple[OpenPoint, ...]:
    points = raw["open_point"]
    return tuple(_in("open_points.toml", str(p.get("number")), partial(open_point_of, p)) for p in points)


def _rules(file: str, act: Mapping[str, Any]) -> list[Rule]:
    nothing_left({key: value for key, value in act.items() if key not in _ACT_KEYS})
    return [_in(file, raw.get("id"), partial(rule_of, act, raw)) for raw in act.get("rule", ())]


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
    values = {v for name, column in COLUMNS.items() if name != "age" for v in column.values}
    listed = {
        "fact": COLUMNS,
        "value": values,
        "provision": FRAMEWORK_OF,
        "domain": PROBLEM_DOMAINS,
        "receiver": RECEIVERS,
        "question": asked,
    }
    for group, names in {**listed, **OTHER_WORDS}.items():
        for name in names:
            _in("words.toml", name, partial(rulebook.word, group, name))


def _check_open_points(rulebook: Rulebook) -> None:
    """The rules that an open point concerns exist."""
    known = {rule.id for rule in rulebook.rules}
    for point in rulebook.open_points:
        unknown = [id for id in point.rules if id not in known]
        if unknown:
            raise RulebookError("open_points.toml", str(point.number), f"names the unknown {unknown[0]!r}")
