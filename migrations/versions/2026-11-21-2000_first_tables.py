"""The first tables: clients, directory by edition, referrals with what they give rise to, events."""

from alembic import op

from app.models.service_role import grant_to_service

revision = "20261121first"
down_revision = None
branch_labels = None
depends_on = None

CLIENTS = (
    """
    CREATE TABLE organisation (
        id uuid CONSTRAINT pk_organisation PRIMARY KEY,
        kind text NOT NULL,
        code text NOT NULL,
        name text NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT uq_organisation_code_kind UNIQUE (code, kind),
        CONSTRAINT ck_organisation_kind
            CHECK (kind IN ('school', 'municipality', 'regional_body', 'operator'))
    )
    """,
    """
    CREATE TABLE credential (
        id uuid CONSTRAINT pk_credential PRIMARY KEY,
        organisation_id uuid NOT NULL
            CONSTRAINT fk_credential_organisation_id_organisation REFERENCES organisation,
        public_id text NOT NULL,
        secret_sha256 bytea NOT NULL,
        label text NOT NULL,
        roles text[] NOT NULL,
        team_ids text[],
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT ck_credential_secret_sha256 CHECK (octet_length(secret_sha256) = 32),
        CONSTRAINT ck_credential_roles
            CHECK (roles <@ ARRAY['referrer', 'team', 'desk', 'auditor', 'directory_admin', 'operator']),
        CONSTRAINT uq_credential_public_id UNIQUE (public_id)
    )
    """,
    "CREATE INDEX ix_credential_organisation_id ON credential (organisation_id)",
)

LAW_AND_DIRECTORY = (
    """
    CREATE TABLE rulebook (
        hash text CONSTRAINT pk_rulebook PRIMARY KEY,
        version text NOT NULL,
        files jsonb NOT NULL,
        stored_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE directory_edition (
        edition integer CONSTRAINT pk_directory_edition PRIMARY KEY,
        hash text NOT NULL,
        made_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE directory_organisation (
        kind text NOT NULL,
        code text NOT NULL,
        name text NOT NULL,
        connected boolean NOT NULL,
        edition_from integer NOT NULL
            CONSTRAINT fk_directory_organisation_edition_from_directory_edition REFERENCES directory_edition,
        edition_to integer
            CONSTRAINT fk_directory_organisation_edition_to_directory_edition REFERENCES directory_edition,
        CONSTRAINT pk_directory_organisation PRIMARY KEY (kind, code, edition_from)
    )
    """,
    """
    CREATE TABLE team (
        id text NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        organisation text NOT NULL,
        municipality text NOT NULL,
        coverage jsonb NOT NULL,
        contact jsonb,
        expertise text[] NOT NULL,
        age_from integer,
        age_to integer,
        confirmed_on date,
        valid_from date NOT NULL,
        valid_to date,
        edition_from integer NOT NULL
            CONSTRAINT fk_team_edition_from_directory_edition REFERENCES directory_edition,
        edition_to integer
            CONSTRAINT fk_team_edition_to_directory_edition REFERENCES directory_edition,
        CONSTRAINT pk_team PRIMARY KEY (id, edition_from)
    )
    """,
    """
    CREATE TABLE school (
        id text NOT NULL,
        brin text NOT NULL,
        name text NOT NULL,
        core_municipality text NOT NULL,
        locations text[] NOT NULL,
        valid_from date NOT NULL,
        valid_to date,
        edition_from integer NOT NULL
            CONSTRAINT fk_school_edition_from_directory_edition REFERENCES directory_edition,
        edition_to integer
            CONSTRAINT fk_school_edition_to_directory_edition REFERENCES directory_edition,
        CONSTRAINT pk_school PRIMARY KEY (id, edition_from)
    )
    """,
    """
    CREATE TABLE agreement (
        id text NOT NULL,
        home_municipality text NOT NULL,
        core_municipality text NOT NULL,
        mandate text NOT NULL,
        payer text NOT NULL,
        schools text[],
        support_variants text[],
        provisions text[],
        note text,
        valid_from date NOT NULL,
        valid_to date,
        edition_from integer NOT NULL
            CONSTRAINT fk_agreement_edition_from_directory_edition REFERENCES directory_edition,
        edition_to integer
            CONSTRAINT fk_agreement_edition_to_directory_edition REFERENCES directory_edition,
        CONSTRAINT pk_agreement PRIMARY KEY (id, edition_from),
        CONSTRAINT ck_agreement_mandate CHECK (mandate IN ('consult', 'provide', 'decide')),
        CONSTRAINT ck_agreement_payer CHECK (payer IN ('home', 'core', 'shared'))
    )
    """,
)

