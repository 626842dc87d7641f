"""The tables that `rules impact` puts in the place of what decided: checked first."""

from pathlib import Path

from app.cli.directory_import import open_table
from app.cli.directory_kinds import TYPES
from app.cli.faults_told import fault_in_words, refused
from app.errors import CannotStart
from app.resources import Resources
from app.routing import Rulebook
from app.schemas.directory_table import Read, UnknownTable, read_directory_table
from app.schemas.registering import Registering
from app.services.impact.other import Other, changes_in, overlapping
from app.services.references import Edition


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
        raise refused(file, list(map(fault_in_words, read.faults)))
    return read
