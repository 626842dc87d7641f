"""Whether a code is one that an organisation of its kind can have."""

import re
from typing import Final

from app.errors import CannotStart
from app.reference import Reference

_BRIN: Final = re.compile(r"[0-9]{2}[A-Z]{2}")
_WORD: Final = re.compile(r"[A-Za-z0-9-]{1,64}")


def require_code(kind: str, code: str, reference: Reference) -> None:
    """Raises CannotStart, with what it may be, for what is no code of an organisation of this kind."""
    if why := _why_not(kind, code, reference):
        raise CannotStart(f"{code!r} is no code of a {kind}: {why}")


def _why_not(kind: str, code: str, reference: Reference) -> str | None:
    if kind == "school":
        return None if _BRIN.fullmatch(code) else "a BRIN is two digits and two capitals, such as 00ZZ"
    if kind == "municipality":
        return None if code in reference.places else _why_no_municipality(code, reference)
    if kind == "regional_body":
        known = code in reference.region_codes()
        return None if known else "no region has it; MC29 is one for RMC, VT18 one for Veilig Thuis"
    return None if _WORD.fullmatch(code) else "it is letters, digits and hyphens, 64 at most"


def _why_no_municipality(code: str, reference: Reference) -> str:
    """With the code that was probably meant: of a name, or of a municipality that has merged."""
    meant = reference.resolve(code).code
    if meant is None:
        return "a municipality has four digits that the reference data know"
    return f"it is {meant} for {reference.name_of(meant)}"
