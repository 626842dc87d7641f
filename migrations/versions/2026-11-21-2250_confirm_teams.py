"""Let every edition of the directory say within how many days a team must be confirmed."""

from alembic import op

revision = "20261121confirm"
down_revision = "20261121revise"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; editions made before warned of nobody."""
    op.execute("ALTER TABLE directory_edition ADD COLUMN confirm_within_days integer")


def downgrade() -> None:
    """Takes it away."""
    op.execute("ALTER TABLE directory_edition DROP COLUMN confirm_within_days")
