"""Where the database is: the operator's PostgreSQL, or the embedded one while it is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.adapters.embedded_postgres import OWNER_ROLE, embedded_postgres
from app.config import Settings

EMBEDDED_FOLDER = "postgres"


@dataclass(frozen=True, slots=True)
class DatabaseAddresses:
    """One database seen by its two roles; the owner's address may be kept from the service."""

    service: str = field(repr=False)
    owner: str | None = field(repr=False)


@contextmanager
def database_addresses(settings: Settings) -> Iterator[DatabaseAddresses]:
    """The addresses of both roles; an embedded server runs until the block ends. Raises CannotStart."""
    if settings.database_url is not None:
        yield DatabaseAddresses(settings.database_url, settings.database_owner_url)
        return
    with embedded_postgres(settings.data_dir / EMBEDDED_FOLDER, settings.service_role) as server:
        yield DatabaseAddresses(server.url(settings.service_role), server.url(OWNER_ROLE))
