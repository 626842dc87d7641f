"""What the service demands of its database before it serves: version, durability, roles, schema, walls."""

from typing import Literal

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.migrations import head_revisions, known_revisions
from app.errors import CannotStart
from app.models.walls import WALLED

OLDEST_VERSION = 150_000

SERVER = text("""
SELECT current_setting('server_version_num')::int AS version,
       current_setting('server_encoding') AS encoding,
       current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous_commit,
       role.rolsuper OR role.rolbypassrls AS unbound,
       has_database_privilege(current_database(), 'TEMPORARY') AS stages,
       EXISTS (SELECT FROM pg_class
                WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND relpersistence <> 't'
                  AND pg_has_role(current_user, relowner, 'USAGE')) AS owns
  FROM pg_roles AS role WHERE role.rolname = current_user
""")

UNGUARDED = text("""
SELECT relname FROM pg_class
 WHERE oid = ANY (SELECT to_regclass(name) FROM unnest(:tables) AS name)
   AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY relname
""").bindparams(bindparam("tables", type_=ARRAY(Text)))


async def check_fitness(engine: AsyncEngine) -> None:
    """Raises CannotStart with what to do about it."""
    async with engine.connect() as connection:
        await _check_server(connection)
        await _check_schema(connection)
        await _check_walls(connection)


async def schema_state(connection: AsyncConnection) -> Literal["current", "newer", "older"]:
    """How the schema stands to this release.

    `newer` is what a replica sees while the next release is rolled out, which migrates first: it serves
    on (ADR 11).
    """
    current = await current_revisions(connection)
    if current == head_revisions():
        return "current"
    return "older" if current <= known_revisions() else "newer"


async def current_revisions(connection: AsyncConnection) -> frozenset[str]:
    """The migrations that the database has; none before the first."""
    known = await connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
    if not known:
        return frozenset()
    return frozenset((await connection.scalars(text("SELECT version_num FROM alembic_version"))).all())


async def _check_server(connection: AsyncConnection) -> None:
    server = (await connection.execute(SERVER)).one()
    faults = {
        "PostgreSQL is older than 15: upgrade it": server.version < OLDEST_VERSION,
        "the database's encoding is not UTF8: make it with ENCODING 'UTF8' TEMPLATE template0": (
            server.encoding != "UTF8"
        ),
        "fsync is off: a power cut would lose what was acknowledged; turn it on": server.fsync != "on",
        # "remote_apply" waits for more than "on" does; "local" and "remote_write" for less.
        "synchronous_commit is off: a crash would lose what was acknowledged; turn it on": (
            server.synchronous_commit not in {"on", "remote_apply"}
        ),
        "the service's role is superuser or has BYPASSRLS, and row-level security would not bind it: "
        "let DATABASE_URL name a plain role": server.unbound,
        "the service's role may not make temporary tables, and could not import: "
        "as the owner, GRANT TEMPORARY ON DATABASE … TO the role": not server.stages,
        "the service's role owns tables, and row-level security would not bind it: "
        "migrate as another role (DATABASE_OWNER_URL)": server.owns,
    }
    if any(faults.values()):
        raise CannotStart("; ".join(fault for fault, found in faults.items() if found))


async def _check_schema(connection: AsyncConnection) -> None:
    if await schema_state(connection) == "older":
        current, wanted = await current_revisions(connection), head_revisions()
        raise CannotStart(
            f"the database is at migration {', '.join(sorted(current)) or 'none'}, "
            f"this release needs {', '.join(sorted(wanted)) or 'none'}: run `verwijsroute migrate`"
        )


async def _check_walls(connection: AsyncConnection) -> None:
    unguarded = (await connection.scalars(UNGUARDED, {"tables": sorted(WALLED)})).all()
    if unguarded:
        raise CannotStart(
            f"row-level security is not in force on {', '.join(unguarded)}, and one organisation could see "
            "another's rows: as the owner, ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
        )
