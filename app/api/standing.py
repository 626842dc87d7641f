"""How the service stands at this moment, as readiness and metrics tell it."""

from dataclasses import dataclass
from typing import Literal

import structlog

from app.db.fitness import schema_state
from app.errors import Unavailable
from app.resources import Resources
from app.services.delivery_backlog import DeliveryBacklog, delivery_backlog
from app.services.directories import current_edition
from app.services.importing.backlog import ImportBacklog, import_backlog
from app.services.job_states import JobState, job_states
from app.services.key_rotation import missing_keys
from app.services.numbering import Backlog, backlog


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database says; `schema` is None where it does not answer.

    All else is None too where the schema is older than this release: it may not be there.
    """

    schema: Literal["current", "newer", "older"] | None
    edition: int | None = None
    jobs: tuple[JobState, ...] | None = None
    backlog: Backlog | None = None
    deliveries: DeliveryBacklog | None = None
    imports: ImportBacklog | None = None
    missing_keys: tuple[str, ...] | None = None


async def standing(resources: Resources) -> Standing:
    """Asks the database, once; its waits are those of any request."""
    try:
        async with resources.database.transaction() as connection:
            schema = await schema_state(connection)
            if schema == "older":
                return Standing(schema)
            edition = await current_edition(connection)
            jobs = tuple(await job_states(connection))
            waiting, deliveries = await backlog(connection), await delivery_backlog(connection)
            imports = await import_backlog(connection)
            missing = tuple(await missing_keys(connection, resources.keyring))
            return Standing(schema, edition, jobs, waiting, deliveries, imports, missing)
    except Unavailable:
        return Standing(None)


async def tell_missing_keys(resources: Resources) -> None:
    """Says in the log which keys something is sealed under that are not in the settings."""
    missing = (await standing(resources)).missing_keys
    if missing:
        structlog.get_logger().error("keys_missing", key_ids=missing)
