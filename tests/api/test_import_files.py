"""Files of other kinds over HTTP: a workbook, and text of an old program."""

from typing import Final

import pytest
from httpx import AsyncClient

from app.resources import Resources
from tests.api.uploads import results, send, work
from tests.import_runs.students import as_csv, as_workbook, students

pytestmark = pytest.mark.usefixtures("directory")

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def test_a_workbook_is_worked_off_and_a_row_with_an_error_alone_is_invalid(
    school: AsyncClient, resources: Resources
) -> None:
    first, wrong, last = students(3)
    content = as_workbook([first, {**wrong, "student.birthDate": "#N/A"}, last])
    sent = await send(school, content, Content_Type=XLSX)
    await work(resources)
    done = (await school.get(sent.headers["location"])).json()
    assert (done["status"], done["format"], done["rows"]["done"]) == ("succeeded", "xlsx", 3)
    listed = await results(school, sent.headers["location"])
    assert [bool(row["referralId"]) for row in listed] == [True, False, True]
    (fault,) = listed[1]["faults"]
    assert (fault["column"], fault["code"]) == ("student.birthDate", "cell.excel_error")


async def test_text_of_an_old_program_is_named_and_a_ragged_row_alone_is_invalid(
    school: AsyncClient, resources: Resources
) -> None:
    header, first, short, last = as_csv(students(3)).replace("Sanne", "Zoë").splitlines()
    lines = [header, first, short.rpartition(",")[0], last]
    sent = await send(school, "\n".join(lines).encode("cp1252"))
    await work(resources)
    done = (await school.get(sent.headers["location"])).json()
    assert (done["encoding"], done["delimiter"]) == ("Windows-1252", "comma")
    listed = await results(school, sent.headers["location"])
    assert [fault["code"] for row in listed for fault in row["faults"]] == ["row.cells"]
