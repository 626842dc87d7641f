"""Reads the files of an import for the command line: their faults are printed and end it."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import typer

from app.cli.counts import counted
from app.cli.session import DONE_WITH_FAULTS
from app.errors import CannotStart
from app.reference import Reference, read_reference
from app.reference.delimited import FAULTS_KEPT, Faults, TableFault
from app.reference.renewal import Unfit, renew
from app.reference.source_kinds import Source
from app.reference.sources import read_source


def read_files(files: Sequence[Path], *, as_json: bool) -> list[Source]:
    """What the files tell; prints all their faults and leaves with 1 where there are any."""
    read = [_read_one(file) for file in files]
    kept = [fault for faults, _ in read for fault in faults.kept]
    if kept:
        _leave_with(kept, sum(faults.count for faults, _ in read), as_json=as_json)
    return [source for _, source in read if source is not None]


def renewed(base: Reference, sources: Sequence[Source], today: date, *, as_json: bool) -> Reference:
    """The reference renewed from the files; where they do not fit, prints why and leaves with 1."""
    try:
        tables = renew(base.files, sources, today)
    except Unfit as unfit:
        _leave_with(unfit.faults[:FAULTS_KEPT], len(unfit.faults), as_json=as_json)
    return base if tables == base.files else read_reference(tables)


def _read_one(file: Path) -> tuple[Faults, Source | None]:
    faults = Faults(file.name)
    try:
        return faults, read_source(file, faults, _progress)
    except OSError as error:
        raise CannotStart(f"{file}: {error.strerror}") from None


def _progress(file: str, rows: int) -> None:
    print(f"{file}: {counted(rows, 'row')}", file=sys.stderr)


def _leave_with(faults: Sequence[TableFault], count: int, *, as_json: bool) -> NoReturn:
    if as_json:
        listed = [fault._asdict() for fault in faults]
        print(json.dumps({"faults": listed, "faultCount": count}, indent=2))
    for fault in faults:
        place = ", ".join(part for part in (f"row {fault.row}" if fault.row else "", fault.column) if part)
        print(": ".join(part for part in (fault.file, place, fault.detail) if part), file=sys.stderr)
    if count > len(faults):
        print(f"and {counted(count - len(faults), 'more fault')}", file=sys.stderr)
    print("Nothing was imported.", file=sys.stderr)
    raise typer.Exit(DONE_WITH_FAULTS)
