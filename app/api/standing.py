"""How the service stands at this moment, as readiness and metrics tell it."""

from dataclasses import dataclass
from typing import Literal

from app.db.fitness import schema_state
from app.errors import Unavailable
from app.resources import Resources
from app.services.delivery_backlog import DeliveryBacklog, delivery_backlog
from app.services.directories import current_edition
from app.services.job_states import JobState, job_states
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
            return Standing(schema, edition, jobs, waiting, deliveries)
    except Unavailable:
        return Standing(None)
