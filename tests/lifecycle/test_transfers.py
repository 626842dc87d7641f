"""Warm transfers: the student has somebody until the next has accepted, however often it is passed on."""

from uuid import UUID

import pytest

from app.errors import Unfit
from tests.lifecycle.stage import TODAY, Json, Row, Stage

PENDING = "transfer_pending"


async def handed_on(stage: Stage, status: str = "in_progress") -> tuple[UUID, UUID]:
    """Support that runs and is being handed over to Zwolle: the giver and who is asked."""
    giver = await stage.offered()
    await stage.step("team", giver, "accept")
    if status != "accepted":
        await stage.step("team", giver, "start", firstContactOn=TODAY)
    if status == "on_hold":
        later = stage.deciding.today.replace(month=12)
        await stage.step("team", giver, "hold", reason="waiting_list", expectedOn=later)
    answer = await stage.step("team", giver, "redirect", team="zwolle-wijkteam")
    assert (answer["status"], answer["flags"]) == (status, [PENDING])
    return giver, UUID(answer["succeededBy"])


def lineage(row: Row) -> tuple[UUID | None, UUID | None]:
    return row["preceded_by"], row["succeeded_by"]


@pytest.mark.parametrize("status", ["accepted", "in_progress", "on_hold"])
async def test_it_takes_effect_when_the_other_accepts(stage: Stage, status: str) -> None:
    giver, taker = await handed_on(stage, status)
    await stage.step("other_team", taker, "accept")
    gave, took = await stage.row(giver), await stage.row(taker)
    assert (gave["status"], gave["flags"], gave["reason"]) == ("redirected", [], None)
    assert (lineage(gave), lineage(took)) == ((None, taker), (giver, None))


@pytest.mark.parametrize(
    ("who", "which", "action", "said"),
    [
        ("other_team", "taker", "reject", {"reason": "no_capacity"}),
        ("referrer", "taker", "withdraw", {"reason": "duplicate"}),
        ("team", "giver", "cancel_redirect", {}),
        ("operator", "taker", "mark_in_error", {"reason": "wrong_data"}),
    ],
)
async def test_it_is_undone_when_it_ends_otherwise_and_nobody_else_is_asked(
    stage: Stage, who: str, which: str, action: str, said: Json
) -> None:
    giver, taker = await handed_on(stage)
    await stage.step(who, {"giver": giver, "taker": taker}[which], action, **said)
    gave, took = await stage.row(giver), await stage.row(taker)
    assert (gave["status"], gave["flags"], lineage(gave)) == ("in_progress", [], (None, None))
    assert lineage(took) == (giver, None)
    assert len(await stage.handovers(gave["referral_id"])) == 2


async def test_what_is_passed_on_cold_is_taken_over_by_the_last_of_the_chain(stage: Stage) -> None:
    giver, taker = await handed_on(stage)
    last = UUID((await stage.step("other_team", taker, "redirect", team="dalfsen-wijkteam"))["succeededBy"])
    assert (await stage.row(giver))["flags"] == [PENDING]
    await stage.step("other_municipality", last, "accept")
    rows = [await stage.row(id) for id in (giver, taker, last)]
    assert [row["status"] for row in rows] == ["redirected", "redirected", "accepted"]
    assert [lineage(row) for row in rows] == [(None, taker), (giver, last), (taker, None)]


@pytest.mark.parametrize("action", ["reject", "cancel_redirect", "mark_in_error"])
async def test_the_end_of_a_chain_leaves_it_with_who_still_helps(stage: Stage, action: str) -> None:
    giver, taker = await handed_on(stage)
    last = UUID((await stage.step("other_team", taker, "redirect", team="dalfsen-wijkteam"))["succeededBy"])
    if action == "cancel_redirect":
        await stage.step("team", giver, action)
    elif action == "mark_in_error":
        await stage.step("operator", last, action, reason="wrong_data")
    else:
        await stage.step("other_municipality", last, action, reason="other_expertise")
    rows = await stage.handovers((await stage.row(giver))["referral_id"])
    assert [row["status"] for row in rows if row["id"] == giver] == ["in_progress"]
    assert {row["status"] for row in rows if row["id"] != giver}.isdisjoint({"offered", "needs_triage"})
    assert (await stage.row(giver))["flags"] == []


async def test_a_giver_in_error_takes_the_end_of_the_chain_with_it(stage: Stage) -> None:
    giver, taker = await handed_on(stage)
    last = UUID((await stage.step("other_team", taker, "redirect", team="dalfsen-wijkteam"))["succeededBy"])
    await stage.step("operator", giver, "mark_in_error", reason="wrong_person")
    assert (await stage.row(last))["status"] == "entered_in_error"


async def test_an_earlier_attempt_in_error_does_not_undo_the_present_one(stage: Stage) -> None:
    giver, first = await handed_on(stage)
    await stage.step("other_team", first, "reject", reason="no_capacity")
    second = (await stage.step("team", giver, "redirect", team="dalfsen-wijkteam"))["succeededBy"]
    await stage.step("operator", first, "mark_in_error", reason="wrong_data")
    gave = await stage.row(giver)
    assert (gave["flags"], gave["succeeded_by"]) == ([PENDING], UUID(second))


@pytest.mark.parametrize("action", ["complete", "stop"])
async def test_a_giver_that_ends_meanwhile_leaves_the_offer_standing(stage: Stage, action: str) -> None:
    giver, taker = await handed_on(stage)
    said: Json = {"outcome": "continued_elsewhere"} if action == "complete" else {"reason": "no_contact"}
    await stage.step("team", giver, action, **said)
    assert ((await stage.row(taker))["status"], (await stage.row(giver))["flags"]) == ("offered", [])
    answer = await stage.step("other_team", taker, "reject", reason="no_capacity")
    assert (await stage.row(UUID(answer["succeededBy"])))["status"] == "needs_triage"


async def test_a_chain_does_not_return_to_a_team_that_still_helps(stage: Stage) -> None:
    _, taker = await handed_on(stage)
    with pytest.raises(Unfit) as refused:
        await stage.step("other_team", taker, "redirect", team="kampen-wijkteam")
    assert refused.value.faults == (("/team", "team.has_it"),)
