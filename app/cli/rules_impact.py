"""`verwijsroute rules impact`: what would be decided otherwise under another rulebook or directory."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from app.cli.impact_words import as_json, as_text
from app.cli.import_progress import telling
from app.cli.other_directory import other_directory
from app.cli.other_rules import other_rulebook
from app.cli.session import DONE_WITH_FAULTS, with_resources
from app.errors import CannotStart
from app.impact import find_impact, open_processes
from app.resources import Resources
from app.services.impact.tally import Tally


def _new(output: Path | None) -> Path | None:
    """The file that is to be made; raises CannotStart where it is there."""
    if output and os.path.lexists(output):
        raise CannotStart(f"{output} is there already: --output is a new file")
    return output


Output = Annotated[
    Path | None,
    typer.Option(callback=_new, help="A new file for a line of JSON for each referral that changes."),
]


def impact(
    *,
    rulebook: Annotated[
        Path | None, typer.Option(help="A folder of rule files; without it each decision keeps its rulebook.")
    ] = None,
    directory: Annotated[
        list[Path] | None,
        typer.Option(
            help="A table as `directory export` writes it, once for each kind. What it says otherwise than "
            "the newest edition is put into the edition of each decision."
        ),
    ] = None,
    end_missing: Annotated[
        bool, typer.Option(help="Leave out those of the same kind that are not in the table.")
    ] = False,
    output: Output = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="How many decide at a time.")] = 2,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Decide every stored referral again, and tell what would change; nothing is changed.

    Each is decided for its own day, with its own facts and with what it was decided with, save what is named
    here. With nothing named nothing should differ. Exit code 1 where a receipt could not be read.
    """
    book = other_rulebook(rulebook) if rulebook else None

    async def work(resources: Resources) -> Tally:
        other = await other_directory(resources, book, directory or [], end_missing=end_missing)
        with (
            _lines(output) as write,
            telling("rules impact", "receipts") as tell,
            open_processes(resources.settings, other, processes) as pool,
        ):
            return await find_impact(resources, other, pool, processes, tell=tell, write=write)

    found = with_resources(work)
    print((as_json if json else as_text)(found, book))
    raise typer.Exit(DONE_WITH_FAULTS if found.unreadable else 0)


@contextmanager
def _lines(output: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Writes lines to a file that is there when all of them are, and for nobody else to read."""
    if output is None:
        yield len
        return
    part = output.with_name(f"{output.name}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file.write
        part.replace(output)
    except OSError as error:
        raise CannotStart(f"{output}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
