"""What the command `import` was asked, and the file of it as something to read."""

import sys
from dataclasses import dataclass
from pathlib import Path

from app.adapters.tables import FileSource
from app.cli.session import read_input
from app.importing import Readable, make_readable
from app.resources import Resources


@dataclass(frozen=True, slots=True)
class Asked:
    """The file, whose it is (BRIN or KIND:CODE), and how to go about it."""

    file: Path
    organisation: str
    mapping: Path | None
    dry_run: bool
    results: Path | None
    processes: int | None
    user: str

    @property
    def name(self) -> str:
        """What the file is called in messages and in the names of its results."""
        return "stdin" if str(self.file) == "-" else self.file.name

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.results or (Path() if str(self.file) == "-" else self.file.parent)


async def readable_of(resources: Resources, asked: Asked) -> Readable:
    """The file, examined; says on standard error how it was read where that is not in UTF-8."""
    async with resources.database.transaction() as connection:
        reference = (await resources.newest_edition(connection)).reference
    mapping = read_input(asked.mapping) if asked.mapping else None
    readable = await make_readable(FileSource(asked.file), mapping, reference)
    if readable.examined.encoding == "Windows-1252":
        told = "it is not UTF-8 and is read as Windows-1252; check names with accents"
        print(f"{asked.name}: {told}", file=sys.stderr)
    return readable
