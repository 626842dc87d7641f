"""The calls under "Over the API" in docs/importing.md do what it says."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest
from httpx import AsyncClient, Request, Response

from app.resources import Resources
from tests.api.uploads import work

ROOT = Path(__file__).resolve().parents[2]
SECTION = (
    (ROOT / "docs" / "importing.md").read_text("utf-8").partition("## Over the API")[2].partition("\n## ")[0]
)
SHOWN = re.findall(r"^curl (.*?[^\\])$", SECTION, re.MULTILINE | re.DOTALL)


def called(http: AsyncClient, shown: str, id: str) -> Request:
    """What curl would send, with the key of the client."""
    words = shlex.split(shown.replace("\\\n", ""))
    said = [(flag, value) for flag, value in pairwise(words) if flag.startswith("-")]
    address = next(word for word in words if word.startswith("$URL"))
    parts = [value.partition("=")[::2] for flag, value in said if flag == "-F"]
    files = [
        (name, (None, (ROOT / value[1:]).read_bytes() if value.startswith("@") else value))
        for name, value in parts
    ]
    return http.build_request(
        dict(said).get("-X", "POST" if files else "GET"),
        address.replace("$URL", "/v1").replace("$ID", id),
        headers=dict(value.split(": ") for flag, value in said if flag == "-H" and "KEY" not in value),
        files=files or None,
    )


@pytest.mark.usefixtures("directory")
async def test_the_calls_of_the_page_do_what_it_says(school: AsyncClient, resources: Resources) -> None:
    id = ""

    async def call(number: int) -> Response:
        return await school.send(called(school, SHOWN[number], id))

    sent = await call(0)
    id = sent.json()["id"]
    assert (sent.status_code, sent.headers["location"]) == (202, f"/v1/imports/{id}")
    assert "retry-after" in sent.headers
    assert (await call(0)).json()["id"] == id
    await work(resources)
    ended = await call(1)
    assert (ended.json()["status"], ended.json()["dryRun"]) == ("succeeded", True)
    assert "retry-after" not in ended.headers
    assert (await call(2)).status_code == 200
    assert (await call(3)).status_code == 409
