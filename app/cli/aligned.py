"""Rows of text in columns that line up."""

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """A line for each row, two spaces between the columns; a column that is empty everywhere is left out."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width) for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
