"""Find a person again within a municipality and a student within a school, and count by municipality."""

from alembic import op

from app.models.service_role import grant_to_service, revoke_from_service

revision = "20261122figures"
down_revision = "20261122webhooks"
branch_labels = None
depends_on = None

SAME_PERSON = "ix_handover_responsible_municipality_person_index"
SAME_STUDENT = "ix_referral_organisation_id_student_number_index"
CHANGED = "UPDATE (student_number_index)"


def upgrade() -> None:
    """Adds a column that is null in referrals of before, and an index for each way to look."""
    op.execute("ALTER TABLE referral ADD COLUMN student_number_index bytea")
    grant_to_service(CHANGED, "referral")
    # Whole, not only where there is a person: statistics read a municipality's handovers by its beginning.
    op.create_index(SAME_PERSON, "handover", ["responsible_municipality", "person_index"])
    op.create_index(
        SAME_STUDENT,
        "referral",
        ["organisation_id", "student_number_index", "id"],
        postgresql_where="student_number_index IS NOT NULL",
    )


def downgrade() -> None:
    """Takes them away; who had which student number can no longer be asked."""
    op.drop_index(SAME_STUDENT, "referral")
    op.drop_index(SAME_PERSON, "handover")
    revoke_from_service(CHANGED, "referral")
    op.execute("ALTER TABLE referral DROP COLUMN student_number_index")
