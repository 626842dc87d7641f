"""Days as they are typed."""

from datetime import date
from typing import Final

import typer

AS_TYPED: Final = "YYYY-MM-DD"


def day_of(text: str) -> date:
    """The day that a text as YYYY-MM-DD names; raises BadParameter, to which the option's name is added."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise typer.BadParameter(f"write a day as {AS_TYPED}")
    return day
