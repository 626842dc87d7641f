"""Which step of the table a client takes, and as whom."""

from datetime import datetime

from app.errors import IllegalStep
from app.services.clients import Client
from app.services.lifecycle.parties import actors_of
from app.services.lifecycle.storing import Actor, Row
from app.services.lifecycle.table import ROLE_OF, Step, available_actions, open_steps


def choose_step(client: Client, row: Row, action: str, now: datetime) -> tuple[Step, Actor]:
    """The step of an action that the client may take now; raises IllegalStep with those that it may."""
    actors = actors_of(client, row)
    step = next((one for one in open_steps(row, actors, now) if one.action == action), None)
    if step is None:
        raise IllegalStep(tuple(available_actions(row, actors, now)))
    acting = next(one for one in step.actors if one in actors)
    return step, Actor(ROLE_OF[acting], client.organisation_id)
