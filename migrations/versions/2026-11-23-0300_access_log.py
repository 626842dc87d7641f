"""Keep who looked at whom: one row for each person that a request concerned."""

from alembic import op

from app.models.service_role import grant_to_service

revision = "20261123trail"
down_revision = "20261123ways"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE access_log (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    credential_id uuid,
    roles text[] NOT NULL,
    acting_user text,
    activity text NOT NULL,
    purpose text NOT NULL,
    referring_organisation_id uuid,
    referral_id uuid,
    handover_id uuid,
    request_id text,
    trace_id text,
    at timestamptz NOT NULL,
    number bigint,
    hash bytea,
    CONSTRAINT pk_access_log PRIMARY KEY (id),
    CONSTRAINT ck_access_log_acting_user CHECK (length(acting_user) BETWEEN 1 AND 64),
    CONSTRAINT ck_access_log_chained CHECK ((number IS NULL) = (hash IS NULL))
)
"""
INDEXES = (
    "CREATE INDEX ix_access_log_referral_id_id ON access_log (referral_id, id) WHERE referral_id IS NOT NULL",
    "CREATE INDEX ix_access_log_unchained ON access_log (organisation_id, id) WHERE number IS NULL",
    """
    CREATE UNIQUE INDEX ix_access_log_organisation_id_number ON access_log (organisation_id, number)
     WHERE number IS NOT NULL
    """,
)
# The worker links a row once. Whoever owns the table may be stopped by no grant, but by this.
KEPT = """
CREATE FUNCTION keep_access_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log is only added to';
END $$
"""
KEPT_BY = """
CREATE TRIGGER kept BEFORE UPDATE ON access_log FOR EACH ROW
    WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION keep_access_log()
"""
# The service may not delete; what its term has ended is cut off the beginning of a chain, by number alone.
CUT = """
CREATE FUNCTION cut_access_log(organisation uuid, up_to bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM public.access_log WHERE organisation_id = organisation AND number <= up_to RETURNING id
    ) SELECT count(*) FROM gone
$$
"""


def upgrade() -> None:
    """Makes the log; the service role adds rows, links them, and changes nothing else."""
    op.execute(TABLE)
    for index in INDEXES:
        op.execute(index)
    op.execute(KEPT)
    op.execute(KEPT_BY)
    op.execute(CUT)
    op.execute("REVOKE ALL ON FUNCTION cut_access_log FROM PUBLIC")
    grant_to_service("SELECT, INSERT, UPDATE (number, hash)", "access_log")
    grant_to_service("EXECUTE", "cut_access_log", "FUNCTION")


def downgrade() -> None:
    """Takes the log away, with all that it holds."""
    op.drop_table("access_log")
    op.execute("DROP FUNCTION keep_access_log")
    op.execute("DROP FUNCTION cut_access_log")
