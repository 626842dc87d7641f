"""The value that the text of a cell tells, compiled once for each column."""

from collections.abc import Callable, Container
from typing import Any, Final, cast

from app.reference import Reference
from app.schemas.columns import LIST_SEPARATOR
from app.schemas.importing.cell_fault import CellFault
from app.schemas.importing.columns import NULL, Column
from app.schemas.importing.dates import date_reader
from app.schemas.importing.form import FALSE, OURS, TRUE, Form
from app.schemas.importing.places import PlaceForm, place_reader

Read = Callable[[str], Any]
# An empty list is told, where an empty cell tells nothing.
EMPTY: Final = "[]"
# Between the parts of one part: the receivers that one consent of several is for.
INNER_SEPARATOR: Final = "+"
PAIR: Final = "="
_OTHER_SEPARATORS: Final = frozenset(",;/")
# More digits than any field allows: nobody needs to compute with them.
_MOST_DIGITS: Final = 9


def value_reader(column: Column, form: Form, reference: Reference) -> Read:
    """What turns a cell, or one part of a list of objects, into a value as JSON has it; raises CellFault.

    What is no value of an enumeration stays text, for the request to refuse.
    """
    # What a code stands for is written as ours are.
    one = _coded(_of_kind(column, OURS if form.codes else form, reference), form)
    if column.choices and not form.codes and form.separator == LIST_SEPARATOR and _is_listed(column):
        one = _one_of(column.choices)
    if column.many == "one":
        return _nullable(one)
    return _nullable(_several(column, form, one))


def _of_kind(column: Column, form: Form, reference: Reference) -> Read:
    if column.kind == "date":
        return date_reader(form.form)
    if column.kind == "municipality":
        return place_reader(reference, cast("PlaceForm", form.form or "code"))
    if column.kind == "boolean":
        return _boolean(form)
    return _whole if column.kind == "whole" else str


def _boolean(form: Form) -> Read:
    words = {**{word.lower(): True for word in form.true}, **{word.lower(): False for word in form.false}}
    code = "boolean.word" if (form.true, form.false) == (TRUE, FALSE) else "boolean.other_word"

    def read(text: str) -> bool:
        found = words.get(text.lower())
        if found is None:
            raise CellFault(code)
        return found

    return read


def _is_listed(column: Column) -> bool:
    """Whether its parts are separated as the form says."""
    return column.many in ("list", "map") or (
        column.many == "one" and column.among is not None and column.among.is_list
    )


def _one_of(choices: Container[str]) -> Read:
    """Reads a part of a list; what joins several by a sign that others separate by is told so."""

    def read(text: str) -> str:
        if text not in choices and not _OTHER_SEPARATORS.isdisjoint(text):
            raise CellFault("list.separator")
        return text

    return read


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise CellFault("number.whole")
    return int(text)


def _coded(read: Read, form: Form) -> Read:
    """Reads what their value is with us; a value that nobody mapped is a fault."""
    codes = form.codes
    if codes is None:
        return read

    def decoded(text: str) -> Any:
        ours = codes.get(text)
        if ours is None:
            raise CellFault("code.unmapped")
        return None if ours == NULL else read(ours)

    return decoded


def _nullable(read: Read) -> Read:
    return lambda text: None if text == NULL else read(text)


def _several(column: Column, form: Form, one: Read) -> Read:
    if column.many == "map":
        return _pairs(form, one)
    if column.many == "one_or_list":
        return _one_or_list(column, one)

    def read(text: str) -> list[Any]:
        return [] if text == EMPTY else [one(part.strip()) for part in text.split(form.separator)]

    return read


def _pairs(form: Form, one: Read) -> Read:
    def read(text: str) -> dict[str, Any]:
        parts = [] if text == EMPTY else text.split(form.separator)
        pairs = [one(part.strip()).partition(PAIR) for part in parts]
        told = {key.strip(): value.strip() for key, _, value in pairs}
        if len(told) != len(pairs) or not all(sign for _, sign, _ in pairs):
            raise CellFault("list.pair")
        return told

    return read


def _one_or_list(column: Column, one: Read) -> Read:
    word = column.choices[0]

    def read(text: str) -> Any:
        if text == word:
            return text
        parts = [one(part.strip()) for part in text.split(INNER_SEPARATOR)]
        return word if parts == [word] else parts

    return read
