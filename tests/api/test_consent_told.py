"""Whoever was offered a person's data hears that consent to it is gone, however it had ended before."""

from datetime import date
from typing import Any, Final

import pytest

from app.services.lifecycle.table import ENDED
from tests.api.parties import Parties, TickingClock

Json = dict[str, Any]

TODAY: Final = "2026-05-14"
REFUSAL: Final = {
    "givenBy": "student",
    "givenOn": TODAY,
    "purpose": "referral",
    "recipients": "all",
    "refused": True,
}
STARTED: Final = [("kampen", "accept", {}), ("kampen", "start", {"firstContactOn": TODAY})]
AT_DALFSEN: Final = {"kind": "municipality", "municipality": "0148"}
# By the status in which it ends: the steps until there. What was entered in error was nobody's.
STEPS: Final[dict[str, list[tuple[str, str, Json]]]] = {
    "rejected": [("kampen", "reject", {"reason": "residence", "responsibleBody": AT_DALFSEN})],
    "redirected": [("kampen", "redirect", {"team": "kampen-schuldhulp"})],
    "withdrawn": [("school", "withdraw", {"reason": "no_longer_wanted"})],
    "completed": [*STARTED, ("kampen", "complete", {"outcome": "goals_reached"})],
    "stopped": [*STARTED, ("kampen", "stop", {"reason": "no_longer_wanted"})],
}


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock(date.fromisoformat(TODAY))


def test_every_end_is_tried() -> None:
    assert STEPS.keys() == ENDED - {"entered_in_error"}


@pytest.mark.parametrize("status", STEPS)
async def test_who_held_the_data_is_told_that_consent_is_gone(
    parties: Parties, body: Json, status: str
) -> None:
    id = await parties.offered({**body, "problemDomains": ["family_parenting"]})
    for who, action, said in STEPS[status]:
        ended = await parties.step(who, id, action, **said)
    await parties.tell(ended["referralId"], "consents", {"consents": [REFUSAL]})
    told = [event["type"] for event in await parties.told("kampen") if event["handoverId"] == id]
    assert (ended["status"], told[-1]) == (status, "consent.changed")
