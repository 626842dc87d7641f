"""Let clients in by token too, note the day each was last here, and keep what it used of its quota."""

from alembic import op

from app.models.service_role import grant_to_service, revoke_from_service

revision = "20261123ways"
down_revision = "20261122open"
branch_labels = None
depends_on = None

BUCKET = """
    CREATE UNLOGGED TABLE bucket (
        credential_id uuid NOT NULL,
        full_at timestamptz NOT NULL,
        CONSTRAINT pk_bucket PRIMARY KEY (credential_id)
    ) WITH (fillfactor = 20)
"""
UPGRADE = (
    """
    ALTER TABLE credential
        ADD COLUMN issuer text,
        ADD COLUMN client_id text,
        ADD COLUMN quota integer,
        ADD COLUMN last_used_on date,
        ALTER COLUMN secret_sha256 DROP NOT NULL,
        ADD CONSTRAINT ck_credential_way
            CHECK (num_nonnulls(secret_sha256, issuer) = 1 AND num_nonnulls(issuer, client_id) <> 1),
        ADD CONSTRAINT ck_credential_quota CHECK (quota >= 0),
        ADD CONSTRAINT uq_credential_secret_sha256 UNIQUE (secret_sha256)
    """,
    """
    CREATE UNIQUE INDEX uq_credential_issuer_client_id ON credential (issuer, client_id)
        WHERE revoked_at IS NULL
    """,
    BUCKET,
)
DOWNGRADE = (
    "DROP TABLE bucket",
    "DROP INDEX uq_credential_issuer_client_id",
    "DELETE FROM credential WHERE secret_sha256 IS NULL",
    """
    ALTER TABLE credential
        DROP CONSTRAINT uq_credential_secret_sha256,
        DROP CONSTRAINT ck_credential_quota,
        DROP CONSTRAINT ck_credential_way,
        ALTER COLUMN secret_sha256 SET NOT NULL,
        DROP COLUMN last_used_on,
        DROP COLUMN quota,
        DROP COLUMN client_id,
        DROP COLUMN issuer
    """,
)
# What is used of a quota is not worth a disk's wait: after a crash every bucket is full again.
GRANTS = {"credential": "UPDATE (last_used_on)", "bucket": "SELECT, INSERT, UPDATE (full_at)"}


def upgrade() -> None:
    """Adds the columns and the table; the release before never asks for a credential without a secret."""
    for statement in UPGRADE:
        op.execute(statement)
    for table, privileges in GRANTS.items():
        grant_to_service(privileges, table)


def downgrade() -> None:
    """Takes them away, and the clients that come by token."""
    revoke_from_service(GRANTS["credential"], "credential")
    for statement in DOWNGRADE:
        op.execute(statement)
