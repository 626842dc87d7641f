"""Who gets told of events at an address of their own, what is to be told, and every attempt at it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.checks import one_of


class WebhookSubscription(Base):
    """The address of one organisation; it and the secrets are sealed under a data key of its own.

    `roles` and `team_ids` are those of the key that made it: it is told no more than that key may see.
    No `event_types` are all. `secrets` are the one in force and the one before, which signs until
    `old_secret_until`.
    """

    __tablename__ = "webhook_subscription"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    roles: Mapped[list[str]]
    team_ids: Mapped[list[str] | None]
    event_types: Mapped[list[str]]
    key_id: Mapped[str]
    wrapped_key: Mapped[bytes]
    url: Mapped[bytes]
    secrets: Mapped[bytes]
    old_secret_until: Mapped[datetime | None]
    status: Mapped[str]
    disabled_reason: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(one_of("status", "active", "disabled"), "status"),
        CheckConstraint(one_of("disabled_reason", "by_client", "gone"), "disabled_reason"),
    )


class WebhookDelivery(Base):
    """One event for one subscription; `stream` is what it may not overtake: the referral, as a rule.

    `position` is the order of the stream. Only the first that is open of a stream has a `next_attempt_at`;
    while one is tried, it stands at `claimed_until`. `handover_id` is kept where the organisation is the
    receiver, until `told` as that handover's `delivery_status`. The attempts up to `series_from` no longer
    count: they were before the subscription was made active again. `answer` is what came of the last one.
    """

    __tablename__ = "webhook_delivery"

    subscription_id: Mapped[UUID] = mapped_column(
        ForeignKey("webhook_subscription.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    stream: Mapped[UUID]
    handover_id: Mapped[UUID | None]
    told: Mapped[bool]
    status: Mapped[str]
    attempts: Mapped[int]
    series_from: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    answer: Mapped[str | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "subscription_id", "position"),
        Index("ix_webhook_delivery_status", "subscription_id", "status", "position"),
        Index(
            "ix_webhook_delivery_due",
            *("subscription_id", "next_attempt_at"),
            postgresql_where="next_attempt_at IS NOT NULL",
        ),
        Index(
            "ix_webhook_delivery_claimed",
            *("subscription_id", "claimed_until"),
            postgresql_where="claimed_until IS NOT NULL",
        ),
        Index(
            "ix_webhook_delivery_open",
            *("subscription_id", "stream", "position"),
            postgresql_where="status IN ('pending', 'failed')",
        ),
        Index("ix_webhook_delivery_handover_id_position", "handover_id", "position"),
        Index("ix_webhook_delivery_untold", "position", postgresql_where="NOT told"),
        CheckConstraint(one_of("status", "pending", "delivered", "failed", "skipped"), "status"),
    )


class WebhookAttempt(Base):
    """One attempt, written before it is made; `answer` is null until it ended, for ever where it got lost.

    An operator's skip stands here too, with the credential it was done with.
    """

    __tablename__ = "webhook_attempt"

    subscription_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    credential_id: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["subscription_id", "event_id"],
            ["webhook_delivery.subscription_id", "webhook_delivery.event_id"],
            ondelete="CASCADE",
        ),
    )
