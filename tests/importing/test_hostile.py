"""Whatever stands in a cell, a header or a mapping: an answer or a named fault, at once."""

import time
from contextlib import suppress
from typing import Final

import pytest
from hypothesis import given, settings, strategies as st

from app.reference import open_reference
from app.schemas.importing import COLUMNS, HeaderFault, MappingFault, Reader, load_mapping
from tests.importing.rows import ENOUGH, faults

NAMES: Final = [column.name for column in COLUMNS]
# Marks in a row: the library that composes them takes time by the square of their number.
MARKS: Final = "a" + "\u0300\u0316" * 60_000
# Texts near to what is read, and anything.
CELLS: Final = (
    st.sampled_from(["null", "[]", "-", "|", "+", "=", "=|=", "all+", "GM", "1e9", "0 AA"])
    | st.sampled_from(["\u00b2", "\u0663", "\u0130", "\u017fep"])
    | st.from_regex(r"[0-9GMA|+=. /-]{0,12}", fullmatch=True)
    | st.text(max_size=30)
)  # fmt: skip
FORMS: Final = """
[columns]
student.birthDate = { form = "d mmm yyyy" }
referenceDate = { form = "serial" }
consents.recipients = { codes = { A = "all" } }
"""


@settings(max_examples=300, deadline=None)
@given(cells=st.dictionaries(st.sampled_from(NAMES), CELLS, max_size=8), mapping=st.sampled_from(["", FORMS]))
def test_any_cell_gives_a_body_or_named_faults(cells: dict[str, str], mapping: str) -> None:
    mapped = {"student.birthDate": "", "referenceDate": "", "consents.recipients": ""}
    faults(mapped | cells, mapping)


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.sampled_from("[]{}=\".,\n\\#'columns constants ignore form codes1"), max_size=60))
def test_any_mapping_is_read_or_refused(text: str) -> None:
    with suppress(MappingFault):
        load_mapping(text.encode())


@pytest.mark.parametrize(
    "column", ["homeMunicipality", "student.birthDate", "circumstances.pregnant", "student.surname"]
)
def test_a_huge_cell_is_refused_at_once(column: str) -> None:
    started = time.process_time()
    assert faults({column: MARKS})
    assert time.process_time() - started < 1


def test_a_huge_name_of_a_column_is_refused_at_once() -> None:
    started = time.process_time()
    with pytest.raises(HeaderFault):
        Reader((*ENOUGH, MARKS), None, open_reference())
    assert time.process_time() - started < 1
