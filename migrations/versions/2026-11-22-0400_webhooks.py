"""Tell events by webhook: subscriptions, deliveries and attempts."""

from alembic import op

from app.models.service_role import grant_to_service, revoke_from_service

revision = "20261122webhooks"
down_revision = "20261122events"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE webhook_subscription (
        id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        roles text[] NOT NULL,
        team_ids text[],
        event_types text[] NOT NULL,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        url bytea NOT NULL,
        secrets bytea NOT NULL,
        old_secret_until timestamptz,
        status text NOT NULL,
        disabled_reason text,
        version integer NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_webhook_subscription PRIMARY KEY (id),
        CONSTRAINT fk_webhook_subscription_organisation_id_organisation
            FOREIGN KEY (organisation_id) REFERENCES organisation (id),
        CONSTRAINT ck_webhook_subscription_status CHECK (status IN ('active', 'disabled')),
        CONSTRAINT ck_webhook_subscription_disabled_reason CHECK (disabled_reason IN ('by_client', 'gone'))
    )
    """,
    """
    CREATE TABLE webhook_delivery (
        subscription_id uuid NOT NULL,
        event_id uuid NOT NULL,
        position bigint GENERATED ALWAYS AS IDENTITY,
        stream uuid NOT NULL,
        handover_id uuid,
        told boolean NOT NULL,
        status text NOT NULL,
        attempts integer NOT NULL,
        series_from integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz,
        claimed_until timestamptz,
        answer text,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT pk_webhook_delivery PRIMARY KEY (subscription_id, event_id),
        CONSTRAINT fk_webhook_delivery_subscription_id_webhook_subscription
            FOREIGN KEY (subscription_id) REFERENCES webhook_subscription (id) ON DELETE CASCADE,
        CONSTRAINT ck_webhook_delivery_status CHECK (status IN ('pending', 'delivered', 'failed', 'skipped'))
    )
    """,
    """
    CREATE TABLE webhook_attempt (
        subscription_id uuid NOT NULL,
        event_id uuid NOT NULL,
        attempt integer NOT NULL,
        started_at timestamptz NOT NULL,
        ended_at timestamptz,
        answer text,
        credential_id uuid,
        CONSTRAINT pk_webhook_attempt PRIMARY KEY (subscription_id, event_id, attempt),
        CONSTRAINT fk_webhook_attempt_subscription_id_event_id_webhook_delivery
            FOREIGN KEY (subscription_id, event_id)
            REFERENCES webhook_delivery (subscription_id, event_id) ON DELETE CASCADE
    )
    """,
)
DELIVERY = "CREATE INDEX ix_webhook_delivery_"
INDEXES = (
    "CREATE INDEX ix_webhook_subscription_organisation_id ON webhook_subscription (organisation_id)",
    f"{DELIVERY}subscription_id_position ON webhook_delivery (subscription_id, position)",
    f"{DELIVERY}status ON webhook_delivery (subscription_id, status, position)",
    f"""{DELIVERY}due ON webhook_delivery (subscription_id, next_attempt_at)
        WHERE next_attempt_at IS NOT NULL""",
    f"""{DELIVERY}claimed ON webhook_delivery (subscription_id, claimed_until)
        WHERE claimed_until IS NOT NULL""",
    f"""{DELIVERY}open ON webhook_delivery (subscription_id, stream, position)
        WHERE status IN ('pending', 'failed')""",
    f"{DELIVERY}handover_id_position ON webhook_delivery (handover_id, position)",
    f"{DELIVERY}untold ON webhook_delivery (position) WHERE NOT told",
)
GRANTS = {
    "webhook_subscription": "SELECT, INSERT, DELETE, UPDATE (event_types, key_id, wrapped_key, url, secrets, "
    "old_secret_until, status, disabled_reason, version)",
    "webhook_delivery": "SELECT, INSERT, UPDATE (told, status, attempts, series_from, next_attempt_at, "
    "claimed_until, answer, ended_at)",
    "webhook_attempt": "SELECT, INSERT, UPDATE (ended_at, answer)",
    "handover": "UPDATE (delivery_status)",
}


def upgrade() -> None:
    """Makes the tables; the service may add attempts and end them, and rewrite none."""
    for statement in (*TABLES, *INDEXES):
        op.execute(statement)
    for table, privileges in GRANTS.items():
        grant_to_service(privileges, table)


def downgrade() -> None:
    """Takes them away."""
    revoke_from_service(GRANTS["handover"], "handover")
    for table in ("webhook_attempt", "webhook_delivery", "webhook_subscription"):
        op.drop_table(table)
