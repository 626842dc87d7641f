"""Follow a handover until it is closed: clocks, desk, steps, lineage of advice, who caused an event."""

from alembic import op

from app.models.service_role import grant_to_service, revoke_from_service

revision = "20261122loop"
down_revision = "20261121reference"
branch_labels = None
depends_on = None

FLAGS = ("overdue", "escalated", "review", "reassessment_due", "disputed", "transfer_pending")
COLUMNS = {
    "handover": {
        "desk_organisation_id": "uuid",
        "held_from": "text",
        "paused_on": "date",
        "clock_on": "date",
        "reassess_on": "date",
        "acknowledged_at": "timestamptz",
        "first_contact_on": "date",
        "expected_on": "date",
        "ended_at": "timestamptz",
        "reason": "text",
        "outcome": "text",
        "bounces": "integer NOT NULL DEFAULT 0",
        "denied_by": "uuid[] NOT NULL DEFAULT '{}'",
        "notes": "bytea",
        "person_index": "bytea",
        "problem_domains": "text[] NOT NULL DEFAULT '{}'",
        "placed": "boolean NOT NULL DEFAULT false",
        "succeeded_by_advice": "uuid",
    },
    "referral": {"support_variant": "text"},
    "advice": {"preceded_by": "uuid", "municipality": "text", "handled_at": "timestamptz"},
    "event": {"actor_organisation_id": "uuid", "desk_organisation_id": "uuid", "team_id": "text"},
}
# Beside what a new decision may change: what a step changes. Whom it is about and who referred stay.
GRANTS = {
    "handover": "UPDATE (desk_organisation_id, held_from, paused_on, clock_on, reassess_on, acknowledged_at, "
    "first_contact_on, expected_on, ended_at, reason, outcome, bounces, denied_by, notes, person_index, "
    "problem_domains, placed, succeeded_by_advice)",
    "referral": "UPDATE (support_variant)",
    "advice": "UPDATE (handled_at)",
}
# The desk's own list: what lies with another organisation. Where no desk is connected, the operator's.
WITH_ANOTHER = (
    "desk_organisation_id IS NULL OR desk_organisation_id IS DISTINCT FROM receiver_organisation_id"
)


def upgrade() -> None:
    """Adds columns that the release before leaves empty, and the indexes of the desk's lists."""
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    for table, privileges in GRANTS.items():
        grant_to_service(privileges, table)
    side = "desk_organisation_id"
    lists = {"status": ["status", "id"], "team": ["team_id", "status", "id", "responsible_municipality"]}
    lists["municipality"] = ["responsible_municipality", "status", "id"]
    for name, listed in lists.items():
        op.create_index(
            f"ix_handover_{side}_{name}", "handover", [side, *listed], postgresql_where=WITH_ANOTHER
        )
    for flag in FLAGS:
        op.create_index(
            f"ix_handover_{side}_{flag}",
            "handover",
            [side, "status", "id", "team_id", "responsible_municipality"],
            postgresql_where=f"({WITH_ANOTHER}) AND flags @> ARRAY['{flag}']",
        )
    op.create_index(
        "ix_handover_clock_on_id", "handover", ["clock_on", "id"], postgresql_where="clock_on IS NOT NULL"
    )


def downgrade() -> None:
    """Takes them away; what steps had told is gone."""
    op.drop_index("ix_handover_clock_on_id", "handover")
    for name in ("status", "team", "municipality", *FLAGS):
        op.drop_index(f"ix_handover_desk_organisation_id_{name}", "handover")
    for table, privileges in GRANTS.items():
        revoke_from_service(privileges, table)
    for table, columns in COLUMNS.items():
        for name in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
