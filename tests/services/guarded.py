"""The owner's connection as the service has it for a while: its role, in a request of some client."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.database import Scope, Session, driver_connection
from app.services.clients import Client


@asynccontextmanager
async def guarded(connection: AsyncConnection, client: Client | None) -> AsyncIterator[None]:
    """Row-level security binds what is asked meanwhile, as in a request of the client, or in the worker.

    The transaction has begun already, and goes on: BEGIN is but a warning then.
    """
    session = Session(connection, await driver_connection(connection))
    await connection.exec_driver_sql("SET LOCAL ROLE verwijsroute_service")
    if client is None:
        await session.begin("system")
    else:
        scope: Scope = "operator" if "operator" in client.roles else "organisation"
        await session.begin(scope, client.organisation_id)
    yield
    await connection.exec_driver_sql("RESET ROLE")
