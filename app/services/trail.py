"""Whom a request concerns: noted where a record is opened or shown, so that no route can forget it."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from app.services.activities import Activity
from app.services.clients import Client


@dataclass(frozen=True, slots=True)
class Record:
    """What was looked at: a referral, whose it is, and its handover where just that was asked for."""

    referral_id: UUID
    referring_organisation_id: UUID
    handover_id: UUID | None = None


@dataclass(slots=True)
class Trail:
    """Who asks, for what, and the records that this touches; one for each request.

    `roles` are those of the credential that the operation is for; `acting_user` is what the client says of
    the person behind the call; `handover_id` the handover in the address, where there is one.
    """

    organisation_id: UUID
    credential_id: UUID | None
    roles: tuple[str, ...]
    activity: Activity | None
    acting_user: str | None = None
    request_id: str | None = None
    trace_id: str | None = None
    handover_id: UUID | None = None
    records: dict[UUID, Record] = field(default_factory=dict)
    written: set[UUID] = field(default_factory=set)

    def concerns(self, referral_id: UUID, owner: UUID, handover_id: UUID | None = None) -> None:
        """Notes a look at a referral of `owner`; the same one counts once."""
        asked_for = handover_id if handover_id == self.handover_id else None
        if asked_for or referral_id not in self.records:
            self.records[referral_id] = Record(referral_id, owner, asked_for)


_CURRENT: ContextVar[Trail | None] = ContextVar("trail", default=None)


def follow(trail: Trail | None) -> None:
    """From here on this task works for the request of this trail, or for none."""
    _CURRENT.set(trail)


def concerns(referral_id: UUID, owner: UUID, handover_id: UUID | None = None) -> None:
    """Notes that the request, where this is one, looks at a referral of `owner`.

    What the worker does of itself nobody looks at; it stands in the event log.
    """
    trail = _CURRENT.get()
    if trail is not None:
        trail.concerns(referral_id, owner, handover_id)


def trail_of(client: Client, activity: Activity) -> Trail:
    """The trail of the request; where none is followed, as in a command, one of the client alone."""
    alone = (client.organisation_id, client.credential_id, tuple(sorted(client.roles)), activity)
    return _CURRENT.get() or Trail(*alone)
