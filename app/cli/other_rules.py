"""The rulebook that `rules impact` puts in the place of what decided: its files, checked first."""

from pathlib import Path

from app.cli.faults_told import refused
from app.errors import CannotStart
from app.routing import Rulebook, RulebookError, load_rulebook
from app.routing.check import check_rulebook, last_day_checked


def other_rulebook(folder: Path) -> Rulebook:
    """The rulebook in a folder, complete and unambiguous; raises CannotStart."""
    if not folder.is_dir():
        raise CannotStart(f"{folder}: no such folder")
    try:
        book = load_rulebook(folder)
    except RulebookError as error:
        raise CannotStart(f"{folder}: {error}") from None
    faults = [fault for stage in check_rulebook(book, last_day_checked(book)) for fault in stage.faults]
    if faults:
        raise refused(folder, faults)
    return book
