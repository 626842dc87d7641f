"""Reads the shipped CSV tables: UTF-8, comma separated, one header row, every value as text."""

import csv
from hashlib import sha256
from pathlib import Path

DATA = Path(__file__).with_name("data")


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of the table `name` (a path below `data` without `.csv`), by column name."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def hash_of(names: tuple[str, ...]) -> str:
    """`sha256:` and the digest of these tables, each with its name, in the order given."""
    digest = sha256()
    for name in names:
        content = (DATA / f"{name}.csv").read_bytes()
        digest.update(f"{name}:{len(content)}\n".encode() + content)
    return f"sha256:{digest.hexdigest()}"
