"""One file or standard input imported by a command: to its end, or until somebody stops it."""

import sys
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from app.cli.acting import acting_for
from app.cli.import_asked import Asked
from app.cli.import_begun import begin_file
from app.cli.import_faults import naming_faults
from app.cli.import_going import go_on
from app.cli.import_input import begin_input
from app.cli.import_results import FileResults
from app.resources import Resources
from app.services.importing.imports import Import


@dataclass(frozen=True, slots=True)
class Done:
    """The import afterwards, where its results are, and the names of its municipalities by code."""

    import_: Import
    results: list[Path]
    names: dict[str, str]


async def run_file(resources: Resources, asked: Asked) -> Done:
    """Imports the file as far as it goes; raises CannotStart with what keeps it from going on."""
    async with AsyncExitStack() as stack:
        stack.enter_context(naming_faults(asked.name, str(asked.mapping)))
        client = await acting_for(resources, asked.organisation, "referrer")
        results = stack.enter_context(closing(FileResults(asked.folder, asked.name)))
        begin = begin_input if asked.is_input else begin_file
        import_, readable = await begin(resources, asked, client)
        _tell(asked.name, import_, readable.examined.encoding)
        import_ = await go_on(resources, asked, readable, import_, results)
        reference = await resources.reference_lately()
        names = {code: reference.name_of(code) for code in import_.summary.get("municipalities", {})}
        return Done(import_, results.paths, names)


def _tell(name: str, import_: Import, encoding: str | None) -> None:
    """What is to be known before, on standard error."""
    if encoding == "Windows-1252":
        told = "it is not UTF-8 and is read as Windows-1252; check names with accents"
        print(f"{name}: {told}", file=sys.stderr)
    if import_.rows_done:
        told = f"goes on after row {import_.last_row}; {import_.rows_done:,} rows were done before"
        print(f"{name}: {told}", file=sys.stderr)
