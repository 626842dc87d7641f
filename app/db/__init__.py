"""The database as the rest of the service sees it: open it, one transaction per request, migrate it."""

from app.db.addresses import DatabaseAddresses, database_addresses
from app.db.database import Database, open_database
from app.db.migrations import find_drift, migrate, pending_revisions

__all__ = [
    "Database",
    "DatabaseAddresses",
    "database_addresses",
    "find_drift",
    "migrate",
    "open_database",
    "pending_revisions",
]
