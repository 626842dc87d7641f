"""docs/worked-example.md is a story that was played: every answer in it is from this run.

With WRITE_EXAMPLES=1 the page is written anew; read the difference before it is committed.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.config import Settings
from app.main import create_app
from app.resources import Resources
from app.routing import Rulebook
from tests.api.story import Player, StoryClock, shown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "worked-example.md"
CLOCK = StoryClock()
SCHOOL, KAMPEN, TEAM = "The school", "Kampen", "Hardenberg"

PLACE = shown("name")

LINES = shown("id status precededBy succeededBy", team=PLACE)
STEP = shown("status version flags availableActions")

REFERRAL = {
    "sourceReference": "sis-2026-000317",
    "student": {
        "firstNames": "Daan",
        "surname": "Voorbeeld",
        "birthDate": "2008-04-15",
        "postcode": "8261AA",
        "houseNumber": "12",
    },
    "homeMunicipality": "Kampen",
    "residence": {"status": "registered"},
    "school": {"brin": "00ZZ"},
    "problemDomains": ["housing"],
    "supportVariant": "own_neighbourhood",
    "consents": [{"givenBy": "student", "givenOn": "2026-03-02", "purpose": "referral", "recipients": "all"}],
    "referrer": {"name": "M. Voorbeeld", "role": "school_social_worker"},
    "reason": "Daan kan niet meer thuis wonen.",
}

INTRO = """\
# A worked example

Daan is 17, goes to an mbo school in Zwolle and cannot live at home any longer. The school still has his
old address in Kampen. His referral goes to the wrong town, bounces, is accepted in Hardenberg, falls under
another act from his 18th birthday, and is handed over warm. Daan, the school and the teams are fictional.

