"""The calls under "Follow a handover" in the README do what it shows."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

Json = dict[str, Any]
SECTION = (
    (Path(__file__).resolve().parents[2] / "README.md")
    .read_text("utf-8")
    .partition("### Follow a handover")[2]
)


@pytest.mark.usefixtures("directory")
async def test_the_calls_of_the_readme_do_what_it_shows(
    school: AsyncClient, body: Json, make_key: Any
) -> None:
    key = {"Authorization": f"Bearer {await make_key('municipality', '0166', 'team', 'desk')}"}
    await school.post("/v1/referrals", json=body)
    listing, step = re.findall(r'curl "http://127\.0\.0\.1:8000([^"]+)"', SECTION)
    offered = (await school.get(listing, headers=key)).json()["items"]
    version, sent = re.findall(r"If-Match: ([^']+)' -d '([^']+)'", SECTION)[0]
    answer = await school.post(
        step.replace("$ID", offered[0]["id"]), json=json.loads(sent), headers={**key, "If-Match": version}
    )
    shown = json.loads(re.findall(r"^\{.*\}$", SECTION, re.MULTILINE)[0].replace(", …", ""))
    assert {name: answer.json()[name] for name in shown} == shown
