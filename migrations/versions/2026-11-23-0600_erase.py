"""Let a referral be erased to a tombstone without key, text and indexes; holds; the ledger's place."""

from alembic import op

from app.models.service_role import grant_to_service, revoke_from_service

revision = "20261123erase"
down_revision = "20261123keys"
branch_labels = None
depends_on = None

COLUMNS = {
    "referral": {
        "erased_at": "timestamptz",
        "erased_because": "text",
        "held_until": "date",
        "held_because": "text",
    },
    "handover": {"erased_at": "timestamptz"},
}
EMPTIED = {
    "referral": ("content_fingerprint", "key_id", "wrapped_key", "identity"),
    "decision": ("receipt",),
}
CHECKS = {
    "referral": {
        "erased_because": "erased_because IN ('request', 'retention', 'consent_refused')",
        "held_because": "held_because IN ('weighty_interest', 'law_forbids')",
        "held": "num_nulls(held_until, held_because) IN (0, 2)",
        "whole_or_erased": """
            CASE WHEN erased_at IS NULL
                 THEN erased_because IS NULL
                      AND num_nulls(content_fingerprint, key_id, wrapped_key, identity) = 0
                 ELSE erased_because IS NOT NULL
                      AND num_nonnulls(content_fingerprint, key_id, wrapped_key, identity, reason,
                                       source_reference_index, student_number_index, subject_index) = 0
            END""",
    },
    "handover": {
        "whole_or_erased": "erased_at IS NULL OR num_nonnulls(notes, person_index, clock_on, reassess_on) = 0"
    },
}
# Setting a receipt to null destroys it; nothing but the code keeps the service from writing another.
GRANTS = {
    "referral": "UPDATE (content_fingerprint, key_id, wrapped_key, reason, source_reference_index, "
    "erased_at, erased_because, held_until, held_because)",
    "decision": "UPDATE (receipt)",
    "handover": "UPDATE (erased_at)",
}
PLACE = """
CREATE TABLE erasure_place (
    one boolean CONSTRAINT pk_erasure_place PRIMARY KEY,
    bytes bigint NOT NULL,
    mac text NOT NULL,
    CONSTRAINT ck_erasure_place_one CHECK (one)
)
"""
# Release before cannot read what has no key.
TOMBSTONES = (
    "DELETE FROM idempotency WHERE referral_id IN (SELECT id FROM referral WHERE erased_at IS NOT NULL)",
    "DELETE FROM advice WHERE referral_id IN (SELECT id FROM referral WHERE erased_at IS NOT NULL)",
    "DELETE FROM handover WHERE erased_at IS NOT NULL",
    "DELETE FROM decision WHERE referral_id IN (SELECT id FROM referral WHERE erased_at IS NOT NULL)",
    "DELETE FROM referral WHERE erased_at IS NOT NULL",
)


def upgrade() -> None:
    """Adds empty columns, and says what a row without a key looks like."""
    for table, columns in COLUMNS.items():
        for name, kind in columns.items():
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
    for table, names in EMPTIED.items():
        for name in names:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} DROP NOT NULL")
    for table, checks in CHECKS.items():
        for name, text in checks.items():
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({text})")
    op.execute(PLACE)
    for table, privileges in GRANTS.items():
        grant_to_service(privileges, table)
    grant_to_service("SELECT, INSERT, UPDATE (bytes, mac)", "erasure_place")


def downgrade() -> None:
    """Takes them away, and the tombstones with them."""
    for statement in TOMBSTONES:
        op.execute(statement)
    for table, privileges in GRANTS.items():
        revoke_from_service(privileges, table)
    op.drop_table("erasure_place")
    for table, checks in CHECKS.items():
        for name in checks:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
    for table, names in EMPTIED.items():
        for name in names:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL")
    for table, columns in COLUMNS.items():
        for name in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
