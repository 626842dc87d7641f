"""One step in the doing: what was asked, by whom, of which handover, and with what it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.routing import Facts
from app.routing.directory import TeamTerms
from app.services.deciding import Deciding
from app.services.lifecycle.clocks import QUESTION
from app.services.lifecycle.organisations import organisations_by_code
from app.services.lifecycle.placing import Body
from app.services.lifecycle.storing import Actor, Row, Storing
from app.services.lifecycle.table import Step
from app.services.preconditions import Precondition

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A step as it is asked for; `given` are the names of the fields that were sent beside the action.

    `said` are the versions that the client accepts, `key` its Idempotency-Key, `content` the canonical body.
    `facts`, `student` and `on` are what an answer tells: how facts change, of the student, a reference date.
    """

    action: str
    given: frozenset[str]
    said: Precondition
    key: str | None
    content: bytes
    reason: str | None = None
    comment: str | None = None
    question: str | None = None
    team: str | None = None
    responsible_body: Body | None = None
    outcome: str | None = None
    expected_on: date | None = None
    first_contact_on: date | None = None
    facts: Callable[[Facts, date], Facts] | None = None
    student: Plain | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What an effect works with; `id` is the handover's."""

    storing: Storing
    id: UUID
    step: Step
    asked: Asked
    actor: Actor
    deciding: Deciding

    @property
    def row(self) -> Row:
        """The handover as it is now."""
        return self.storing.handovers[self.id]

    @property
    def own_terms(self) -> TeamTerms:
        """How soon the team of the handover wants to react."""
        return self.deciding.directory.terms_of(self.row["team_id"])

    async def change(self, **columns: Any) -> Row:
        """Changes the handover as the actor; whoever takes a step sees a question that stayed open."""
        if "deadlines" not in columns:
            columns["deadlines"] = [one for one in self.row["deadlines"] if one["kind"] != QUESTION]
        return await self.storing.change(self.id, self.actor, **columns)

    def flags(self, *without: str, plus: str | None = None) -> list[str]:
        """The handover's flags without some, and with one more."""
        kept = [flag for flag in self.row["flags"] if flag not in without]
        return [*kept, plus] if plus and plus not in kept else kept

    async def organisation(self, code: str | None, *, connected: bool = False) -> UUID | None:
        """An organisation by code; asked for as a desk, only where it works with the service."""
        if connected and code not in self.deciding.directory.connected:
            return None
        return (await organisations_by_code(self.storing.connection, [code])).get(code)
