"""What every shape on the wire shares: strictness, clean text, plain dates."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from app.schemas.faults import SENTENCES

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
LONGEST_PLACE: Final = 80  # characters of a municipality's name

# Control characters, direction marks and overrides, line and paragraph separators, zero-width
# characters and half surrogates: what a reader cannot see, a log or a screen may act upon.
_UNSEEN: Final = r"\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u206f\ufeff"
_IN_LINE: Final = rf"\u0000-\u001f{_UNSEEN}"
_IN_TEXT: Final = rf"\u0000-\u0008\u000b\u000c\u000e-\u001f{_UNSEEN}"
_NOT_IN_LINE: Final = re.compile(rf"[{_IN_LINE}\ud800-\udfff]")
_NOT_IN_TEXT: Final = re.compile(rf"[{_IN_TEXT}\ud800-\udfff]")
_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def refused(code: str) -> PydanticCustomError:
    """A validation error with one of our codes; `code` is a key of `SENTENCES`."""
    return PydanticCustomError(code, SENTENCES[code])


def _clean(text: str, refuse: re.Pattern[str]) -> str:
    if refuse.search(text):
        raise refused("text.refused_character")
    if not text or text.isspace():
        raise refused("text.blank")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _clean_line(text: str) -> str:
    return _clean(text, _NOT_IN_LINE)


def _clean_text(text: str) -> str:
    return _clean(text, _NOT_IN_TEXT)


def _iso_date(value: Any) -> Any:
    """The date of a `YYYY-MM-DD` string; numbers and moments are no dates."""
    if not isinstance(value, str) or not _ISO_DATE.fullmatch(value):
        raise refused("date.format")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise refused("date.no_such_day") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise refused("date.out_of_range")
    return day


class MunicipalityText(str):
    """A municipality as a client wrote it: a code of today or before, or a name."""

    __slots__ = ()


def _documented(longest: int, unseen: str, *examples: str) -> WithJsonSchema:
    """The schema of clean text: something to read, nothing unseen, no longer than this."""
    pattern = rf"^[^{unseen}]*[^\s{unseen}][^{unseen}]*$"
    schema = {"type": "string", "minLength": 1, "maxLength": longest, "pattern": pattern}
    return WithJsonSchema({**schema, "examples": list(examples)} if examples else schema)


def _dated(years: str) -> WithJsonSchema:
    """The schema of a day in one of these years."""
    return WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{years}-[0-9]{{2}}-[0-9]{{2}}$"})


# The length is known before the text is cleaned: NFC takes quadratic time over marks in a row (minutes for
# a megabyte of them). It is judged again after, because NFC makes some texts longer.
Line = Annotated[
    str,
    StringConstraints(max_length=200),
    AfterValidator(_clean_line),
    StringConstraints(max_length=200),
    _documented(200, _IN_LINE),
]
ShortLine = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_clean_line),
    StringConstraints(max_length=64),
    _documented(64, _IN_LINE),
]
FreeText = Annotated[
    str,
    StringConstraints(max_length=10_000),
    AfterValidator(_clean_text),
    StringConstraints(max_length=10_000),
    _documented(10_000, _IN_TEXT),
]
Identifier = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,128}$")]
RecordId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,64}$")]
IsoDate = Annotated[date, BeforeValidator(_iso_date), _dated("(19[0-9]{2}|20[0-9]{2}|2100)")]
# From 2015, when the acts of today began; how far ahead depends on today.
ReferenceDate = Annotated[date, BeforeValidator(_iso_date), _dated("20(1[5-9]|[2-9][0-9])")]
Municipality = Annotated[
    str,
    StringConstraints(max_length=LONGEST_PLACE),
    AfterValidator(_clean_line),
    AfterValidator(MunicipalityText),
    _documented(LONGEST_PLACE, _IN_LINE, "0193", "GM0193", "Zwolle"),
]


class Shape(BaseModel):
    """An object on the wire: lowerCamelCase names, no field that is not listed, no silent conversion."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        serialize_by_alias=True,
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )
