"""G12: a state machine over the life of handovers and their clocks, through services and PostgreSQL."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings as trying, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.adapters.postgres import driver_of
from app.config import Settings, keyring_of, ledger_of
from app.db import open_database
from app.errors import ConsentMissing, IllegalStep, NotFound, Unfit, VersionDiffers
from app.routing import Rulebook
from app.routing.facts import Consent
from app.services.lifecycle import ticking
from app.services.reading import OpenReferral
from tests.lifecycle.planted import PLANTED
from tests.lifecycle.promises import Picture, Row, refused_domains, unticked, violations
from tests.lifecycle.stage import DALFSEN, FACTS, GIVEN, KAMPEN, TUBBERGEN, ZWOLLE, Json, Stage, new_stage
from tests.lifecycle.wishes import ACTIONS, DOMAINS, PARTS, WISHES, said


class World:
    """One stage for all examples, each in a savepoint; Hypothesis itself is not asynchronous."""

    def __init__(self, runner: asyncio.Runner, stage: Stage) -> None:
        self.runner = runner
        self.stage = stage
        self.steps = 0

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(coroutine)

    def say(self, statement: str) -> None:
        async def execute() -> None:
            await (await driver_of(self.stage.connection)).execute(statement)

        self.run(execute())


class Life(RuleBasedStateMachine):
    """A referral from its first handover to its last, by everybody who has part in it."""

    world: ClassVar[World]
    before: Picture
    referral: UUID

    @property
    def stage(self) -> Stage:
        return self.world.stage

    @initialize(
        domains=st.sets(st.sampled_from(DOMAINS), min_size=1, max_size=3),
        variant=st.sampled_from(["own_neighbourhood", "municipal_youth_team", None]),
        home=st.sampled_from([KAMPEN, ZWOLLE]),
        born=st.sampled_from([date(2009, 5, 15), date(2006, 1, 1)]),
    )
    def refer(self, domains: set[Any], variant: Any, home: str, born: date) -> None:
        self.world.say("SAVEPOINT life")
        self.start = self.stage.now
        facts = replace(
            FACTS, problem_domains=tuple(sorted(domains)), support_variant=variant, home_municipality=home,
            birth_date=born,
        )  # fmt: skip
        self.referral = UUID(self.world.run(self.stage.submit(facts))["id"])
        self.before = self.world.run(picture(self.stage, self.referral))

    def teardown(self) -> None:
        if hasattr(self, "start"):
            self.world.say("ROLLBACK TO SAVEPOINT life; RELEASE SAVEPOINT life")
            self.stage.now = self.start

    @rule(which=st.integers(0, 9), part=st.sampled_from(PARTS), nth=st.integers(0, 19), wish=WISHES)
    def take_an_open_step(self, which: int, part: str, nth: int, wish: Json) -> None:
        id, who = self.choose(which, part)
        found = self.world.run(self.stage.found(who, id)) if who else None
        if not found or not found["availableActions"]:
            return
        action = found["availableActions"][nth % len(found["availableActions"])]
        try:
            self.world.run(self.undoing(who, id, action, **said(action, wish, self.stage.deciding.today)))
        except (Unfit, ConsentMissing):
            self.unchanged()

    @rule(which=st.integers(0, 9), action=st.sampled_from(["accept", "redirect", "reject"]), wish=WISHES)
    def bring_on(self, which: int, action: str, wish: Json) -> None:
        """What a team does most; drawn with all others, it would seldom come so far."""
        id, who = self.choose(which, "receiver")
        found = self.world.run(self.stage.found(who, id)) if who else None
        if found and action in found["availableActions"]:
            with suppress(Unfit):
                fields = said(action, wish, self.stage.deciding.today)
                self.world.run(self.undoing(who, id, action, **fields))

    @rule(which=st.integers(0, 9), part=st.sampled_from(PARTS), action=st.sampled_from(ACTIONS))
    def try_a_closed_step(self, which: int, part: str, action: str) -> None:
        id, who = self.choose(which, part)
        found = self.world.run(self.stage.found(who, id)) if who else None
        if not who or (found and action in found["availableActions"]):
            return
        with pytest.raises((IllegalStep, NotFound)):
            self.world.run(self.undoing(who, id, action))
        self.unchanged()

    @rule(which=st.integers(0, 9), part=st.sampled_from(PARTS), nth=st.integers(0, 19), wish=WISHES)
    def take_a_step_upon_what_was_before(self, which: int, part: str, nth: int, wish: Json) -> None:
        id, who = self.choose(which, part)
        found = self.world.run(self.stage.found(who, id)) if who else None
        if found and found["availableActions"]:
            action = found["availableActions"][nth % len(found["availableActions"])]
            fields = said(action, wish, self.stage.deciding.today)
            with pytest.raises(VersionDiffers):
                self.world.run(self.undoing(who, id, action, version=found["version"] - 1, **fields))
            self.unchanged()

    @rule(
        home=st.sampled_from([KAMPEN, ZWOLLE, DALFSEN, TUBBERGEN]),
        born=st.sampled_from([date(2009, 5, 15), date(2006, 1, 1)]),
        variant=st.sampled_from(["own_neighbourhood", "municipal_youth_team", None]),
    )
    def tell_facts(self, home: str, born: date, variant: Any) -> None:
        told = {"home_municipality": home, "birth_date": born, "support_variant": variant}
        self.world.run(self.stage.tell(self.referral, **told))

    # Where there is advice alone, a refusal destroys all that is looked at here (tests/api/test_refusal.py).
    @precondition(lambda self: self.before.handovers)
    @rule(refused=st.booleans(), kinds=st.sampled_from([None, ("neighbourhood_team",)]))
    def say_of_consent(self, refused: bool, kinds: tuple[str, ...] | None) -> None:
        day = self.stage.deciding.today
        word = Consent(
            given_by="student", given_on=day, purpose="referral", recipients=kinds, refused=refused
        )
        self.world.run(self.stage.tell(self.referral, consents=(*GIVEN, word)))

    @rule(days=st.sampled_from([1, 3, 9, 15, 30]))
    def let_days_pass(self, days: int) -> None:
        self.stage.pass_days(days)
        stood = {id: row["status"] for id, row in self.before.handovers.items()}
        self.world.run(tick(self.stage, self.referral))
        now = self.world.run(picture(self.stage, self.referral))
        back = {id: row["held_from"] or row["status"] for id, row in self.before.handovers.items()}
        assert all(row["status"] in {stood[id], back[id]} for id, row in now.handovers.items())
        assert unticked(now) == []

    @invariant()
    def every_promise_holds(self) -> None:
        if hasattr(self, "before"):
            after = self.world.run(picture(self.stage, self.referral))
            found = violations(self.before, after)
            assert not found, found
            self.before = after
            self.world.steps += 1

    def choose(self, which: int, part: str) -> tuple[UUID, Any]:
        """A handover, and the client that is this part of it; None where nobody is."""
        rows = sorted(self.before.handovers.values(), key=_in_order)
        if not rows:
            return self.referral, None
        row = rows[which % len(rows)]
        clients = self.stage.clients
        if part in {"receiver", "desk"}:
            column = "receiver_organisation_id" if part == "receiver" else "desk_organisation_id"
            found = [one for one in clients.values() if one.organisation_id == row[column]]
            both = frozenset({"team", "desk"} if part == "desk" else {"team"})
            return row["id"], replace(found[0], roles=both, team_ids=None) if found else None
        return row["id"], clients[part]

    async def undoing(self, who: Any, id: UUID, action: str, **fields: Any) -> Json:
        """A step as a request takes it: undone where it fails."""
        driver = await driver_of(self.stage.connection)
        await driver.execute("SAVEPOINT step")
        try:
            return await self.stage.step(who, id, action, **fields)
        except BaseException:
            await driver.execute("ROLLBACK TO SAVEPOINT step")
            raise
        finally:
            await driver.execute("RELEASE SAVEPOINT step")

    def unchanged(self) -> None:
        assert self.world.run(picture(self.stage, self.referral)) == replace(
            self.before, today=self.stage.deciding.today
        )


def _in_order(row: Row) -> tuple[Any, ...]:
    """The same in each run: identifiers of one moment have no order."""
    return (
        row["created_at"],
        row["status"],
        row["team_id"] or "",
        row["problem_domains"],
        row["route_positions"],
    )


async def picture(stage: Stage, referral: UUID) -> Picture:
    row = await stage.referral(referral)
    receipts = await OpenReferral(row, stage.keyring).receipts(stage.connection)
    routes = {version: receipt["decision"]["routes"] for version, receipt in receipts.items()}
    advice = {one["id"]: one for one in await stage.advice(referral)}
    return Picture(
        referral=row,
        handovers={one["id"]: one for one in await stage.handovers(referral)},
        advice=advice,
        advised={
            id: frozenset(
                routes[one["decision_version"]][at]["problemDomain"] for at in one["route_positions"]
            )
            for id, one in advice.items()
        },
        domains=frozenset(route["problemDomain"] for route in routes[row["decision_version"]]),
        refused=refused_domains(receipts[row["decision_version"]]),
        events=await stage.events(referral),
        today=stage.deciding.today,
    )


async def tick(stage: Stage, referral: UUID) -> None:
    """What the worker does with the clocks of a referral."""
    storing = await ticking.begin_tick(stage.connection, referral, stage.deciding)
    assert storing is not None
    await ticking.run_down(storing)
    await storing.close()


async def _hold(stages: asyncio.Queue[Stage], settings: Settings, rulebook: Rulebook) -> None:
    """A stage in a transaction that stays open until this is cancelled."""
    async with open_database(settings) as database, database.transaction() as connection:
        ledger = ledger_of(settings, keyring_of(settings))
        stages.put_nowait(await new_stage(connection, rulebook, ledger))
        await asyncio.Event().wait()


@pytest.fixture
def world(settings: Settings, rulebook: Rulebook) -> Iterator[World]:
    """A stage on a loop of its own: Hypothesis calls from where none runs."""
    with asyncio.Runner() as runner:

        async def begin() -> tuple[asyncio.Task[None], Stage]:
            stages: asyncio.Queue[Stage] = asyncio.Queue()
            holding = asyncio.create_task(_hold(stages, settings, rulebook))
            return holding, await stages.get()

        async def end() -> None:
            holding.cancel()
            with suppress(asyncio.CancelledError):
                await holding

        holding, stage = runner.run(begin())
        yield World(runner, stage)
        runner.run(end())


def live(world: World, lives: int, steps: int = 25, *, anew: bool = False) -> int:
    """How many steps the machine took, through the same lives each time unless they are drawn `anew`."""
    machine = type("Machine", (Life,), {"world": world})
    bounds = trying(
        max_examples=lives, stateful_step_count=steps, deadline=None, database=None, phases=(Phase.generate,),
        report_multiple_bugs=False, derandomize=not anew,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=bounds)
    return world.steps


def test_every_promise_holds_after_every_step(world: World) -> None:
    assert live(world, 15) >= 200


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_promise_holds_after_thousands_of_steps(world: World) -> None:
    steps = live(world, 160, 40, anew=True)
    print(f"\nG12: {steps} steps through the services and PostgreSQL, 0 violations")
    assert steps >= 3_000


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(world: World, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    PLANTED[fault](monkeypatch)
    # A step that should have been refused for its version may also be refused for what it lacks.
    with pytest.raises((AssertionError, pytest.fail.Exception, Unfit, ConsentMissing)):
        live(world, 200)
