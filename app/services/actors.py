"""Who causes an event: a role, and the organisation that has it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: `organisation_id` is None where the service itself does, or a command.

    `correlation_id` leads from the event to the request, which the caller knows by its trace.
    """

    role: str
    organisation_id: UUID | None = None
    correlation_id: str | None = None


SYSTEM: Final = Actor("system")
# Whoever can run commands; no organisation stands for them.
OPERATOR: Final = Actor("operator")
