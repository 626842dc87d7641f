"""Find all referrals of one person, and those under one key; let the service wrap data keys anew."""

from alembic import op

from app.models.service_role import grant_to_service, revoke_from_service

revision = "20261123keys"
down_revision = "20261123trail"
branch_labels = None
depends_on = None

SAME_PERSON = "ix_referral_organisation_id_subject_index"
SAME_KEY = "ix_referral_key_id_id"
CHANGED = "UPDATE (subject_index, key_id, wrapped_key)"


def upgrade() -> None:
    """Adds a column that is null in referrals of before, and an index for each way to look."""
    op.execute("ALTER TABLE referral ADD COLUMN subject_index bytea")
    grant_to_service(CHANGED, "referral")
    op.create_index(
        SAME_PERSON,
        "referral",
        ["organisation_id", "subject_index", "id"],
        postgresql_where="subject_index IS NOT NULL",
    )
    op.create_index(SAME_KEY, "referral", ["key_id", "id"])


def downgrade() -> None:
    """Takes them away; which referrals are of one person can no longer be asked."""
    op.drop_index(SAME_KEY, "referral")
    op.drop_index(SAME_PERSON, "referral")
    revoke_from_service(CHANGED, "referral")
    op.execute("ALTER TABLE referral DROP COLUMN subject_index")
