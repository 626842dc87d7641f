"""Show each transaction the rows of its own organisation alone, and let it write no others (ADR 22)."""

import re
from collections.abc import Iterator

from alembic import op

from app.models.service_role import grant_to_service

revision = "20261123walls"
down_revision = "20261123erase"
branch_labels = None
depends_on = None

# What a transaction said at its beginning, and what opened a referral to it. Read anew for each row, which
# takes less than planning a subselect for each place: most statements look at few rows.
SAID = {
    ":own": "nullif(current_setting('verwijsroute.organisation', true), '')::uuid",
    ":opened": "nullif(current_setting('verwijsroute.referral', true), '')::uuid",
    ":referrer": "nullif(current_setting('verwijsroute.referrer', true), '')::uuid",
}
# The planner takes IS NOT NULL for nearly all rows, and plans as without it: by the filters of the code. It
# would take the rule itself for half of them at most, and read lists in another way.
SHOWN = """
nullif(CASE current_setting('verwijsroute.scope', true)
    WHEN 'organisation' THEN {organisation}
    WHEN 'operator' THEN {operator}
    WHEN 'statistics' THEN {counted}
    WHEN 'system' THEN true
END, false) IS NOT NULL
"""

MINE = "organisation_id = :own"
MINE_OR_OPENED = "organisation_id = :own OR referral_id = :opened"
# What a step adds to a referral that is open to it belongs to the organisation that referred.
MINE_OR_ITS_REFERRERS = "organisation_id = :own OR (referral_id = :opened AND organisation_id = :referrer)"
SEEN_REFERRAL = "organisation_id = :own OR id = :opened"
COUNTED_REFERRAL = """
    organisation_id = :own OR EXISTS (SELECT FROM handover AS h WHERE h.referral_id = referral.id)"""
# What waits for consent is nobody's yet but the referrer's; who denied a disputed one sees who keeps it.
SEEN_HANDOVER = """
    organisation_id = :own OR referral_id = :opened
    OR (status <> 'needs_consent' AND (:own IN (receiver_organisation_id, desk_organisation_id)
                                       OR responsible_municipality = (SELECT own_municipality())))
    OR ('disputed' = ANY (flags) AND :own = ANY (denied_by))"""
COUNTED_HANDOVER = """
    :own IN (organisation_id, receiver_organisation_id)
    OR responsible_municipality = (SELECT own_municipality()) OR (SELECT runs_the_service())"""
# With OFFSET 0 looked up for each event shown; else both tables might be read whole and kept at hand.
SEEN_EVENT = """
    (organisation_id = :own AND referral_id IS NOT NULL) OR type = 'directory.changed'
    OR EXISTS (SELECT FROM event_audience AS a WHERE a.number = event.number OFFSET 0)
    OR EXISTS (SELECT FROM handover AS h WHERE h.id = event.handover_id OFFSET 0)"""
TOLD_EVENT = f"(actor_organisation_id IS NULL OR actor_organisation_id = :own) AND ({MINE_OR_ITS_REFERRERS})"
SEEN_SUBSCRIPTION = "EXISTS (SELECT FROM webhook_subscription AS s WHERE s.id = subscription_id)"
MY_SUBSCRIPTION = f"EXISTS (SELECT FROM webhook_subscription AS s WHERE s.id = subscription_id AND s.{MINE})"

COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
NOBODY = "false"
ALL = "true"
# Table -> command -> which rows an organisation may; then an operator, where that differs; then who counts.
# For the service's own work every row is open, and where nothing is said, none. A command that is missing
# is the service's own.
POLICIES: dict[str, dict[str, tuple[str, ...]]] = {
    "credential": {"SELECT": (MINE,)},
    "referral": {
        "SELECT": (SEEN_REFERRAL, SEEN_REFERRAL, COUNTED_REFERRAL),
        "INSERT": (MINE,),
        "UPDATE": (SEEN_REFERRAL,),
    },
    "decision": {
        "SELECT": (MINE_OR_OPENED,),
        "INSERT": (MINE_OR_ITS_REFERRERS,),
        "UPDATE": (MINE_OR_OPENED,),
    },
    "idempotency": {"SELECT": (MINE,), "INSERT": (MINE,), "UPDATE": (MINE,)},
    "handover": {
        "SELECT": (SEEN_HANDOVER, ALL, COUNTED_HANDOVER),
        "INSERT": (MINE_OR_ITS_REFERRERS,),
        "UPDATE": (MINE_OR_OPENED,),
    },
    "advice": {
        "SELECT": (MINE_OR_OPENED,),
        "INSERT": (MINE_OR_ITS_REFERRERS,),
        "UPDATE": (MINE_OR_OPENED,),
    },
    "event": {"SELECT": (SEEN_EVENT, ALL), "INSERT": (TOLD_EVENT,)},
    "event_audience": {"SELECT": ("organisation_id = :own OR side = 'everybody'",)},
    "access_log": {
        "SELECT": (":own IN (organisation_id, referring_organisation_id)",),
        "INSERT": (MINE, MINE, MINE),
    },
    "webhook_subscription": {
        "SELECT": (MINE, ALL),
        "INSERT": (MINE,),
        "UPDATE": (MINE,),
        "DELETE": (MINE,),
    },
    "webhook_delivery": {
        "SELECT": (SEEN_SUBSCRIPTION,),
        "INSERT": (MY_SUBSCRIPTION,),
        "UPDATE": (SEEN_SUBSCRIPTION,),
    },
    "webhook_attempt": {
        "SELECT": (SEEN_SUBSCRIPTION,),
        "INSERT": (SEEN_SUBSCRIPTION,),
    },
}

