"""The append-only log of what happened, and who may see it: ids and types, never a name."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.checks import one_of

SIDES: Final = ("referrer", "receiver", "desk", "everybody")


class Event(Base):
    """One event, written in the transaction of what it tells of; the worker gives it its number.

    It keeps no foreign keys: the log outlives what it tells of. `organisation_id` is the referring one, of
    the directory the one that changed it; `actor_organisation_id` the one that did it: null where the
    system did. `written` is the order in which events were inserted: within one referral, whose row is
    locked meanwhile, the order in which they happened, whatever the clocks of the replicas say.
    """

    __tablename__ = "event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID | None]
    receiver_organisation_id: Mapped[UUID | None]
    referral_id: Mapped[UUID | None]
    handover_id: Mapped[UUID | None]
    type: Mapped[str]
    role: Mapped[str]
    correlation_id: Mapped[str | None]
    at: Mapped[datetime]
    number: Mapped[int | None] = mapped_column(BigInteger)
    actor_organisation_id: Mapped[UUID | None]
    desk_organisation_id: Mapped[UUID | None]
    team_id: Mapped[str | None]
    # A sequence without a cache: with one, each connection would hold back numbers for later.
    written: Mapped[int] = mapped_column(BigInteger, Identity(always=True))

    __table_args__ = (
        Index("ix_event_number", "number", unique=True, postgresql_where="number IS NOT NULL"),
        Index("ix_event_unnumbered", "written", postgresql_where="number IS NULL"),
        Index(
            "ix_event_handover_id_written",
            *("handover_id", "written"),
            postgresql_where="handover_id IS NOT NULL",
        ),
    )


class EventAudience(Base):
    """On which side of an event an organisation stands that may see it; made with the event's number.

    `organisation_id` is null for everybody; `team_id` is the receiver's team, where it is one.
    """

    __tablename__ = "event_audience"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    side: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID | None]
    team_id: Mapped[str | None]

    __table_args__ = (
        Index("ix_event_audience_side", "side", "organisation_id", "number"),
        Index(
            "ix_event_audience_team",
            *("organisation_id", "team_id", "number"),
            postgresql_where="side = 'receiver' AND team_id IS NOT NULL",
        ),
        CheckConstraint(one_of("side", *SIDES), "side"),
    )
