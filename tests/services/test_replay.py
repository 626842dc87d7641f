"""Every stored receipt, decided again by the rulebook and edition it names, gives the same answer."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.reference import open_reference
from app.reference.cases import WorkedCase, worked_cases
from app.routing import route
from app.routing.plain import facts_from, to_plain
from app.schemas.json_body import parse
from app.schemas.request import ReferralRequest
from app.schemas.submission import to_submission
from app.services.references import find_edition
from app.services.referrals import find_receipt, submit
from app.services.rulebooks import find_rulebook, store_rulebook


@pytest.mark.parametrize("case", worked_cases(), ids=lambda case: case.case_id)
async def test_a_receipt_gives_the_same_decision_again(world: Any, case: WorkedCase) -> None:
    reference, today = open_reference(), world.now.date()
    sent = parse(json.dumps(case.request()).encode(), ReferralRequest)
    submission = to_submission(sent, reference, today, path="/v1/referrals")
    async with world.database.transaction() as connection:
        await store_rulebook(connection, world.rulebook, world.now)
        deciding = replace(world.deciding(), today=today)
        submitted = await submit(connection, submission, client=world.school, deciding=deciding)
        receipt = await find_receipt(connection, world.school, world.keyring, submitted.referral["id"])
        stored = receipt["decision"]
        rulebook = await find_rulebook(connection, stored["rulebook"]["hash"])
        directory, _ = await find_edition(connection, stored["directory"]["edition"])
    days = date.fromisoformat(receipt["referenceDate"]), date.fromisoformat(receipt["today"])
    assert to_plain(route(facts_from(receipt["facts"]), rulebook, directory, *days)) == stored
