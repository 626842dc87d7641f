"""Numbers of things in words."""


def counted(number: int, thing: str) -> str:
    """How many, as in `1 row` and `2,000 rows`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
