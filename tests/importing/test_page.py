"""docs/importing.md lists the columns as the program has them, and every code that a row may have.

With WRITE_EXAMPLES=1 the table is written anew.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.schemas.faults import SENTENCES
from app.schemas.importing import COLUMNS, Column, load_mapping

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "importing.md"
SOURCES: Final = PAGE.parents[1] / "app" / "schemas" / "importing"
RAISED: Final = re.compile(r'"((?:date|municipality|boolean|number|list|code)\.[a-z_]+)"')
BEGIN: Final = "<!-- columns: written by tests/importing/test_page.py -->\n"
END: Final = "<!-- end of columns -->\n"
KINDS: Final = {
    "text": "text",
    "date": "day",
    "whole": "whole number",
    "boolean": "true or false",
    "municipality": "municipality",
}
# Longer lists of values stand below the table, once.
NAMED: Final = {18: "problem domain", 29: "`all`, or receivers joined by `+`"}


def table() -> Iterator[str]:
    yield "| Column | In a cell | Meaning |"
    yield "|---|---|---|"
    for column in COLUMNS:
        yield f"| `{column.name}` | {cell_of(column)} | {column.description} |"
    domains, receivers = (next(c.choices for c in COLUMNS if len(c.choices) == count) for count in NAMED)
    yield f"\n*Problem domains:* {codes(domains)}."
    yield f"\n*Receivers:* {codes(receivers[1:])}."


def cell_of(column: Column) -> str:
    one = KINDS.get(column.kind) or NAMED.get(len(column.choices)) or codes(column.choices)
    if column.many == "map":
        return f"list of problem domain`=`need: {one}"
    if column.many == "list" or (column.among and column.among.is_list):
        return f"list: {one}"
    return one


def codes(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def test_the_page_lists_the_columns_as_they_are() -> None:
    page = PAGE.read_text("utf-8")
    head, rest = page.split(BEGIN)
    kept, tail = rest.split(END)
    made = "\n" + "\n".join(table()) + "\n\n"
    if os.environ.get("WRITE_EXAMPLES") == "1":
        PAGE.write_text(head + BEGIN + made + END + tail, "utf-8")
        return
    assert kept == made, "run WRITE_EXAMPLES=1 pytest tests/importing/test_page.py"


def test_the_page_explains_every_code_of_a_cell() -> None:
    codes_of_cells = {
        code for path in SOURCES.glob("*.py") for code in RAISED.findall(path.read_text("utf-8"))
    }
    section = PAGE.read_text("utf-8").split("## Codes of faults")[1].split("## The columns")[0]
    assert set(re.findall(r"^\| `([a-z_.]+)` \|", section, re.MULTILINE)) == codes_of_cells
    assert codes_of_cells <= SENTENCES.keys()


def test_the_mapping_on_the_page_is_one() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        load_mapping(block.encode())
