"""Whether PostgreSQL's own log would repeat what it is sent: statements, values and the text of errors."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# As they hold for this connection: a setting of the role or the database is among them.
SETTINGS: Final = text("SELECT name, setting FROM pg_settings WHERE name = ANY (:names)")
_ABOVE_ERRORS: Final = frozenset({"log", "fatal", "panic"})
# What logs statements, with the values that do not.
STATEMENTS: Final[Mapping[str, frozenset[str]]] = {
    "log_statement": frozenset({"none"}),
    "log_min_duration_statement": frozenset({"-1"}),
    "log_min_duration_sample": frozenset({"-1"}),
    "log_transaction_sample_rate": frozenset({"0"}),
    "log_lock_waits": frozenset({"off"}),
}
# What logs errors: their text, detail, statement and values. The first alone is enough.
ERRORS: Final[Mapping[str, frozenset[str]]] = {
    "log_min_messages": _ABOVE_ERRORS,
    "log_error_verbosity": frozenset({"terse"}),
    "log_min_error_statement": _ABOVE_ERRORS,
    "log_parameter_max_length_on_error": frozenset({"0"}),
}


async def telling_settings(connection: AsyncConnection) -> list[str]:
    """The names of the settings that let the log repeat something, in order; empty where it repeats nothing.

    Only `log_min_messages` above `error` keeps back the text of every error; where it is not, the others
    that are missing are named with it.
    """
    known = await connection.execute(SETTINGS, {"names": [*STATEMENTS, *ERRORS]})
    found: dict[str, str] = {row.name: row.setting for row in known}
    silent = found["log_min_messages"] in _ABOVE_ERRORS
    wanted = STATEMENTS if silent else {**STATEMENTS, **ERRORS}
    return [name for name, quiet in wanted.items() if found.get(name, next(iter(quiet))) not in quiet]
