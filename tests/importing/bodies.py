"""Bodies of `POST /v1/referrals` as Hypothesis makes them: every field told, none or absent."""

from datetime import date
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from app.reference import open_reference
from app.schemas.base import Shape
from app.schemas.columns import bare
from app.schemas.request import ReferralRequest
from app.schemas.words import ReceiverKind

# Codes of today and before, some of them a postcode as well, and names.
PLACES: Final = (*open_reference().places, "0168", "1641", "Den Haag", "'s-Hertogenbosch", "Bergen (NH.)")
UNLIKE_TEXT: Final = ("", "null")
LINES: Final = (
    st.text(st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(' |;,"=+-'), max_size=40)
    .map(str.strip)
    .filter(lambda text: text not in UNLIKE_TEXT)
)
TEXTS: Final = {
    "sourceReference": st.from_regex(r"[!-~]{1,128}", fullmatch=True).filter(lambda text: text != "null"),
    "postcode": st.from_regex(r"[1-9][0-9]{3}( ?[A-Za-z]{2})?", fullmatch=True),
    "brin": st.from_regex(r"[0-9]{2}[A-Z]{2}", fullmatch=True),
    "location": st.from_regex(r"[0-9]{2}[A-Z]{2}[0-9]{2}", fullmatch=True),
    "email": st.from_regex(r"[a-z.+-]{1,20}@[a-z.]{1,20}", fullmatch=True),
    "phone": st.from_regex(r"\+?[0-9][0-9 ()-]{2,28}[0-9]", fullmatch=True),
}
RECIPIENTS: Final = st.just("all") | st.lists(
    st.sampled_from(get_args(ReceiverKind.__value__)), min_size=1, max_size=5
)


def bodies_of(shape: type[Shape]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects of a shape as JSON has them."""
    told = {str(field.alias): _told(str(field.alias), field) for field in shape.model_fields.values()}
    needed = {str(field.alias) for field in shape.model_fields.values() if field.is_required()}
    return st.fixed_dictionaries(
        {name: values for name, values in told.items() if name in needed},
        optional={name: values for name, values in told.items() if name not in needed},
    )


def _told(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    if name == "recipients":
        return RECIPIENTS
    values = _values(name, bare(field.annotation))
    return values | st.none() if NoneType in get_args(field.annotation) else values


def _values(name: str, kind: Any) -> st.SearchStrategy[Any]:
    if get_origin(kind) is list:
        items = _values(name, bare(get_args(kind)[0]))
        return st.lists(items, min_size=name == "problemDomains", max_size=3)
    if get_origin(kind) is dict:
        return st.dictionaries(*(_values(name, bare(arg)) for arg in get_args(kind)), max_size=3)
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if issubclass(kind, Shape):
        return bodies_of(kind)
    if kind is str:
        return st.sampled_from(PLACES) if "unicipality" in name else TEXTS.get(name, LINES)
    days = st.dates(date(2015, 1, 1), date(2100, 12, 31)).map(str)
    return {date: days, bool: st.booleans(), int: _numbers(name)}[kind]


def _numbers(name: str) -> st.SearchStrategy[int]:
    return st.integers(1900, 2100) if name == "birthYear" else st.integers(0, 30)


def _is_told(body: dict[str, Any]) -> bool:
    """Whether the cells can tell it: with a reference, and no lone child of whom all is null."""
    children: list[dict[str, Any]] = (body.get("circumstances") or {}).get("children") or []
    no_child = len(children) == 1 and len(children[0]) == 3 and not any(children[0].values())
    return body.get("sourceReference") is not None and not no_child


BODIES: Final = bodies_of(ReferralRequest).filter(_is_told)
