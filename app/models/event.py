"""The append-only log of what happened: ids and types, never a name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Event(Base):
    """One event, written in the transaction of what it tells of; the worker gives it its number.

    It keeps no foreign keys: the log outlives what it tells of. `organisation_id` is the referring one,
    `actor_organisation_id` the one that did it: null where the system did.
    """

    __tablename__ = "event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
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
