"""What a decision gave rise to: handovers to teams, and advice that the referrer acts on."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.checks import one_of

STATUSES = (
    "offered", "needs_information", "needs_consent", "needs_triage", "acknowledged", "accepted",
    "rejected", "redirected", "in_progress", "on_hold", "completed", "stopped", "withdrawn",
    "entered_in_error",
)  # fmt: skip


FLAGS = ("overdue", "escalated", "review", "reassessment_due", "disputed", "transfer_pending")
# Whose list a handover is in: the organisation that referred and the one that receives.
SIDES = ("organisation_id", "receiver_organisation_id")
# A desk's list holds what lies with another organisation; where no desk is connected, it is the operator's.
DESK = "desk_organisation_id"
WITH_ANOTHER = f"{DESK} IS NULL OR {DESK} IS DISTINCT FROM receiver_organisation_id"


def _list_indexes() -> Iterator[Index]:
    """For each filter of a list an index that gives its rows in order, and none but its rows.

    The last columns sort nothing: a second filter is looked up in the index instead of in the table.
    """
    for side in SIDES:
        yield Index(None, side, "status", "id")
        columns = ("team_id", "status", "id", "responsible_municipality")
        yield Index(f"ix_handover_{side}_team", side, *columns)
        yield Index(f"ix_handover_{side}_municipality", side, "responsible_municipality", "status", "id")
        for flag in FLAGS:
            yield Index(
                f"ix_handover_{side}_{flag}",
                *(side, "status", "id", "team_id", "responsible_municipality"),
                postgresql_where=f"flags @> ARRAY['{flag}']",
            )
    yield from _desk_indexes()


def _desk_indexes() -> Iterator[Index]:
    lists = {
        "status": ("status", "id"),
        "team": ("team_id", "status", "id", "responsible_municipality"),
        "municipality": ("responsible_municipality", "status", "id"),
    }
    for name, columns in lists.items():
        yield Index(f"ix_handover_{DESK}_{name}", DESK, *columns, postgresql_where=WITH_ANOTHER)
    for flag in FLAGS:
        yield Index(
            f"ix_handover_{DESK}_{flag}",
            *(DESK, "status", "id", "team_id", "responsible_municipality"),
            postgresql_where=f"({WITH_ANOTHER}) AND flags @> ARRAY['{flag}']",
        )


class Handover(Base):
    """The routes of one team, or of the desk where no team is known yet.

    `organisation_id` is the referring tenant; `route_positions` point into the decision's routes.
    `desk_organisation_id` has the access desk that decides over it, null where the operator acts for it.
    `clock_on` is the first day on which the worker must look at it; `notes` is ciphertext of what was said.
    `placed` says that a person chose where it lies: no new decision moves it while its routes stay the same.
    `erased_at` is the referral's, so that lists need not look there.
    """

    __tablename__ = "handover"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    organisation_id: Mapped[UUID]
    receiver_organisation_id: Mapped[UUID | None]
    decision_version: Mapped[int]
    status: Mapped[str]
    lead: Mapped[bool]
    version: Mapped[int]
    team_id: Mapped[str | None]
    team_kind: Mapped[str | None]
    team_name: Mapped[str | None]
    responsible_municipality: Mapped[str | None]
    provisions: Mapped[list[str]]
    route_positions: Mapped[list[int]]
    flags: Mapped[list[str]]
    delivery_status: Mapped[str]
    created_at: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    deadlines: Mapped[list[dict[str, Any]]]
    preceded_by: Mapped[UUID | None] = mapped_column(ForeignKey("handover.id"))
    succeeded_by: Mapped[UUID | None] = mapped_column(ForeignKey("handover.id"))
    desk_organisation_id: Mapped[UUID | None]
    held_from: Mapped[str | None]
    paused_on: Mapped[date | None]
    clock_on: Mapped[date | None]
    reassess_on: Mapped[date | None]
    acknowledged_at: Mapped[datetime | None]
    first_contact_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    outcome: Mapped[str | None]
    bounces: Mapped[int] = mapped_column(server_default="0")
    denied_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), server_default="{}")
    notes: Mapped[bytes | None]
    person_index: Mapped[bytes | None]
    problem_domains: Mapped[list[str]] = mapped_column(server_default="{}")
    placed: Mapped[bool] = mapped_column(server_default="false")
    succeeded_by_advice: Mapped[UUID | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        *_list_indexes(),
        # Who a municipality knows already; statistics read its handovers by the beginning.
        Index(None, "responsible_municipality", "person_index"),
        Index("ix_handover_clock_on_id", "clock_on", "id", postgresql_where="clock_on IS NOT NULL"),
        # What is open in a municipality, when one of its agreements changes.
        Index(
            "ix_handover_responsible_municipality_open",
            "responsible_municipality",
            postgresql_where="ended_at IS NULL",
        ),
        CheckConstraint(one_of("status", *STATUSES), "status"),
        CheckConstraint(
            one_of("delivery_status", "none", "pending", "delivered", "failed"), "delivery_status"
        ),
        CheckConstraint(
            "erased_at IS NULL OR num_nonnulls(notes, person_index, clock_on, reassess_on) = 0",
            "whole_or_erased",
        ),
    )


class Advice(Base):
    """A receiver that the service does not reach: the referrer or the student goes there.

    `preceded_by` is the handover that it follows: rejected with this body named, of `municipality` where it
    is one, or redirected by a new decision.
    """

    __tablename__ = "advice"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    organisation_id: Mapped[UUID]
    decision_version: Mapped[int]
    channel: Mapped[str]
    kind: Mapped[str]
    role: Mapped[str]
    route_positions: Mapped[list[int]]
    due: Mapped[date | None]
    status: Mapped[str]
    preceded_by: Mapped[UUID | None]
    municipality: Mapped[str | None]
    handled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(one_of("channel", "referrer_acts", "call_now", "school"), "channel"),
        CheckConstraint(one_of("role", "primary", "alongside", "bridging"), "role"),
        CheckConstraint(one_of("status", "open", "done", "not_needed"), "status"),
    )
