"""The database as the rest of the service sees it: open it, one transaction per request, migrate it."""

from app.db.addresses import DatabaseAddresses, database_addresses
from app.db.database import Database, Scope, Session, open_database
from app.db.database_log import telling_settings
from app.db.migrations import find_drift, migrate, pending_revisions

__all__ = [
    "Database",
    "DatabaseAddresses",
    "Scope",
    "Session",
    "database_addresses",
    "find_drift",
    "migrate",
    "open_database",
    "pending_revisions",
    "telling_settings",
]
