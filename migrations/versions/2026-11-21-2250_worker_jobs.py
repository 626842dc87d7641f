"""Keep how the jobs of the worker went."""

from alembic import op

from app.models.service_role import grant_to_service

revision = "20261121jobs"
down_revision = "20261121confirm"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table; workers write to it, readiness and metrics read it."""
    op.execute(
        """
        CREATE TABLE worker_job (
            name text NOT NULL,
            succeeded_at timestamptz,
            failed_at timestamptz,
            failures integer NOT NULL,
            failure text,
            due_at timestamptz NOT NULL,
            CONSTRAINT pk_worker_job PRIMARY KEY (name)
        )
        """
    )
    grant_to_service("SELECT, INSERT, UPDATE, DELETE", "worker_job")


def downgrade() -> None:
    """Takes it away."""
    op.drop_table("worker_job")
