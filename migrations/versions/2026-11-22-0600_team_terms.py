"""Let a team say how soon it wants to react."""

from alembic import op

revision = "20261122clocks"
down_revision = "20261122figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds a column that the release before leaves empty: the terms of the service."""
    op.execute("ALTER TABLE team ADD COLUMN terms jsonb")


def downgrade() -> None:
    """Takes it away; the terms of teams are gone."""
    op.execute("ALTER TABLE team DROP COLUMN terms")
