"""Reads CSV tables: UTF-8, comma separated, one header row, every value as text."""

import csv
import io
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

DATA = Path(__file__).with_name("data")

# The tables of a reference by name, each as the text of its file.
Files = Mapping[str, str]
Row = dict[str, str]


def read_table(name: str) -> list[Row]:
    """The rows of the shipped table `name` (a path below `data` without `.csv`), by column name."""
    return rows_of(shipped_text(name))


def rows_of(text: str) -> list[Row]:
    """The rows of a table, by column name."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def columns_of(text: str) -> list[str]:
    """The column names of a table, in their order."""
    return next(csv.reader(io.StringIO(text, newline="")))


def shipped_text(name: str) -> str:
    """The text of a shipped table, byte for byte."""
    return (DATA / f"{name}.csv").read_bytes().decode("utf-8")


def hash_of(files: Files) -> str:
    """`sha256:` and the digest of these tables, each with its name, in the order of the names."""
    digest = sha256()
    for name in sorted(files):
        content = files[name].encode("utf-8")
        digest.update(f"{name}:{len(content)}\n".encode() + content)
    return f"sha256:{digest.hexdigest()}"
