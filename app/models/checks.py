"""The text of CHECK constraints over closed lists."""


def one_of(column: str, *values: str) -> str:
    """The column holds one of the values; they are our own words, never input."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"
