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
        "erasure_requested_on": "date",
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
        "erased_because": """
            erased_because IN ('request', 'unlawful', 'not_needed', 'retention', 'consent_refused')""",
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
# A receipt is proof of what was decided: the service may destroy it, and never write another.
RECEIPT = (
    """
    CREATE FUNCTION destroy_receipt_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.receipt IS NOT NULL THEN
            RAISE insufficient_privilege USING MESSAGE = 'a receipt is destroyed, never rewritten';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER tr_decision_receipt BEFORE UPDATE OF receipt ON decision
       FOR EACH ROW EXECUTE FUNCTION destroy_receipt_only()
    """,
)
# Events are told and stay: the service may not delete one, save those of a year ago and before, and never
# the last, for the next has its number plus one.
FORGET = """
CREATE FUNCTION forget_events(before timestamptz, at_once integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH old AS MATERIALIZED (
        SELECT id, number FROM event
         WHERE number IN (SELECT number FROM event
                           WHERE number < (SELECT max(number) FROM event) ORDER BY number LIMIT at_once)
           AND at < least(before, now() - interval '1 year')
    ), unseen AS (
        DELETE FROM event_audience WHERE number IN (SELECT number FROM old)
    ), gone AS (
        DELETE FROM event WHERE id IN (SELECT id FROM old) RETURNING id
    )
    SELECT count(*) FROM gone
$$
"""
GRANTS = {
    "referral": "UPDATE (content_fingerprint, key_id, wrapped_key, reason, source_reference_index, "
    "erased_at, erased_because, erasure_requested_on, held_until, held_because)",
    "decision": "UPDATE (receipt)",
    "handover": "UPDATE (erased_at)",
}
FORGETTING = "forget_events(timestamptz, integer)"
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
    for statement in (*RECEIPT, FORGET, f"REVOKE EXECUTE ON FUNCTION {FORGETTING} FROM PUBLIC"):
        op.execute(statement)
    grant_to_service("EXECUTE", FORGETTING, "FUNCTION")
    grant_to_service("DELETE", "webhook_delivery")
    op.create_index(
        "ix_referral_ended",
        "referral",
        ["id"],
        postgresql_where="erased_at IS NULL AND status IN ('closed', 'withdrawn')",
    )


def downgrade() -> None:
    """Takes them away, and the tombstones with them."""
    for statement in TOMBSTONES:
        op.execute(statement)
    for table, privileges in GRANTS.items():
        revoke_from_service(privileges, table)
    op.drop_index("ix_referral_ended", "referral")
    revoke_from_service("DELETE", "webhook_delivery")
    op.execute(f"DROP FUNCTION {FORGETTING}")
    op.execute("DROP TRIGGER tr_decision_receipt ON decision")
    op.execute("DROP FUNCTION destroy_receipt_only()")
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
