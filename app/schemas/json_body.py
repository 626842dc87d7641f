"""A request body from bytes: strict JSON, no doubled names, no citizen numbers, then the shape."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final, Generic, NoReturn, TypeVar
from unicodedata import normalize

from pydantic import ValidationError

from app.errors import Fault, InvalidInput
from app.schemas.base import Shape
from app.schemas.faults import code_of, fault

S = TypeVar("S", bound=Shape)

MAX_FAULTS: Final = 20
# More names than any object of the contract has: what is longer costs time and says nothing.
MAX_NAMES: Final = 200
# More than any body has, or a text may hold of that sign: 250,000 empty objects kept others waiting a second.
MAX_OBJECTS: Final = 20_000
# Names under which a BSN, education number or another number of the state for a person travels (LAW E-20 to
# E-24), letters only and in lower case.
_NUMBER: Final = "(?:n(?:r|o|um)|id|code)"
_CITIZEN_NUMBER: Final = re.compile(
    f"(?<!c)bsn|burgerservice|citizenservice|pgn|sofi(?:$|n)|sociaalfiscaal|socialsecurity|^ssn$|^[av]n(?:r|ummer)$|"
    f"(?:persoonsgebonden|persoons|onderwijs|vreemdelingen|citizen|education|national){_NUMBER}|nationalident"
)
# Longer names than any of ours are not remembered: a thousand of a megabyte would fill the memory.
LONGEST_KNOWN_NAME: Final = 64
_NOTHING: Final = object()
# The deepest body of the contract has seven levels.
MAX_DEPTH: Final = 32
_STRING: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_BRACKET: Final = re.compile(r"[\[\]{}]")
# No name of ours has so many digits; a number or an id of somebody may.
_PLAIN_NAME: Final = re.compile(r"(?!.*[0-9]{3})[A-Za-z_][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Parsed(Generic[S]):
    """A body as a shape, and as it was sent."""

    shape: S
    plain: Any

    @property
    def content(self) -> bytes:
        """The canonical JSON of what was sent: the same for every order of names and every layout."""
        return json.dumps(self.plain, sort_keys=True, separators=(",", ":")).encode()


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with its names as they were written, doubled ones included."""


class _Suspect(ValueError):
    """An object has a doubled or refused name, or too many; where it stands is looked up afterwards."""


def parse(body: bytes, kind: type[S], most_objects: int = MAX_OBJECTS) -> Parsed[S]:
    """The body as the shape; raises InvalidInput with at most twenty faults, which hold no values."""
    return shaped(read_json(body, most_objects), kind)


def shaped(plain: Any, kind: type[S]) -> Parsed[S]:
    """What was read as the shape; raises InvalidInput as `parse` does."""
    try:
        shape = kind.model_validate(plain)
    except ValidationError as error:
        raise InvalidInput(*faults_of(error, plain)) from None
    return Parsed(shape, plain)


def faults_of(error: ValidationError, plain: Any) -> list[Fault]:
    """At most twenty faults of a shape that did not fit the document, each with its place in it."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        fault(_pointer(plain, item["loc"], item["type"]), code_of(item["type"]))
        for item in found[:MAX_FAULTS]
    ]


def read_json(body: bytes, most_objects: int = MAX_OBJECTS) -> Any:
    """What the JSON says; raises InvalidInput where it is none, or where a name in it is refused."""
    try:
        text = body.decode("utf-8")
        if _is_too_deep(text):
            raise InvalidInput(fault("", "json.too_deep"))
        if text.count("{") > most_objects:
            raise InvalidInput(fault("", "too_long"))
        return _strict(text)
    except ValueError:
        raise InvalidInput(fault("", "json.invalid")) from None


def _strict(text: str) -> Any:
    """The document; raises ValueError where it is none, also after an object that is refused."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except _Suspect:
        found = _suspects(json.loads(text, object_pairs_hook=_Pairs))
        raise InvalidInput(*islice(found, MAX_FAULTS)) from None


def read_one(text: str, position: int) -> tuple[Any | InvalidInput, int]:
    """The value that begins at a position, and where it ends: as strict as `parse`, for one of a list.

    An object with a doubled or refused name spoils that value alone: InvalidInput then stands for it.
    Raises ValueError or RecursionError where no value can be read, and nothing after it either.
    """
    try:
        value, end = _STRICT.raw_decode(text, position)
    except _Suspect:
        pairs, end = _KEEPING.raw_decode(text, position)
        return InvalidInput(*islice(_suspects(pairs), MAX_FAULTS)), end
    return (InvalidInput(fault("", "json.too_deep")) if _is_too_deep(text[position:end]) else value), end


def _is_too_deep(text: str) -> bool:
    """Whether brackets go deeper than any body of the contract; few of them cannot, and are only counted."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(pairs) > MAX_NAMES or len(found) != len(pairs) or any(map(names_citizen_number, found)):
        raise _Suspect
    return found


def _no_constant(_: str) -> NoReturn:
    """NaN and the infinities are no JSON, though Python reads them."""
    raise ValueError


_STRICT: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)
_KEEPING: Final = json.JSONDecoder(object_pairs_hook=_Pairs, parse_constant=_no_constant)


def names_citizen_number(name: str) -> bool:
    """Whether a property's name says that it holds a BSN or education number."""
    return _known_name(name) if len(name) <= LONGEST_KNOWN_NAME else _names_it(name)


@lru_cache(maxsize=1024)
def _known_name(name: str) -> bool:
    return _names_it(name)


def _names_it(name: str) -> bool:
    # Wide, small and other forms of a letter are that letter.
    letters = "".join(filter(str.isalpha, normalize("NFKC", name))).lower()
    return _CITIZEN_NUMBER.search(letters) is not None


def _suspects(node: Any, pointer: str = "") -> Iterator[Fault]:
    """Every doubled or refused name and oversized object in the document, with its place."""
    if isinstance(node, _Pairs):
        seen: set[str] = set()
        if len(node) > MAX_NAMES:
            yield fault(pointer, "too_long")
        for name, value in node[:MAX_NAMES]:
            place = f"{pointer}/{shown(name)}"
            if names_citizen_number(name):
                yield fault(place, "citizen_number_refused")
            if name in seen:
                yield fault(place, "json.duplicate_key")
            seen.add(name)
            yield from _suspects(value, place)
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _suspects(item, f"{pointer}/{index}")


def shown(name: str | int) -> str:
    """A name fit to repeat in an answer: what does not look like a property's name becomes `?`."""
    return str(name) if isinstance(name, int) or _PLAIN_NAME.fullmatch(name) else "?"


def _pointer(plain: Any, location: Sequence[str | int], kind: str) -> str:
    """The JSON pointer of a fault: pydantic's path without the steps that are not in the document."""
    steps: list[str] = []
    node = plain
    for step in location:
        child = _child(node, step)
        if child is not _NOTHING:
            node = child
        elif kind != "missing" or step != location[-1]:
            continue
        steps.append(shown(step))
    return "".join(f"/{step}" for step in steps)


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(step, _NOTHING)
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return _NOTHING