REFERRALS = (
    """
    CREATE TABLE referral (
        id uuid CONSTRAINT pk_referral PRIMARY KEY,
        organisation_id uuid NOT NULL
            CONSTRAINT fk_referral_organisation_id_organisation REFERENCES organisation,
        status text NOT NULL,
        created_at timestamptz NOT NULL,
        decision_version integer NOT NULL,
        source_reference_index bytea,
        content_fingerprint bytea NOT NULL,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        identity bytea NOT NULL,
        reason bytea,
        reference_date date NOT NULL,
        home_municipality text,
        CONSTRAINT ck_referral_status
            CHECK (status IN ('needs_information', 'open', 'closed', 'withdrawn'))
    )
    """,
    "CREATE INDEX ix_referral_organisation_id_id ON referral (organisation_id, id)",
    "CREATE INDEX ix_referral_organisation_id_status_id ON referral (organisation_id, status, id)",
    """
    CREATE UNIQUE INDEX uq_referral_organisation_id_source_reference_index
            ON referral (organisation_id, source_reference_index)
        WHERE source_reference_index IS NOT NULL
    """,
    """
    CREATE TABLE decision (
        referral_id uuid NOT NULL
            CONSTRAINT fk_decision_referral_id_referral REFERENCES referral,
        version integer NOT NULL,
        organisation_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        outcome text NOT NULL,
        rulebook_hash text NOT NULL,
        directory_edition integer NOT NULL,
        read_for date NOT NULL,
        receipt bytea NOT NULL,
        CONSTRAINT pk_decision PRIMARY KEY (referral_id, version),
        CONSTRAINT ck_decision_outcome
            CHECK (outcome IN ('routed', 'needs_information', 'needs_triage'))
    )
    """,
    """
    CREATE TABLE handover (
        id uuid CONSTRAINT pk_handover PRIMARY KEY,
        referral_id uuid NOT NULL
            CONSTRAINT fk_handover_referral_id_referral REFERENCES referral,
        organisation_id uuid NOT NULL,
        receiver_organisation_id uuid,
        decision_version integer NOT NULL,
        status text NOT NULL,
        lead boolean NOT NULL,
        version integer NOT NULL,
        team_id text,
        team_kind text,
        team_name text,
        responsible_municipality text,
        provisions text[] NOT NULL,
        route_positions integer[] NOT NULL,
        flags text[] NOT NULL,
        delivery_status text NOT NULL,
        created_at timestamptz NOT NULL,
        offered_at timestamptz,
        deadlines jsonb NOT NULL,
        preceded_by uuid CONSTRAINT fk_handover_preceded_by_handover REFERENCES handover,
        succeeded_by uuid CONSTRAINT fk_handover_succeeded_by_handover REFERENCES handover,
        CONSTRAINT ck_handover_status
            CHECK (status IN ('offered', 'needs_information', 'needs_consent', 'needs_triage',
                'acknowledged', 'accepted', 'rejected', 'redirected', 'in_progress', 'on_hold',
                'completed', 'stopped', 'withdrawn', 'entered_in_error')),
        CONSTRAINT ck_handover_delivery_status
            CHECK (delivery_status IN ('none', 'pending', 'delivered', 'failed'))
    )
    """,
    "CREATE INDEX ix_handover_organisation_id_id ON handover (organisation_id, id)",
    "CREATE INDEX ix_handover_receiver_organisation_id_id ON handover (receiver_organisation_id, id)",
    """
    CREATE INDEX ix_handover_receiver_organisation_id_status_id
            ON handover (receiver_organisation_id, status, id)
    """,
    "CREATE INDEX ix_handover_referral_id ON handover (referral_id)",
    """
    CREATE TABLE advice (
        id uuid CONSTRAINT pk_advice PRIMARY KEY,
        referral_id uuid NOT NULL CONSTRAINT fk_advice_referral_id_referral REFERENCES referral,
        organisation_id uuid NOT NULL,
        decision_version integer NOT NULL,
        channel text NOT NULL,
        kind text NOT NULL,
        role text NOT NULL,
        route_positions integer[] NOT NULL,
        due date,
        status text NOT NULL,
        CONSTRAINT ck_advice_channel CHECK (channel IN ('referrer_acts', 'call_now', 'school')),
        CONSTRAINT ck_advice_role CHECK (role IN ('primary', 'alongside', 'bridging')),
        CONSTRAINT ck_advice_status CHECK (status IN ('open', 'done', 'not_needed'))
    )
    """,
    "CREATE INDEX ix_advice_referral_id ON advice (referral_id)",
)

LOGS = (
    """
    CREATE TABLE event (
        id uuid CONSTRAINT pk_event PRIMARY KEY,
        organisation_id uuid NOT NULL,
        receiver_organisation_id uuid,
        referral_id uuid,
        handover_id uuid,
        type text NOT NULL,
        role text NOT NULL,
        correlation_id text,
        at timestamptz NOT NULL,
        number bigint
    )
    """,
    """
    CREATE TABLE idempotency (
        organisation_id uuid NOT NULL,
        key_index bytea NOT NULL,
        fingerprint bytea NOT NULL,
        referral_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        CONSTRAINT pk_idempotency PRIMARY KEY (organisation_id, key_index)
    )
    """,
    "CREATE INDEX ix_idempotency_created_at ON idempotency (created_at)",
)

# What the service may do, and no more: what is decided, told or put in an edition is never rewritten.
GRANTS = {
    "organisation": "SELECT, INSERT",
    "credential": "SELECT, INSERT, UPDATE (expires_at, revoked_at)",
    "rulebook": "SELECT, INSERT",
    "directory_edition": "SELECT, INSERT",
    "directory_organisation": "SELECT, INSERT, UPDATE (edition_to)",
    "team": "SELECT, INSERT, UPDATE (edition_to)",
    "school": "SELECT, INSERT, UPDATE (edition_to)",
    "agreement": "SELECT, INSERT, UPDATE (edition_to)",
    "referral": "SELECT, INSERT",
    "decision": "SELECT, INSERT",
    "handover": "SELECT, INSERT",
    "advice": "SELECT, INSERT",
    "event": "SELECT, INSERT",
    "idempotency": "SELECT, INSERT, UPDATE, DELETE",
}


def upgrade() -> None:
    """Makes the tables and lets the service use them."""
    for statement in (*CLIENTS, *LAW_AND_DIRECTORY, *REFERRALS, *LOGS):
        op.execute(statement)
    for table, privileges in GRANTS.items():
        grant_to_service(privileges, table)


def downgrade() -> None:
    """Back to an empty schema."""
    for table in reversed(GRANTS):
        op.drop_table(table)
