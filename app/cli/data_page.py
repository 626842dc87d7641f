"""The page that says of every column what it holds and what happens to it, in Markdown."""

from collections.abc import Iterator
from typing import Final

from app.models.columns import Kept, KeptTable, kept_tables

_INTRODUCTION: Final = """\
# What is kept

Made by `verwijsroute data document` from `app/models/columns.toml`; a test compares that with the live
schema, so a column that is not here fails the build. Terms and erasure: [operations](operations.md).

- **encrypted**: AES-256-GCM under a data key of that row, bound to table, column and row. The data key is
  wrapped by a key that is in the settings, not in the database.
- **pseudonymous**: an id, or an index under a key that is in the settings; it tells nothing by itself.
- **plain**: readable for who has the database. Acts, provisions, municipality and dates are, for statistics
  and clocks.

Erasure destroys (keys, ciphertext, indexes) or empties (plain, tied to the person) a column, or keeps it. The
export of a person (`POST /v1/person-exports`) tells what is marked so.
"""


def data_page() -> str:
    """The whole page."""
    tables = kept_tables().items()
    counts = [column.form for _, table in tables for column in table.columns.values()]
    counted = ", ".join(f"{counts.count(form)} {form}" for form in ("encrypted", "pseudonymous", "plain"))
    summary = f"{len(tables)} tables, {len(counts)} columns: {counted}.\n"
    return "\n".join([_INTRODUCTION, summary, *(line for table in tables for line in _table(*table))]) + "\n"


def _table(name: str, table: KeptTable) -> Iterator[str]:
    yield f"## {name}\n"
    yield f"{table.holds} About {_about(table)}; terms of class `{table.retention}`.\n"
    if table.about == "person":
        yield "| Column | Form | Why | Erasure | Export |\n| --- | --- | --- | --- | --- |"
        for column, kept in table.columns.items():
            told = "told" if kept.told else f"left out: {kept.untold}"
            yield f"{_beginning(column, kept)} {kept.erasure} | {told} |"
    else:
        yield "| Column | Form | Why |\n| --- | --- | --- |"
        yield from (_beginning(column, kept) for column, kept in table.columns.items())
    yield ""


def _beginning(column: str, kept: Kept) -> str:
    return f"| `{column}` | {kept.form} | {kept.why} |"


def _about(table: KeptTable) -> str:
    return {"person": "a person", "organisations": "organisations", "nobody": "nobody"}[table.about]
