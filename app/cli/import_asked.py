"""What the command `import` was asked."""

from dataclasses import dataclass
from pathlib import Path

from app.cli.session import read_input


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
    def is_input(self) -> bool:
        """Whether standard input is read."""
        return str(self.file) == "-"

    @property
    def name(self) -> str:
        """What the file is called in messages and in the names of its results."""
        return "stdin" if self.is_input else self.file.name

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.results or (Path() if self.is_input else self.file.parent)

    def read_mapping(self) -> bytes | None:
        """The mapping as it stands in its file; raises CannotStart."""
        return read_input(self.mapping) if self.mapping else None
