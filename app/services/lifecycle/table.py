"""The lifecycle of CONTRACT 5 as a table: which step goes from where to where, by whom, with what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

Row = Mapping[Any, Any]

CREATED: Final = frozenset({"offered", "needs_information", "needs_consent", "needs_triage"})
# What a new decision may still change; a team that has accepted keeps what it accepted.
CHANGEABLE: Final = CREATED | {"acknowledged"}
RUNNING: Final = frozenset({"accepted", "in_progress", "on_hold"})
ENDED: Final = frozenset({"rejected", "redirected", "completed", "stopped", "withdrawn", "entered_in_error"})
OPEN: Final = CHANGEABLE | RUNNING

REOPENED_WITHIN: Final = timedelta(days=30)

# R, T, D, M and A of CONTRACT 5. `other_desk` denied a disputed handover that now lies at D.
ACTORS: Final = ("referrer", "team", "desk", "other_desk", "municipality", "operator")
# The role of a credential under which each acts, as events tell it.
ROLE_OF: Final = {
    "referrer": "referrer",
    "team": "team",
    "desk": "desk",
    "other_desk": "desk",
    "municipality": "desk",
    "operator": "operator",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the table.

    `to` is None where the handover stays as it is or what it becomes depends. `needs` are fields of the
    request; a comment may always be given. `flag` must be there and `without` must not. `administrative`
    limits the reasons to those of no content. A step that was `asked` returns to what was before.
    """

    action: str
    sources: frozenset[str]
    to: str | None
    actors: tuple[str, ...]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    flag: str | None = None
    without: str | None = None
    administrative: bool = False
    asked: bool = False
    reopens: bool = False

    def is_open(self, row: Row, now: datetime) -> bool:
        """Whether the handover is where this step starts."""
        return (
            row["erased_at"] is None
            and row["status"] in self.sources
            and (self.flag is None or self.flag in row["flags"])
            and (self.without is None or self.without not in row["flags"])
            and (not self.asked or row["held_from"] is not None)
            and (not self.reopens or _may_reopen(row, now))
        )


def _may_reopen(row: Row, now: datetime) -> bool:
    followed = row["succeeded_by"] or row["succeeded_by_advice"]
    return not followed and row["ended_at"] is not None and now - row["ended_at"] <= REOPENED_WITHIN


_NEW: Final = frozenset({"offered", "acknowledged"})
_MOTIVE: Final = ("comment",)

STEPS: Final = (
    Step(
        action="answer",
        sources=frozenset({"needs_information"}),
        to=None,
        actors=("referrer", "team", "desk"),
        needs=("facts",),
    ),
    Step(
        action="resume",
        sources=frozenset({"needs_information"}),
        to=None,
        actors=("team", "desk"),
        asked=True,
    ),
    Step(
        action="triage",
        sources=frozenset({"needs_information"}),
        to="needs_triage",
        actors=("desk", "referrer"),
    ),
    Step(action="consent", sources=frozenset({"needs_consent"}), to="offered", actors=("referrer",)),
    Step(
        action="assign",
        sources=frozenset({"needs_triage"}),
        to="offered",
        actors=("desk",),
        needs=("team", *_MOTIVE),
        without="disputed",
    ),
    Step(
        action="forward",
        sources=frozenset({"needs_triage"}),
        to="needs_triage",
        actors=("desk",),
        needs=("responsibleBody", *_MOTIVE),
        without="disputed",
    ),
    Step(
        action="settle",
        sources=frozenset({"needs_triage"}),
        to="offered",
        actors=("desk", "other_desk", "operator"),
        needs=("team", *_MOTIVE),
        flag="disputed",
    ),
    Step(action="acknowledge", sources=frozenset({"offered"}), to="acknowledged", actors=("team",)),
    Step(
        action="ask",
        sources=_NEW | {"needs_triage"},
        to="needs_information",
        actors=("team", "desk"),
        needs=("question",),
    ),
    Step(action="accept", sources=_NEW, to="accepted", actors=("team",)),
    Step(
        action="reject",
        sources=_NEW,
        to="rejected",
        actors=("team", "municipality"),
        needs=("reason",),
        may=("responsibleBody",),
    ),
    Step(action="redirect", sources=_NEW, to="redirected", actors=("team", "desk"), needs=("team",)),
    # From here on the student has somebody: the transfer is warm, and nothing ends before the next accepts.
    Step(
        action="redirect",
        sources=RUNNING,
        to=None,
        actors=("team", "desk"),
        needs=("team",),
        without="transfer_pending",
    ),
    Step(
        action="cancel_redirect",
        sources=RUNNING,
        to=None,
        actors=("team", "desk"),
        flag="transfer_pending",
    ),
    Step(
        action="start",
        sources=frozenset({"accepted", "on_hold"}),
        to="in_progress",
        actors=("team",),
        needs=("firstContactOn",),
    ),
    Step(
        action="hold",
        sources=frozenset({"accepted", "in_progress"}),
        to="on_hold",
        actors=("team",),
        needs=("reason", "expectedOn"),
    ),
    Step(
        action="complete",
        sources=frozenset({"in_progress"}),
        to="completed",
        actors=("team",),
        needs=("outcome",),
    ),
    Step(action="stop", sources=RUNNING, to="stopped", actors=("team",), needs=("reason",)),
    Step(
        action="stop",
        sources=RUNNING,
        to="stopped",
        actors=("referrer",),
        needs=("reason",),
        administrative=True,
    ),
    Step(
        action="withdraw",
        sources=CHANGEABLE,
        to="withdrawn",
        actors=("referrer", "desk"),
        needs=("reason",),
    ),
    Step(
        action="reopen",
        sources=frozenset({"completed", "stopped"}),
        to=None,
        actors=("referrer", "desk"),
        needs=("reason",),
        reopens=True,
    ),
    Step(
        action="mark_in_error",
        sources=CHANGEABLE,
        to="entered_in_error",
        actors=("referrer",),
        needs=("reason",),
    ),
    Step(
        action="mark_in_error",
        sources=(OPEN | ENDED) - {"entered_in_error"},
        to="entered_in_error",
        actors=("operator",),
        needs=("reason",),
    ),
    Step(action="reviewed", sources=OPEN, to=None, actors=("team", "desk"), needs=_MOTIVE, flag="review"),
    Step(
        action="reassessed",
        sources=OPEN,
        to=None,
        actors=("team", "desk"),
        needs=_MOTIVE,
        flag="reassessment_due",
    ),
)
ACTIONS: Final = tuple(dict.fromkeys(step.action for step in STEPS))


def open_steps(row: Row, actors: frozenset[str], now: datetime) -> Iterator[Step]:
    """The steps that these actors may take now, in the order of the table."""
    return (step for step in STEPS if not actors.isdisjoint(step.actors) and step.is_open(row, now))


def available_actions(row: Row, actors: frozenset[str], now: datetime) -> list[str]:
    """The actions that these actors may take now, each once, by name."""
    return sorted({step.action for step in open_steps(row, actors, now)})