# In PL/pgSQL, which keeps their plans: as part of a policy each statement would plan them anew.
OWN_MUNICIPALITY = """
CREATE FUNCTION own_municipality() RETURNS text LANGUAGE plpgsql STABLE
AS $$ BEGIN
    RETURN (SELECT o.code FROM organisation AS o WHERE o.id = :own AND o.kind = 'municipality');
END $$
"""
RUNS_THE_SERVICE = """
CREATE FUNCTION runs_the_service() RETURNS boolean LANGUAGE plpgsql STABLE
AS $$ BEGIN RETURN EXISTS (SELECT FROM organisation AS o WHERE o.id = :own AND o.kind = 'operator'); END $$
"""
# Some statements see all rows, and nothing else of the transaction does. Not by a SET of the function, which
# none but a superuser may give it, nor by its owner's rights, which the walls bind as well.
FOR_ALL = """
CREATE FUNCTION {head} LANGUAGE plpgsql AS $$
DECLARE before text := coalesce(current_setting('verwijsroute.scope', true), '');
BEGIN
    PERFORM set_config('verwijsroute.scope', 'system', true);
    {body};
    PERFORM set_config('verwijsroute.scope', before, true);
END $$
"""
# Who calls is not known before his credential is read: one row, for whoever knows what it is known by.
BY_SECRET = FOR_ALL.format(
    head="credential_by_secret(secret bytea) RETURNS SETOF credential ROWS 1",
    body="RETURN QUERY SELECT * FROM credential AS c WHERE c.secret_sha256 = secret",
)
BY_CLIENT = FOR_ALL.format(
    head="credential_by_client(of_issuer text, client text) RETURNS SETOF credential ROWS 1",
    body="RETURN QUERY SELECT * FROM credential AS c WHERE c.issuer = of_issuer AND c.client_id = client",
)
NOTE_USE = FOR_ALL.format(
    head="note_use(used uuid, today date) RETURNS void",
    body="""
    UPDATE credential SET last_used_on = today
     WHERE id = (SELECT c.id FROM credential AS c WHERE c.id = used FOR NO KEY UPDATE SKIP LOCKED)""",
)
# A new edition of the directory concerns handovers of organisations that its writer knows nothing of; it
# tells nothing of them. The referral first, in order: as steps and clocks lock it.
LOOK = """
    WITH concerned AS (
        SELECT h.id FROM handover AS h JOIN referral AS r ON r.id = h.referral_id
         WHERE h.ended_at IS NULL AND {concerned} ORDER BY r.id FOR UPDATE OF r
    )
    UPDATE handover AS h
       SET reassess_on = least(h.reassess_on, today), clock_on = least(h.clock_on, today)
      FROM concerned WHERE h.id = concerned.id"""
OF_HOMES = LOOK.format(concerned="h.responsible_municipality = ANY (homes)")
OF_TEAMS = LOOK.format(
    concerned="""h.team_id = ANY (teams) AND h.receiver_organisation_id IN
               (SELECT id FROM organisation WHERE code = ANY (owners))"""
)
LOOK_TODAY = FOR_ALL.format(
    head="look_today(homes text[], teams text[], owners text[], today date) RETURNS void",
    body=f"{OF_HOMES};{OF_TEAMS}",
)
FUNCTIONS = {
    "own_municipality()": OWN_MUNICIPALITY,
    "runs_the_service()": RUNS_THE_SERVICE,
    "credential_by_secret(bytea)": BY_SECRET,
    "credential_by_client(text, text)": BY_CLIENT,
    "note_use(uuid, date)": NOTE_USE,
    "look_today(text[], text[], text[], date)": LOOK_TODAY,
}


def shown(organisation: str, operator: str = "", counted: str = NOBODY) -> str:
    """Which rows each scope may."""
    rule = SHOWN.format(organisation=organisation, operator=operator or organisation, counted=counted)
    return said(rule)


def said(sql: str) -> str:
    """SQL with the settings that its names stand for."""
    return re.sub(r":(own|opened|referrer)\b", lambda name: SAID[name[0]], sql)


def policies(table: str, allowed: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The statements that make the policies of a table."""
    for command in COMMANDS:
        check = "WITH CHECK" if command == "INSERT" else "USING"
        rule = shown(*allowed.get(command, (NOBODY,)))
        yield f"CREATE POLICY own_{command.lower()} ON {table} FOR {command} {check} ({rule})"


def upgrade() -> None:
    """Makes the policies before they are in force: no row is unguarded, and none is lost from sight."""
    for name, function in FUNCTIONS.items():
        op.execute(said(function))
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        grant_to_service("EXECUTE", name, "FUNCTION")
    for table, allowed in POLICIES.items():
        for statement in policies(table, allowed):
            op.execute(statement)
    for table in POLICIES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Takes the wall down: the filters of the code alone keep organisations apart."""
    for table in POLICIES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    for table in POLICIES:
        for command in COMMANDS:
            op.execute(f"DROP POLICY own_{command.lower()} ON {table}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}")
