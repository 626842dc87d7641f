"""Keep references by hash, and let each edition of the directory name the one it was made with."""

from alembic import op

from app.models.service_role import grant_to_service

revision = "20261121reference"
down_revision = "20261121lists"
branch_labels = None
depends_on = None

# Editions of before have null: no row is rewritten, and the table is locked for an instant.
STATEMENTS = (
    """
    CREATE TABLE reference (
        hash text CONSTRAINT pk_reference PRIMARY KEY,
        files jsonb NOT NULL,
        origin text NOT NULL,
        stored_at timestamptz NOT NULL,
        CONSTRAINT ck_reference_origin CHECK (origin IN ('shipped', 'imported'))
    )
    """,
    """
    ALTER TABLE directory_edition ADD COLUMN reference_hash text
        CONSTRAINT fk_directory_edition_reference_hash_reference REFERENCES reference
    """,
)


def upgrade() -> None:
    """Makes the table and the column, and lets the service use them."""
    for statement in STATEMENTS:
        op.execute(statement)
    grant_to_service("SELECT, INSERT", "reference")


def downgrade() -> None:
    """Takes both away; the editions stay."""
    op.drop_column("directory_edition", "reference_hash")
    op.drop_table("reference")
