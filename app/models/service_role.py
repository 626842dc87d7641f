"""Grants to the role that the service connects as; called by migrations."""

from alembic import context

SERVICE_ROLE = "service_role"


def grant_to_service(privileges: str, table: str, kind: str = "TABLE") -> None:
    """GRANT inside a migration, for instance `grant_to_service("SELECT, INSERT", "referral")`.

    `privileges` and `kind` (TABLE, SEQUENCE, FUNCTION) are SQL. The role exists: `env.py` checks that first.
    """
    context.execute(f'GRANT {privileges} ON {kind} {table} TO "{service_role()}"')


def revoke_from_service(privileges: str, table: str, kind: str = "TABLE") -> None:
    """REVOKE inside a migration: what a downgrade takes back."""
    context.execute(f'REVOKE {privileges} ON {kind} {table} FROM "{service_role()}"')


def service_role() -> str:
    """The role's name from the settings, which allow letters, digits and underscores: safe to quote."""
    return str(context.config.attributes[SERVICE_ROLE])
