"""Municipalities as files write them: by code, name or postcode, and never two of them at once."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal

from app.reference import Reference
from app.schemas.base import LONGEST_PLACE
from app.schemas.importing.cell_fault import CellFault

PlaceForm = Literal["code", "postcode", "either"]
_CODE: Final = re.compile(r"(?:GM)?([0-9]{4})", re.IGNORECASE)
_POSTCODE: Final = re.compile(r"([1-9][0-9]{3}) ?[A-Z]{2}", re.IGNORECASE)
# More than there are municipalities and four-digit postcodes; names in a file may be anything.
_REMEMBERED: Final = 8192


def place_reader(reference: Reference, form: PlaceForm) -> Callable[[str], str]:
    """What turns a cell into a municipality as a request names it.

    Codes become four digits, also those that lost their zeros; a postcode becomes the code of the one
    municipality that it lies in; names stay as they are. `form` says what four digits are: in `either`
    those that are a code and the postcode of another municipality are a fault.
    """

    @lru_cache(_REMEMBERED)
    def found(text: str) -> str:
        if text.isascii() and text.isdigit() and len(text) <= 4:
            return _of_digits(text.zfill(4), reference, form)
        postcode = _POSTCODE.fullmatch(text)
        if postcode:
            return _of_postcode(postcode[1], reference)
        code = _CODE.fullmatch(text)
        return _known(code[1] if code else text, reference)

    # What is longer is no municipality: the request says so, and nobody compares or remembers it.
    return lambda text: found(text) if len(text) <= LONGEST_PLACE else text


def _of_digits(digits: str, reference: Reference, form: PlaceForm) -> str:
    touched = reference.municipalities_of_pc4(digits)
    found = reference.resolve(digits)
    is_code = bool(found.code or found.candidates)
    if form == "postcode" or (form == "either" and touched and not is_code):
        return _of_postcode(digits, reference)
    if touched and touched != (found.code,) and (form == "either" or not is_code):
        raise CellFault("municipality.code_or_postcode")
    return _known(digits, reference)


def _of_postcode(pc4: str, reference: Reference) -> str:
    touched = reference.municipalities_of_pc4(pc4)
    if len(touched) != 1:
        raise CellFault("municipality.ambiguous" if touched else "municipality.unknown")
    return touched[0]


def _known(text: str, reference: Reference) -> str:
    """The text; several municipalities of today may be meant, which the day of the request may settle."""
    found = reference.resolve(text)
    if found.code is None and not found.candidates:
        raise CellFault("municipality.unknown")
    return text
