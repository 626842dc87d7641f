"""What `verwijsroute import` prints: the summary of an import."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from app.cli.counts import counted
from app.services.importing.imports import Import

# In words the largest; `--json` has all.
_MOST: Final = 20
_PARTS: Final = ("acts", "municipalities", "teams")


def summary_as_json(import_: Import, results: Sequence[Path]) -> str:
    """The counts of an import, all of them, as JSON."""
    told: dict[str, Any] = {
        "id": str(import_.id),
        "status": import_.status,
        "dryRun": import_.dry_run,
        "rows": {"total": import_.rows_total, "done": import_.rows_done},
        "outcomes": dict(import_.outcomes),
        **{part: dict(import_.summary.get(part, {})) for part in _PARTS},
        "results": [str(path) for path in results],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def summary_in_words(import_: Import, results: Sequence[Path], names: Mapping[str, str]) -> str:
    """The counts of an import, largest first; `names` are those of municipalities by code."""
    rows = counted(import_.rows_total or 0, "row")
    lines = [f"{import_.rows_done:,} of {rows}, import {import_.id}"]
    lines += ["Dry run: nothing was stored."] if import_.dry_run else []
    lines += _table("outcome", import_.outcomes, {})
    for part in _PARTS:
        lines += _table(part, import_.summary.get(part, {}), names if part == "municipalities" else {})
    lines += [f"Results: {path}" for path in results]
    return "\n".join(lines)


def _table(head: str, counts: Mapping[str, int], names: Mapping[str, str]) -> Iterator[str]:
    if not counts:
        return
    yield f"\n{head}"
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for name, count in ordered[:_MOST]:
        yield f"  {count:>9,}  {' '.join(filter(None, (name, names.get(name))))}"
    if len(ordered) > _MOST:
        yield f"  and {len(ordered) - _MOST:,} more"
