"""Keep imports: how each goes, what became of every row, and the upload that it reads (ADR 27)."""

import re
from collections.abc import Iterator

from alembic import op

from app.models.service_role import grant_to_service, service_role

revision = "20261123batch"
down_revision = "20261123walls"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE import (
        id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        status text NOT NULL,
        dry_run boolean NOT NULL,
        created_at timestamptz NOT NULL,
        received_at timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        credential_id uuid,
        roles text[] NOT NULL,
        acting_user text,
        trace_id text,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        digest_index bytea,
        mapping bytea,
        format text,
        encoding text,
        delimiter text,
        rows_total integer,
        rows_done integer NOT NULL,
        last_row integer NOT NULL,
        outcomes jsonb NOT NULL,
        summary jsonb NOT NULL,
        faults jsonb NOT NULL,
        content_size bigint,
        content_removed_at timestamptz,
        CONSTRAINT pk_import PRIMARY KEY (id),
        CONSTRAINT fk_import_organisation_id_organisation
            FOREIGN KEY (organisation_id) REFERENCES organisation (id),
        CONSTRAINT ck_import_status
            CHECK (status IN ('pending', 'processing', 'succeeded', 'failed', 'cancelled')),
        CONSTRAINT ck_import_finished
            CHECK ((finished_at IS NULL) = (status IN ('pending', 'processing'))),
        CONSTRAINT ck_import_acting_user CHECK (length(acting_user) BETWEEN 1 AND 64)
    )
    """,
    """
    CREATE TABLE import_row (
        import_id uuid NOT NULL,
        number integer NOT NULL,
        organisation_id uuid NOT NULL,
        outcome text NOT NULL,
        reference bytea,
        reference_index bytea,
        content_fingerprint bytea,
        referral_id uuid,
        first_row integer,
        faults jsonb,
        CONSTRAINT pk_import_row PRIMARY KEY (import_id, number),
        CONSTRAINT fk_import_row_import_id_import
            FOREIGN KEY (import_id) REFERENCES import (id) ON DELETE CASCADE,
        CONSTRAINT ck_import_row_outcome
            CHECK (outcome IN ('stored', 'already_stored', 'needs_information', 'needs_consent',
                               'needs_triage', 'invalid', 'conflict'))
    )
    """,
    """
    CREATE TABLE import_part (
        import_id uuid NOT NULL,
        number integer NOT NULL,
        organisation_id uuid NOT NULL,
        content bytea NOT NULL,
        CONSTRAINT pk_import_part PRIMARY KEY (import_id, number),
        CONSTRAINT fk_import_part_import_id_import
            FOREIGN KEY (import_id) REFERENCES import (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE import_erasure (
        import_id uuid NOT NULL,
        reference_index bytea NOT NULL,
        organisation_id uuid NOT NULL,
        CONSTRAINT pk_import_erasure PRIMARY KEY (import_id, reference_index),
        CONSTRAINT fk_import_erasure_import_id_import
            FOREIGN KEY (import_id) REFERENCES import (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_import_organisation_id_id ON import (organisation_id, id)",
    "CREATE INDEX ix_import_key_id_id ON import (key_id, id)",
    "CREATE INDEX ix_import_unfinished ON import (id) WHERE finished_at IS NULL",
    """
    CREATE INDEX ix_import_row_reference_index ON import_row (reference_index, import_id)
     WHERE reference_index IS NOT NULL
    """,
    """
    CREATE INDEX ix_import_row_outcome ON import_row (import_id, outcome, number) WHERE outcome <> 'stored'
    """,
    # Ciphertext does not get smaller: trying would cost more than all else of a part.
    "ALTER TABLE import_part ALTER COLUMN content SET STORAGE EXTERNAL",
)
GRANTS = {
    "import": "SELECT, INSERT, DELETE, UPDATE (status, received_at, started_at, finished_at, "
    "key_id, wrapped_key, digest_index, mapping, format, encoding, delimiter, rows_total, rows_done, "
    "last_row, outcomes, summary, faults, content_size, content_removed_at)",
    "import_row": "SELECT, INSERT, DELETE, UPDATE (reference, reference_index, content_fingerprint)",
    "import_part": "SELECT, INSERT, DELETE",
    "import_erasure": "SELECT, INSERT, DELETE",
}

# As in the migration that put up the walls: what a transaction said at its beginning, read for each row.
OWN = "organisation_id = nullif(current_setting('verwijsroute.organisation', true), '')::uuid"
SHOWN = """
nullif(CASE current_setting('verwijsroute.scope', true)
    WHEN 'organisation' THEN {organisation}
    WHEN 'operator' THEN {organisation}
    WHEN 'system' THEN true
END, false) IS NOT NULL
"""
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
# What is deleted by the organisation itself: uploads that were imported, and an import that another one is.
# Results are deleted after their term, which is the service's own work.
DELETED = {"import": OWN, "import_row": "false", "import_part": OWN, "import_erasure": OWN}

# Who erases a referral may stand anywhere: at the desk, with a team. It empties rows of a reference that it
# names by its index, and sees none.
FORGET_IMPORTED = """
CREATE FUNCTION forget_imported(school uuid, reference bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE before text := coalesce(current_setting('verwijsroute.scope', true), '');
BEGIN
    PERFORM set_config('verwijsroute.scope', 'system', true);
    UPDATE import_row AS r SET reference = NULL, reference_index = NULL, content_fingerprint = NULL
     WHERE r.reference_index = forget_imported.reference AND r.organisation_id = school;
    PERFORM set_config('verwijsroute.scope', before, true);
END $$
"""
# A file that was sent before an erasure does not bring back who was erased.
NOTE_ERASED = """
CREATE FUNCTION note_erased(school uuid, reference bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE before text := coalesce(current_setting('verwijsroute.scope', true), '');
BEGIN
    PERFORM set_config('verwijsroute.scope', 'system', true);
    INSERT INTO import_erasure (import_id, reference_index, organisation_id)
    SELECT i.id, note_erased.reference, school FROM import AS i
     WHERE i.organisation_id = school AND i.finished_at IS NULL AND note_erased.reference IS NOT NULL
    ON CONFLICT DO NOTHING;
    PERFORM set_config('verwijsroute.scope', before, true);
END $$
"""
FUNCTIONS = {"forget_imported(uuid, bytea)": FORGET_IMPORTED, "note_erased(uuid, bytea)": NOTE_ERASED}
# An import is staged in tables of its session. Where the owner may not grant this, the service says so at its
# start.
STAGING = """
DO $$ BEGIN EXECUTE format('{what} TEMPORARY ON DATABASE %I {whom} "{role}"', current_database()); END $$
"""


def policies(table: str) -> Iterator[str]:
    """The statements that make the policies of a table."""
    for command in COMMANDS:
        check = "WITH CHECK" if command == "INSERT" else "USING"
        rule = SHOWN.format(organisation=DELETED[table] if command == "DELETE" else OWN)
        yield f"CREATE POLICY own_{command.lower()} ON {table} FOR {command} {check} ({rule})"


def upgrade() -> None:
    """New tables alone: nothing that is there changes."""
    for statement in TABLES:
        op.execute(re.sub(r"\n {4}", "\n", statement))
    for table, privileges in GRANTS.items():
        for statement in policies(table):
            op.execute(statement)
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        grant_to_service(privileges, table)
    for function, statement in FUNCTIONS.items():
        op.execute(statement)
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        grant_to_service("EXECUTE", function, "FUNCTION")
    op.execute(STAGING.format(what="GRANT", whom="TO", role=service_role()))


def downgrade() -> None:
    """Takes them away; what was imported stays, what became of which row is no longer told."""
    op.execute(STAGING.format(what="REVOKE", whom="FROM", role=service_role()))
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table in ("import_erasure", "import_part", "import_row", "import"):
        op.drop_table(table)
    op.execute("DELETE FROM event WHERE type = 'import.finished'")
