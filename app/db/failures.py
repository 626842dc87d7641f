"""Tells a database that is away, hung or full from a fault of ours, and names it Unavailable."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from app.errors import CannotStart, Unavailable

# The request may succeed when sent again, unchanged: nothing of it was stored.
PASSING = (
    OSError,  # refused, reset, no such socket; also TimeoutError, when the client waited long enough
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the driver lost its place, as when the server hangs up unasked
    asyncpg.OperatorInterventionError,  # shut down, starting up, cancelled by statement_timeout
    asyncpg.InsufficientResourcesError,  # disk or memory full, too many connections
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionRollbackError,  # deadlock, serialisation
    asyncpg.ReadOnlySQLTransactionError,  # a standby after a failover
    PoolTimeout,
)

# A wrong password, role or database name: waiting does not help.
REFUSING = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)


@contextmanager
def naming_failures() -> Iterator[None]:
    """Turns what passes by itself into Unavailable; names the kind alone, for a message may hold values."""
    try:
        yield
    except (DBAPIError, *PASSING) as error:
        if not is_passing(error):
            raise
        raise Unavailable(f"the database did not answer: {type(_driver_error(error)).__name__}") from error


@contextmanager
def naming_start_failures() -> Iterator[None]:
    """At the start, a database that cannot be used is a reason to stop: CannotStart says what to look at."""
    try:
        with naming_failures():
            yield
    except Unavailable as error:
        raise CannotStart(f"{error}: is it running, and is its address right?") from error
    except (DBAPIError, *REFUSING) as error:
        cause = _driver_error(error)
        if not isinstance(cause, REFUSING):
            raise
        raise CannotStart(
            f"the database refuses the connection ({type(cause).__name__}): check the role, password and name"
        ) from error


def is_passing(error: BaseException) -> bool:
    """Whether the same request may succeed when it is sent again."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = _driver_error(error)
    # asyncpg calls a value of the wrong type an InterfaceError too: that is ours and stays.
    return isinstance(cause, PASSING) and not isinstance(cause, asyncpg.DataError)


def _driver_error(error: BaseException) -> BaseException:
    """What the driver raised, inside of what SQLAlchemy made of it."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error