This page is written by a test, `tests/api/test_worked_example.py`, that plays the story against the service
with the demo directory and a clock that is set; the test fails where the service answers otherwise. Of each
answer the part that matters here is shown. `{referral}`, `{first}`, `{second}`, `{third}` and `{cursor}`
stand for identifiers and a place in the feed. Each party uses its own key, in `Authorization: Bearer …`.
What every step needs and does stands in [the life of a handover](lifecycle.md)."""


@pytest.fixture
async def app(settings: Settings, rulebook: Rulebook) -> AsyncIterator[FastAPI]:
    built = create_app(settings, rulebook, CLOCK)
    async with built.router.lifespan_context(built):
        yield built


@pytest.fixture
async def player(http: AsyncClient, resources: Resources, make_key: Any) -> Player:
    keys = {
        SCHOOL: await make_key("school", "00ZZ", "referrer"),
        KAMPEN: await make_key("municipality", "0166", "team", "desk"),
        TEAM: await make_key("municipality", "0160", "team", "desk"),
    }
    return Player(http, resources, CLOCK, keys)


@pytest.mark.usefixtures("directory")
async def test_the_worked_example_is_what_happens(player: Player) -> None:
    player.lines += [INTRO, ""]
    player.words[await player.feed(SCHOOL)] = "cursor"
    await refer(player)
    await bounce(player)
    await correct(player)
    await support(player)
    await turn_18(player)
    await hand_over_warm(player)
    await end(player)
    if os.environ.get("WRITE_EXAMPLES"):
        PAGE.write_text(player.page(), "utf-8")
    assert player.page() == PAGE.read_text("utf-8"), "WRITE_EXAMPLES=1 writes the page anew"


async def refer(player: Player) -> None:
    await player.on("2026-03-02", "the school refers")
    referral = await player.ask(
        SCHOOL,
        "POST",
        "/v1/referrals",
        REFERRAL,
        show=shown(
            "id status decisionVersion",
            decision=shown(
                "", routes=shown("problemDomain provision"), nextChange=shown("on because routes")
            ),
            handovers=shown(
                "id status deadlines availableActions", team=PLACE, responsibleMunicipality=PLACE
            ),
        ),
        status=201,
    )
    first = referral["handovers"][0]["id"]
    player.words |= {referral["id"]: "referral", first: "first"}
    player.tell(
        "Until 18 this is the Youth Act, and Kampen's task as far as the school knows; the decision says on"
        " which day that changes. The team may react until the day of `acceptance`."
    )


async def bounce(player: Player) -> None:
    first = word(player, "first")
    await player.on("2026-03-04", "not ours")
    await player.ask(
        KAMPEN, "GET", f"/v1/handovers/{first}", show=shown("status reason", student=shown("surname"))
    )
    rejected = await player.step(
        KAMPEN,
        first,
        shown("status statusReason succeededBy availableActions"),
        action="reject",
        reason="other_municipality",
        responsibleBody={"kind": "municipality", "municipality": "Hardenberg"},
        comment="Daan is in januari verhuisd naar Hardenberg.",
    )
    player.words[rejected["succeededBy"]] = "second"
    player.tell(
        "A rejection is always followed, in the same transaction: Hardenberg's team of the same kind has it"
        " now. The school hears of it in its feed of events, and need not send anything again:"
    )
    await player.ask(
        SCHOOL,
        "GET",
        f"/v1/events?cursor={word(player, 'cursor')}",
        show=shown("", items=shown("type role handoverId")),
    )
    await player.ask(
        SCHOOL, "GET", f"/v1/referrals/{word(player, 'referral')}", show=shown("status", handovers=LINES)
    )


async def correct(player: Player) -> None:
    place = f"/v1/referrals/{word(player, 'referral')}"
    player.tell(
        "It also corrects its own data. The decision is made anew; what lies in the right place stays there."
    )
    moved = {"homeMunicipality": "Hardenberg", "student": {"postcode": "7772AB", "houseNumber": "1"}}
    await player.ask(SCHOOL, "POST", f"{place}/facts", moved, show=shown("decisionVersion", handovers=LINES))
    player.tell("Both versions are kept, with the facts they were made from:")
    facts = shown("", facts=shown("homeMunicipality pc4"))
    await player.ask(SCHOOL, "GET", f"{place}/receipt?version=1", show=facts)
    await player.ask(SCHOOL, "GET", f"{place}/receipt", show=facts)


async def support(player: Player) -> None:
    second = word(player, "second")
    await player.on("2026-03-05", "Hardenberg accepts")
    await player.ask(
        TEAM, "GET", f"/v1/handovers/{second}", show=shown("status version precededBy availableActions")
    )
    await player.step(TEAM, second, STEP, action="acknowledge")
    await player.step(TEAM, second, STEP, action="accept")
    player.tell(
        "From here on Daan has somebody. A step that is not possible now changes nothing, and says what is:"
    )
    await player.step(TEAM, second, shown("title detail availableActions"), status=409, action="accept")
    await player.on("2026-03-09", "support begins")
    await player.step(
        TEAM,
        second,
        shown("status firstContactOn availableActions"),
        action="start",
        firstContactOn="2026-03-09",
    )


async def turn_18(player: Player) -> None:
    await player.on("2026-04-15", "Daan turns 18")
    player.tell(
        "Nobody has to think of it: on this day the service decides anew by itself, with the facts that it"
        " knows. The school reads:"
    )
    await player.ask(
        SCHOOL,
        "GET",
        f"/v1/referrals/{word(player, 'referral')}",
        show=shown(
            "decisionVersion",
            decision=shown("", routes=shown("provision", receivers=shown("role kind teamId"))),
            handovers=shown("id status provisions flags", team=PLACE),
        ),
    )
    player.tell(
        "From 18 this is the Wmo. Support that runs never moves by itself: it goes on as it was accepted, and"
        " `reassessment_due` asks the team to look again."
    )


async def hand_over_warm(player: Player) -> None:
    second = word(player, "second")
    await player.on("2026-04-16", "handed over warm")
    player.tell("The team has looked, and chooses the municipality's Wmo desk:")
    await player.step(
        TEAM, second, STEP, action="reassessed", comment="Daan heeft nu een maatwerkvoorziening nodig."
    )
    going = await player.step(
        TEAM, second, shown("status flags succeededBy"), action="redirect", team="hardenberg-wmo-loket"
    )
    player.words[going["succeededBy"]] = "third"
    player.tell("Nothing ends yet. The desk sees what it is offered, under the act of today:")
    third = word(player, "third")
    await player.ask(
        TEAM,
        "GET",
        f"/v1/handovers/{third}",
        show=shown("status provisions precededBy deadlines availableActions", team=PLACE),
    )
    await player.on("2026-04-20", "the desk accepts")
    await player.step(TEAM, third, STEP, action="accept")
    player.tell("Only now has the first team handed over:")
    await player.ask(
        SCHOOL, "GET", f"/v1/referrals/{word(player, 'referral')}", show=shown("status", handovers=LINES)
    )


async def end(player: Player) -> None:
    third = word(player, "third")
    await player.on("2026-04-22", "support goes on")
    await player.step(
        TEAM, third, shown("status firstContactOn"), action="start", firstContactOn="2026-04-22"
    )
    await player.on("2026-09-30", "done")
    await player.step(
        TEAM, third, shown("status outcome availableActions"), action="complete", outcome="goals_reached"
    )
    player.tell("The school sees the end of it, and the whole history:")
    await player.ask(
        SCHOOL, "GET", f"/v1/referrals/{word(player, 'referral')}", show=shown("status", handovers=LINES)
    )
    for name in ("first", "second", "third"):
        await player.ask(
            SCHOOL,
            "GET",
            f"/v1/handovers/{word(player, name)}/events",
            show=shown("", items=shown("at type role")),
        )


def word(player: Player, name: str) -> str:
    """The identifier that a word on the page stands for."""
    return next(id for id, word in player.words.items() if word == name)
