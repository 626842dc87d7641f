"""Grants to the role that the service connects as; called by migrations, which know its name from the settings."""

from alembic import context

SERVICE_ROLE = "service_role"


def grant_to_service(privileges: str, table: str, kind: str = "TABLE") -> None:
    """GRANT inside a migration, for instance `grant_to_service("SELECT, INSERT", "referral")`.

    `privileges` and `kind` (TABLE, SEQUENCE, FUNCTION) are SQL; the role must exist, which `env.py` checks first.
    """
    context.execute(f'GRANT {privileges} ON {kind} {table} TO "{service_role()}"')


def service_role() -> str:
    """The role's name, for a policy that names it; safe to quote, Settings allows letters, digits and underscores."""
    return str(context.config.attributes[SERVICE_ROLE])
