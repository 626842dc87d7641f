"""Find what is open in a municipality, when one of its agreements changes."""

from alembic import op

revision = "20261122open"
down_revision = "20261122clocks"
branch_labels = None
depends_on = None

INDEX = "ix_handover_responsible_municipality_open"


def upgrade() -> None:
    """Adds an index of the handovers that have not ended."""
    op.create_index(INDEX, "handover", ["responsible_municipality"], postgresql_where="ended_at IS NULL")


def downgrade() -> None:
    """Takes it away."""
    op.drop_index(INDEX, "handover")
