"""Faults to plant, one for each promise that the machine must not be able to miss."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import pytest

from app.services.lifecycle import clocks, effects, ticking, transferring
from app.services.lifecycle.work import Work
from app.services.preconditions import Precondition
from tests.lifecycle.promises import Row


async def _reject_alone(work: Work) -> None:
    await work.change(status="rejected", reason=work.asked.reason)


async def _transfer_at_once(work: Work) -> None:
    await transferring.redirect(work)
    await work.change(status="redirected", flags=work.flags("transfer_pending"))


def _escalate_alone(row: Row, today: date) -> Iterator[str]:
    yield from (flag for flag in clocks.run_out(row, today) if flag == "escalated")


def _accept_any(_said: Precondition, _current: str | None) -> None:
    return


def _reject_without_successor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(effects, "EFFECTS", {**effects.EFFECTS, "reject": _reject_alone})
    patch.setattr("app.services.lifecycle.transitions.EFFECTS", effects.EFFECTS)


def _take_transfers_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(effects, "EFFECTS", {**effects.EFFECTS, "redirect": _transfer_at_once})
    patch.setattr("app.services.lifecycle.transitions.EFFECTS", effects.EFFECTS)


PLANTED: Final[dict[str, Callable[[pytest.MonkeyPatch], None]]] = {
    "a rejection without a successor": _reject_without_successor,
    "a transfer that takes effect at once": _take_transfers_at_once,
    "an escalation of what is not overdue": lambda patch: patch.setattr(ticking, "run_out", _escalate_alone),
    "a step that ignores the version": lambda patch: patch.setattr(Precondition, "check", _accept_any),
}
