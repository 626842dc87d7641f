"""How a column of a file is written, where that is not as ours are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.schemas.columns import LIST_SEPARATOR

TRUE: Final = ("true", "ja", "yes", "1")
FALSE: Final = ("false", "nee", "no", "0")


@dataclass(frozen=True, slots=True)
class Form:
    """Separator of lists, form of dates or municipalities, ours for each code, words for true and false."""

    separator: str = LIST_SEPARATOR
    form: str | None = None
    codes: Mapping[str, str] | None = None
    true: tuple[str, ...] = TRUE
    false: tuple[str, ...] = FALSE


OURS: Final = Form()
