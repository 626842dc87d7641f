"""Number events after they are committed, and keep who may see each."""

from alembic import op

from app.models.service_role import grant_to_service, revoke_from_service

revision = "20261122events"
down_revision = "20261122loop"
branch_labels = None
depends_on = None

AUDIENCE = """
CREATE TABLE event_audience (
    number bigint NOT NULL,
    side text NOT NULL,
    organisation_id uuid,
    team_id text,
    CONSTRAINT pk_event_audience PRIMARY KEY (number, side),
    CONSTRAINT ck_event_audience_side CHECK (side IN ('referrer', 'receiver', 'desk', 'everybody'))
)
"""
# A team has one organisation; without this, its events would be taken for far fewer than they are.
TEAM = """
CREATE STATISTICS st_event_audience_team (dependencies) ON side, organisation_id, team_id FROM event_audience
"""
INDEXES = (
    "CREATE INDEX ix_event_audience_side ON event_audience (side, organisation_id, number)",
    """
    CREATE INDEX ix_event_audience_team ON event_audience (organisation_id, team_id, number)
     WHERE side = 'receiver' AND team_id IS NOT NULL
    """,
    "CREATE UNIQUE INDEX ix_event_number ON event (number) WHERE number IS NOT NULL",
    "CREATE INDEX ix_event_unnumbered ON event (written) WHERE number IS NULL",
    "CREATE INDEX ix_event_handover_id_written ON event (handover_id, written) WHERE handover_id IS NOT NULL",
)


def upgrade() -> None:
    """What is there gets its place in the order of the rows: they were only ever added."""
    op.execute("ALTER TABLE event ADD COLUMN written bigint GENERATED ALWAYS AS IDENTITY")
    # A directory that was changed by a command was changed by no organisation.
    op.execute("ALTER TABLE event ALTER COLUMN organisation_id DROP NOT NULL")
    op.execute(AUDIENCE)
    op.execute(TEAM)
    for index in INDEXES:
        op.execute(index)
    grant_to_service("UPDATE (number)", "event")
    grant_to_service("SELECT, INSERT", "event_audience")


def downgrade() -> None:
    """Takes them away; what happened to the directory is no longer told."""
    revoke_from_service("UPDATE (number)", "event")
    op.drop_index("ix_event_handover_id_written", "event")
    op.drop_index("ix_event_unnumbered", "event")
    op.drop_index("ix_event_number", "event")
    op.drop_table("event_audience")
    op.execute("DELETE FROM event WHERE organisation_id IS NULL")
    op.execute("ALTER TABLE event ALTER COLUMN organisation_id SET NOT NULL")
    op.execute("ALTER TABLE event DROP COLUMN written")
