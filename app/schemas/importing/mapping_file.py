"""From a mapping file in TOML to a checked mapping; every fault with its place in the file."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Final, TypeVar

from pydantic import Field, ValidationError

from app.schemas.base import Shape
from app.schemas.columns import LIST_SEPARATOR
from app.schemas.faults import code_of
from app.schemas.importing.columns import BY_NAME
from app.schemas.importing.form import FALSE, TRUE, Form
from app.schemas.importing.mapping import Mapping, MappingFault, MappingProblem
from app.schemas.importing.mapping_checks import ColumnShape, Name, Separator, problems_of
from app.schemas.json_body import MAX_FAULTS, shown

S = TypeVar("S", bound=Shape)

# More than a mapping needs that names every column and every code of a school's system.
MOST_MAPPING_BYTES: Final = 65_536
# In one line: the library takes quadratic time over a key with dots, ten seconds for 60 KB.
MOST_DOTS: Final = 50
_LINE: Final = re.compile(r"\(at (?:line [0-9]+, column [0-9]+|end of document)\)")
# What is wrong with the shape of a mapping: our code, and a sentence.
_PROBLEMS: Final = {
    "unknown_field": ("mapping.unknown_key", "there is no such key"),
    "type": ("type", "this is not of the right type"),
    "too_short": ("too_short", "this is empty"),
    "too_long": ("too_long", "this is too long, or too many"),
    "pattern": ("text.refused_character", "this has a control character"),
    "separator": ("mapping.separator", "a separator is one of | , ; / & \\ ~ # a space and a line feed"),
}
_INVALID: Final = ("invalid", "this is not valid")


class FileShape(Shape):
    """The keys of a mapping file."""

    separator: Separator = LIST_SEPARATOR
    columns: dict[str, Any] = Field(default_factory=dict)
    constants: dict[str, Any] = Field(default_factory=dict)
    ignore: Annotated[list[Name], Field(max_length=300)] = Field(default_factory=list)


def load_mapping(content: bytes) -> Mapping:
    """The mapping of a file in TOML and UTF-8; raises MappingFault with at most twenty faults."""
    found: list[MappingProblem] = []
    file = _shaped(FileShape, _parsed(content), "", found) or FileShape()
    columns = {ours: _column(ours, told, found) for ours, told in _once(file.columns, "columns", found)}
    constants = {ours: _text(ours, told, found) for ours, told in _once(file.constants, "constants", found)}
    found += () if found else problems_of(columns, constants, file.ignore)
    if found:
        raise MappingFault(*found[:MAX_FAULTS])
    return Mapping(
        sources={ours: shape.source or ours for ours, shape in columns.items()},
        forms={ours: _form(ours, shape, file.separator) for ours, shape in columns.items()},
        constants=constants,
        ignored=frozenset(file.ignore),
        unmapped=Form(separator=file.separator),
    )


def _parsed(content: bytes) -> dict[str, Any]:
    text = _decoded(content)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        at = f" {line[0]}" if line else ""
        raise _whole("mapping.toml", f"this is not valid TOML{at}") from None
    except ValueError:  # of the library, for a number of thousands of digits
        raise _whole("mapping.toml", "this is not valid TOML") from None
    except RecursionError:
        raise _whole("mapping.too_large", "this is nested too deeply") from None


def _decoded(content: bytes) -> str:
    if len(content) > MOST_MAPPING_BYTES:
        raise _whole("mapping.too_large", f"larger than {MOST_MAPPING_BYTES} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _whole("mapping.toml", "this is not UTF-8") from None
    if any(line.count(".") > MOST_DOTS for line in text.split("\n")):
        raise _whole("mapping.too_large", f"a line has more than {MOST_DOTS} dots: divide it")
    return text


def _whole(code: str, detail: str) -> MappingFault:
    return MappingFault(MappingProblem("mapping", code, detail))


def _shaped(kind: type[S], plain: Any, at: str, found: list[MappingProblem]) -> S | None:
    try:
        return kind.model_validate(plain)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_context=False, include_input=False)[:MAX_FAULTS]:
            place = ".".join(shown(step) for step in item["loc"])
            last, wrong = str(item["loc"][-1]), code_of(item["type"])
            is_separator = wrong == "pattern" and last == "separator"
            code, detail = _PROBLEMS.get("separator" if is_separator else wrong, _INVALID)
            near = _meant(last, _keys(kind)) if wrong == "unknown_field" else ""
            found.append(MappingProblem(f"{at}{place}", code, f"{detail}{near}"))
        return None


def _keys(kind: type[Shape]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]


def _once(table: dict[str, Any], at: str, found: list[MappingProblem]) -> Iterator[tuple[str, Any]]:
    """Our columns that a table names; with dots and in quotes the same one may stand there twice."""
    seen: set[str] = set()
    for ours, told in _told(table, at, found):
        if ours in seen:
            found.append(MappingProblem(f"{at}.{ours}", "column.doubled", "this stands there twice"))
        seen.add(ours)
        yield ours, told


def _told(
    node: dict[str, Any], at: str, found: list[MappingProblem], before: str = ""
) -> Iterator[tuple[str, Any]]:
    """Our columns that a table names, whether as `student.birthDate`, in quotes, or as a table in a table."""
    for key, value in node.items():
        name = f"{before}{key}"
        if name in BY_NAME:
            yield name, value
        elif isinstance(value, dict) and any(ours.startswith(f"{name}.") for ours in BY_NAME):
            yield from _told(value, at, found, f"{name}.")
        else:
            place = ".".join(map(shown, name.split(".")))
            detail = f"this is not one of our columns{_meant(name, BY_NAME)}"
            found.append(MappingProblem(f"{at}.{place}", "mapping.unknown_column", detail))


def _meant(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name[:100], known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _column(ours: str, told: Any, found: list[MappingProblem]) -> ColumnShape:
    """What is said of a column: the name of theirs alone, or a table."""
    plain = {"from": told} if isinstance(told, str) else told
    return _shaped(ColumnShape, plain, f"columns.{ours}.", found) or ColumnShape()


def _text(ours: str, told: Any, found: list[MappingProblem]) -> str:
    """A constant as a cell would have it."""
    if isinstance(told, list) and all(isinstance(part, str) for part in told):
        return LIST_SEPARATOR.join(told)
    if isinstance(told, str) and told:
        return told
    if isinstance(told, bool):
        return "true" if told else "false"
    if not isinstance(told, int | date):
        detail = "write a text, a list of texts, true, false or a number"
        found.append(MappingProblem(f"constants.{ours}", "type", detail))
    return str(told)


def _form(ours: str, shape: ColumnShape, separator: str) -> Form:
    is_foreign_place = BY_NAME[ours].kind == "municipality" and shape.source not in (None, ours)
    return Form(
        separator=shape.separator or separator,
        form=shape.form or ("either" if is_foreign_place else None),
        codes=shape.codes,
        true=tuple(shape.true or TRUE),
        false=tuple(shape.false or FALSE),
    )
