"""What `rules impact` puts in the place of what decided: rule files and tables, checked first."""

from pathlib import Path

from app.cli.directory_import import open_table
from app.cli.directory_kinds import TYPES
from app.errors import CannotStart
from app.resources import Resources
from app.routing import Rulebook, RulebookError, load_rulebook
from app.routing.check import check_rulebook, last_day_checked
from app.schemas.directory_table import Read, UnknownTable, read_directory_table
from app.schemas.registering import Registering
from app.services.impact.other import Other, changes_in, overlapping
from app.services.references import Edition


def other_rulebook(folder: Path) -> Rulebook:
    """The rulebook in a folder, complete and unambiguous; raises CannotStart."""
    try:
        book = load_rulebook(folder)
    except RulebookError as error:
        raise CannotStart(f"{folder}: {error}") from None
    faults = [fault for stage in check_rulebook(book, last_day_checked(book)) for fault in stage.faults]
    if faults:
        raise CannotStart(f"{folder}: {len(faults)} faults in the rules, of which the first is: {faults[0]}")
    return book


async def other_directory(
    resources: Resources, book: Rulebook | None, files: list[Path], *, end_missing: bool
) -> Other:
    """What the tables say otherwise than the newest edition, beside a rulebook; raises CannotStart."""
    async with resources.database.reading() as connection:
        edition = await resources.newest_edition(connection)
    other = Other(book.files if book else None)
    for file in files:
        read = _read(file, edition, resources)
        things, gone = changes_in(
            edition.directory, TYPES[read.kind.name], read.things, end_missing=end_missing
        )
        other = Other(other.rulebook_files, (*other.things, *things), other.gone | gone)
    doubled = overlapping(edition.directory, other)
    if doubled:
        raise CannotStart(f"{', '.join(doubled)}: overlaps with another registration")
    return other


def _read(file: Path, edition: Edition, resources: Resources) -> Read:
    registering = Registering(edition.reference, edition.directory, resources.clock.today())
    try:
        read = read_directory_table(open_table(file), registering)
    except UnknownTable:
        raise CannotStart(
            f"{file}: its columns are those of no known table; see `directory export`"
        ) from None
    if read.faults:
        first = read.faults[0]
        place = f"row {first.row}, column {first.column or '-'}"
        raise CannotStart(f"{file}: {len(read.faults)} faults; {place}: {first.detail} [{first.code}]")
    return read
