"""The log: one JSON object per line on standard output, with a closed set of keys and never a value."""

import logging
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from app.adapters.raised import place_of

# Every key that a line may hold, and what it says. What is not here is not written.
KEYS: Final = {
    "at": "moment of the line, UTC",
    "level": "`info`, `warning` or `error`",
    "event": "what the line is about: see below",
    "method": "of a request: HTTP method, `other` for an unknown one",
    "route": "of a request: template of the path, such as `/v1/referrals/{id}`; `null` where none fits",
    "status": "of a request: HTTP status of the answer, 0 where the client left before it",
    "duration_ms": "how long the request or job took, in milliseconds",
    "request_id": "the caller's `X-Request-Id` if it is a UUID, else the trace id, else a new one; "
    "every answer carries it as `X-Request-Id`",
    "trace_id": "trace id of the caller's W3C `traceparent`, `null` without",
    "parent_id": "id of the caller's span in that `traceparent`, `null` without",
    "organisation_id": "organisation whose key was used, `null` without a valid key",
    "job": "name of a job of the worker",
    "done": "how many things a job did",
    "records": "class of records of which retention erased or forgot some",
    "failures": "how often in a row a job failed",
    "kind": "class of an error or name of a library, never its text, which may hold values; of an attempt "
    "why it failed",
    "place": "file and line where an error was raised",
    "in_force": "hash of the reference in force",
    "shipped": "hash of the reference that this release ships",
    "settings": "names of settings of PostgreSQL",
    "import_id": "import that ended, or that the service failed at",
    "subscription_id": "subscription of a webhook",
    "event_id": "event that was to be delivered",
    "attempt": "which attempt at that delivery it was",
    "outcome": "what became of the delivery: `pending`, `failed`; of the import: its status",
    "key_ids": "ids of keys, as the settings name them",
    "exit_code": "how the worker beside `serve` ended",
}


def log_as_json() -> None:
    """Sets structlog up for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            _known_keys_alone,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    if not any(isinstance(handler, _OfLibraries) for handler in root.handlers):
        root.addHandler(_OfLibraries(logging.WARNING))


class _OfLibraries(logging.Handler):
    """Says that a library had something to say and where: its words, and its tracebacks, may hold values."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line, with the class and place of an error where there is one."""
        error = record.exc_info[1] if record.exc_info else None
        kind = type(error).__name__ if error else record.name
        place = place_of(error) if error else f"{record.filename}:{record.lineno}"
        structlog.get_logger().warning("library", kind=kind, place=place)


def _known_keys_alone(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    return {key: value for key, value in line.items() if key in KEYS}
