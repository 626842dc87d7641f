"""Let the service revise a referral: new versions, changed handovers and advice."""

from app.models.service_role import grant_to_service, revoke_from_service

revision = "20261121revise"
down_revision = "20261121first"
branch_labels = None
depends_on = None

# What a new decision changes, and no more: who handed over to whom stays as it was stored.
GRANTS = {
    "referral": "UPDATE (status, decision_version, reference_date, home_municipality, identity)",
    "handover": "UPDATE (status, version, decision_version, receiver_organisation_id, lead, team_id, "
    "team_kind, team_name, responsible_municipality, provisions, route_positions, flags, offered_at, "
    "deadlines, preceded_by, succeeded_by)",
    "advice": "UPDATE (status, decision_version, route_positions)",
}


def upgrade() -> None:
    """Grants the updates, column by column."""
    for table, privileges in GRANTS.items():
        grant_to_service(privileges, table)


def downgrade() -> None:
    """Takes them back."""
    for table, privileges in GRANTS.items():
        revoke_from_service(privileges, table)
