"""What `verwijsroute directory import` tells: the faults of a table, or what it changes."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from app.cli.counts import counted
from app.cli.faults_told import fault_in_words
from app.schemas.directory_table import Read, RowFault, row_fault
from app.schemas.faults import fault
from app.services.directory_import import Imported


def overlaps(read: Read, imported: Imported | None) -> Iterable[RowFault]:
    """The rows that claim the same as another registration for some day."""
    found = fault("/validFrom", "overlap")
    return [row_fault(read.rows[id], found) for id in imported.overlapping] if imported else ()


def in_words(read: Read, imported: Imported | None, faults: list[RowFault], *, dry_run: bool) -> str:
    """The faults, a line each, or what was added, changed and ended."""
    if faults or imported is None:
        lines = list(map(fault_in_words, faults))
        return "\n".join([*lines, f"{counted(len(faults), 'fault')}; nothing was imported."])
    counts = ", ".join(
        f"{len(getattr(imported, name)):,} {name}" for name in ("added", "changed", "ended", "unchanged")
    )
    names = [
        f"{sign} {id}"
        for sign, ids in (("+", imported.added), ("~", imported.changed), ("-", imported.ended))
        for id in ids
    ]
    result = "dry run: nothing was changed" if dry_run else f"edition {imported.edition}"
    return "\n".join([*names, f"{read.kind.name}: {counts}; {result}."])


def in_json(read: Read, imported: Imported | None, faults: list[RowFault], *, dry_run: bool) -> str:
    """The same as JSON."""
    done = asdict(imported) if imported and not faults else None
    told = {
        "kind": read.kind.name,
        "dryRun": dry_run,
        "imported": done,
        "faults": [asdict(f) for f in faults],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)
