"""What a mapping may say of which column: forms, separators, codes, words and constants that can be read."""

from collections.abc import Container, Iterator, Mapping as Table, Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from app.errors import InvalidInput
from app.reference import open_reference
from app.schemas.base import Shape
from app.schemas.importing.columns import BY_NAME, Column
from app.schemas.importing.dates import date_reader
from app.schemas.importing.form import FALSE, TRUE
from app.schemas.importing.mapping import Mapping, MappingProblem
from app.schemas.importing.reader import Reader
from app.schemas.json_body import names_citizen_number

# No control characters: what a fault names is kept and shown.
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Separator = Annotated[str, StringConstraints(pattern=r"^[|,;/&\\ ~#\n]$")]
Words = Annotated[list[Name], Field(min_length=1, max_length=20)]
_CITIZEN_NUMBER = "this is named for a BSN or education number: take the column out of the file"
_DATE_FORMS = "write dd-mm-yyyy, d/m/yyyy, yyyymmdd, dd mmm yyyy or alike, or serial; a year has four digits"


class ColumnShape(Shape):
    """What a mapping may say of one column."""

    source: Name | None = Field(None, alias="from")
    form: Name | None = None
    separator: Separator | None = None
    codes: Annotated[dict[Name, Name], Field(min_length=1, max_length=2000)] | None = None
    true: Words | None = None
    false: Words | None = None


def problems_of(
    columns: Table[str, ColumnShape], constants: Table[str, str], ignored: Sequence[str]
) -> Iterator[MappingProblem]:
    """All faults of a mapping whose keys and types are right."""
    for ours, shape in columns.items():
        for problem in _of_column(BY_NAME[ours], shape):
            yield problem._replace(where=f"columns.{ours}.{problem.where}")
    yield from _of_ignored(ignored, {shape.source for shape in columns.values()})
    for ours, text in constants.items():
        where = f"constants.{ours}"
        if ours == "sourceReference":
            yield MappingProblem(where, "mapping.reference", "each row has a reference of its own")
        elif ours in columns:
            yield MappingProblem(where, "column.doubled", "a column of the file tells this as well")
        elif not _is_read(ours, text):
            yield MappingProblem(where, "mapping.value", "this is no value of that column", text)


def _of_ignored(ignored: Sequence[str], sources: Container[str | None]) -> Iterator[MappingProblem]:
    for number, name in enumerate(ignored):
        if names_citizen_number(name):
            yield MappingProblem(f"ignore.{number}", "citizen_number_refused", _CITIZEN_NUMBER)
        elif name in sources:
            yield MappingProblem(
                f"ignore.{number}", "mapping.ignored", "a column is told from this one", name
            )


def _of_column(column: Column, shape: ColumnShape) -> Iterator[MappingProblem]:
    if shape.source and names_citizen_number(shape.source):
        yield MappingProblem("from", "citizen_number_refused", _CITIZEN_NUMBER)
    if shape.form and not _fits(column, shape.form):
        wanted = {"date": _DATE_FORMS, "municipality": "write code or postcode"}
        detail = wanted.get(column.kind, "dates and municipalities alone have a form")
        yield MappingProblem("form", "mapping.form", detail, shape.form)
    if shape.separator and column.many in ("one", "one_or_list") and not _is_listed(column):
        yield MappingProblem("separator", "mapping.not_of_column", "this column holds no list")
    yield from _words(column, shape)
    if shape.codes and column.kind in ("date", "whole"):
        yield MappingProblem("codes", "mapping.not_of_column", "dates and numbers have no codes")
    for number, (theirs, ours) in enumerate((shape.codes or {}).items(), 1):
        if not _is_read(column.name, ours):
            detail = "what this stands for is no value of that column"
            yield MappingProblem(f"codes.{number}", "mapping.value", detail, f"{theirs} = {ours}")


def _fits(column: Column, form: str) -> bool:
    if column.kind == "municipality":
        return form in ("code", "postcode")
    try:
        date_reader(form)
    except ValueError:
        return False
    return column.kind == "date"


def _is_listed(column: Column) -> bool:
    return column.among is not None and column.among.is_list


def _words(column: Column, shape: ColumnShape) -> Iterator[MappingProblem]:
    if (shape.true or shape.false) and column.kind != "boolean":
        key, detail = "true" if shape.true else "false", "this column is not true or false"
        yield MappingProblem(key, "mapping.not_of_column", detail)
    both = {word.lower() for word in shape.true or TRUE} & {word.lower() for word in shape.false or FALSE}
    if both:
        yield MappingProblem("true", "mapping.words", "a word is true and false at once", min(both))


def _is_read(ours: str, text: str) -> bool:
    """Whether a request takes what this text tells; which municipalities there are, the service knows."""
    reader = Reader(None, Mapping(constants={ours: text}), open_reference())
    try:
        reader.body(())
    except InvalidInput as invalid:
        return not any(f.location == ours for f in invalid.faults if not f.code.startswith("municipality."))
    return True
