"""What `rules impact` found, in words and as JSON."""

import json
from typing import Final

from app.cli.counts import counted
from app.routing import Rulebook
from app.services.impact.tally import Moves, Tally

_SENTENCES: Final = (
    ("unchanged", "stay as they are"),
    ("changed", "change"),
    ("undecidable", "can no longer be decided without a question or the desk"),
    ("unreadable", "could not be read"),
)


def as_text(found: Tally, book: Rulebook | None) -> str:
    """The counts, and of each list what leaves or comes, beside how many routes it had before."""
    under = f" under rulebook {book.version}, {book.hash}" if book else ""
    lines = [f"{counted(found.receipts, 'receipt')} decided again{under}; nothing was changed."]
    lines += [f"{getattr(found, name):>12,}  {sentence}" for name, sentence in _SENTENCES]
    for name, moves in found.by.items():
        moving = sorted(moves.leave.keys() | moves.come.keys())
        if moving:
            lines.append(f"\n{f'routes by {name}':<40} {'before':>10} {'leave':>10} {'come':>10}")
        lines += [_row(moves, one) for one in moving]
    return "\n".join(lines)


def _row(moves: Moves, one: str) -> str:
    return f"{one:<40} {moves.before[one]:>10,} {moves.leave[one]:>10,} {moves.come[one]:>10,}"


def as_json(found: Tally, book: Rulebook | None) -> str:
    """All counts, those of what stays as it is too."""
    told = {
        "rulebook": {"version": book.version, "hash": book.hash} if book else None,
        "receipts": found.receipts,
        "unchanged": found.unchanged,
        "changed": found.changed,
        "noLongerDecidable": found.undecidable,
        "unreadable": found.unreadable,
        **{f"by{name.capitalize()}": _listed(name, moves) for name, moves in found.by.items()},
    }
    return json.dumps(told, indent=2)


def _listed(name: str, moves: Moves) -> list[dict[str, str | int]]:
    return [
        {name: one, "routes": moves.before[one], "leave": moves.leave[one], "come": moves.come[one]}
        for one in sorted(moves.before.keys() | moves.come.keys())
    ]
