"""G23: as many answers that carried a person's data as rows for that person, reads included, none without."""

import os
from random import Random
from typing import Any, Final

import asyncpg
import pytest

from tests.api.looks import Asking
from tests.api.parties import Parties

Json = dict[str, Any]
# SECURITY asks for 10,000, which `make faults` does.
COUNT = int(os.environ.get("LOOKS", "250"))
# Every way to be shown a person; a head and what is not modified aside.
WAYS: Final = {
    *("GET referrals", "GET referrals/receipt", "GET handovers", "GET handovers/events", "GET imports/rows"),
    *("POST referrals", "POST referrals/_search", "POST referrals/facts", "POST referrals/consents"),
    *("POST referrals/advice", "POST handovers/transitions", "POST access-reports", "POST person-exports"),
    "POST erasures",
}

pytestmark = pytest.mark.usefixtures("directory")


@pytest.fixture
async def asking(parties: Parties, make_key: Any, owner: asyncpg.Connection, body: Json) -> Asking:
    parties.keys["auditor"] = await make_key("school", "00ZZ", "auditor")
    made = Asking(parties, owner, body, Random(20261122))  # noqa: S311  the same walk each time
    for _ in range(3):
        await made.refer()
    await made.import_all()
    return made


async def test_whoever_is_shown_stands_in_the_log_and_nobody_else(asking: Asking) -> None:
    for _ in range(COUNT):
        await asking.one()
    print(f"{COUNT} requests; answers that carried somebody's data: {dict(asking.carried)}")
    assert asking.wrong == []
    assert asking.carried.total() > COUNT // 4
    assert {way for way in asking.carried if not way.startswith("HEAD")} == WAYS


@pytest.mark.parametrize("module", ["reading", "resources", "same_person", "erasable", "importing.shown"])
async def test_control_a_look_that_is_not_noted_is_found(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setattr(f"app.services.{module}.concerns", lambda *_: None)
    for _ in range(250):
        await asking.one()
        if asking.wrong:
            break
    assert asking.wrong != []
