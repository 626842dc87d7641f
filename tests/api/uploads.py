"""Files of referrals for tests of imports, and who works them off: the worker's own job."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final

from httpx import AsyncClient, Response

from app.resources import Resources
from app.worker.imports import Importing

Json = dict[str, Any]
ROW: Final = {
    "sourceReference": "sis-1",
    "student.studentNumber": "S0012345",
    "student.firstNames": "Sanne",
    "student.surname": "Voorbeeld",
    "student.birthDate": "2008-05-15",
    "student.postcode": "8261AA",
    "homeMunicipality": "0166",
    "school.brin": "00ZZ",
    "school.coreMunicipality": "0193",
    "problemDomains": "debts",
    "supportVariant": "own_neighbourhood",
    "consents.givenBy": "student",
    "consents.givenOn": "2026-05-13",
    "consents.purpose": "referral",
    "consents.recipients": "all",
    "referrer.name": "M. Voorbeeld",
    "reason": "Free text for the receiving team.",
}


def rows(count: int, **changed: str) -> list[Json]:
    """So many students, each with a reference of its own."""
    return [
        {**ROW, "sourceReference": f"sis-{n}", "student.studentNumber": f"S{n:07}", **changed}
        for n in range(1, count + 1)
    ]


def table(told: Iterable[Json]) -> bytes:
    """These rows as CSV, as a Dutch spreadsheet writes it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ROW), delimiter=";")
    writer.writeheader()
    writer.writerows(told)
    return text.getvalue().encode()


async def send(http: AsyncClient, content: bytes, query: str = "", **headers: str) -> Response:
    """Sends a file as the body itself."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await http.post(
        f"/v1/imports{query}", content=content, headers={"Content-Type": "text/csv", **named}
    )


async def send_form(http: AsyncClient, content: bytes, **fields: str) -> Response:
    """Sends a file in a form, behind its fields."""
    return await http.post("/v1/imports", data=fields, files={"file": ("cohort.csv", content)})


async def work(resources: Resources, importing: Importing | None = None) -> None:
    """Works off all that waits, and stops."""
    job = importing or Importing()
    try:
        async with asyncio.timeout(90):
            while await job.run(resources) or job.under_way:
                pass
    finally:
        await job.finish()


async def results(http: AsyncClient, place: str) -> list[Json]:
    """What became of all rows of an import, page by page."""
    found: list[Json] = []
    path: str | None = f"{place}/rows?limit=100"
    while path:
        page = await http.get(path)
        found += page.json()["items"]
        path = page.links["next"]["url"] if "next" in page.links else None
    return found


async def until(holds: Callable[[], Awaitable[Any]]) -> None:
    """Waits for something that others bring about."""
    async with asyncio.timeout(60):
        while not await holds():  # noqa: ASYNC110  they are no tasks of this test
            await asyncio.sleep(0.02)
