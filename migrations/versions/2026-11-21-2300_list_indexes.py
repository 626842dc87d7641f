"""Give every filter on handovers an index in the order of the list, for either side."""

from alembic import op

revision = "20261121lists"
down_revision = "20261121jobs"
branch_labels = None
depends_on = None

SIDES = ("organisation_id", "receiver_organisation_id")
FLAGS = ("overdue", "escalated", "review", "reassessment_due", "disputed", "transfer_pending")


def upgrade() -> None:
    """Replaces the indexes without a filter, of which every list would read the rows it does not show.

    Within the one transaction of a migration nothing can be built concurrently. Building them all blocks
    writes for a minute where there are two million handovers.
    """
    op.create_index("ix_handover_organisation_id_status_id", "handover", ["organisation_id", "status", "id"])
    for side in SIDES:
        team = [side, "team_id", "status", "id", "responsible_municipality"]
        op.create_index(f"ix_handover_{side}_team", "handover", team)
        municipality = [side, "responsible_municipality", "status", "id"]
        op.create_index(f"ix_handover_{side}_municipality", "handover", municipality)
        for flag in FLAGS:
            op.create_index(
                f"ix_handover_{side}_{flag}",
                "handover",
                [side, "status", "id", "team_id", "responsible_municipality"],
                postgresql_where=f"flags @> ARRAY['{flag}']",
            )
        op.drop_index(f"ix_handover_{side}_id", "handover")
    # A team belongs to one organisation: without this the planner takes a team's list for far shorter.
    op.execute(
        "CREATE STATISTICS st_handover_team (dependencies) ON receiver_organisation_id, team_id FROM handover"
    )


def downgrade() -> None:
    """Back to the indexes without a filter."""
    op.execute("DROP STATISTICS st_handover_team")
    for side in SIDES:
        op.create_index(f"ix_handover_{side}_id", "handover", [side, "id"])
        for name in ("team", "municipality", *FLAGS):
            op.drop_index(f"ix_handover_{side}_{name}", "handover")
    op.drop_index("ix_handover_organisation_id_status_id", "handover")
