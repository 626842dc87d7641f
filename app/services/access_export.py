"""Gives the access log out: as Logboek Dataverwerkingen, without the user, and as audit of NEN 7513, with."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.identifiers import first_id
from app.adapters.postgres import driver_of
from app.services.activities import Activity

Row = Mapping[str, Any]
Line = dict[str, Any]
Event = Literal["create", "read", "update", "delete"]
Writer = Callable[[Row, str], Line]

PAGE: Final = 2_000
# By id, whose order is that of time; the subject is the referral, a number that tells nobody a name.
ROWS: Final = """
SELECT a.*, o.kind, o.code, o.name FROM access_log AS a
  LEFT JOIN organisation AS o ON o.id = a.organisation_id
 WHERE a.id > $1 AND a.id < $2 AND ($3::uuid IS NULL OR a.organisation_id = $3)
 ORDER BY a.id LIMIT $4
"""
# What happened to the record, in the words of NEN 7513.
EVENTS: Final[Mapping[Activity, Event]] = {
    "submit_referral": "create",
    "import_referrals": "create",
    "list_referrals": "read",
    "read_referral": "read",
    "read_receipt": "read",
    "search_referrals": "read",
    "list_import_rows": "read",
    "add_facts": "update",
    "add_consents": "update",
    "mark_advice": "update",
    "list_handovers": "read",
    "read_handover": "read",
    "read_history": "read",
    "take_step": "update",
    "erase": "delete",
    "report_access": "read",
    "export_access_log": "read",
    "export_person": "read",
}
_LAST: Final = UUID(int=2**128 - 1)


async def read_log(
    connection: AsyncConnection, since: datetime | None, until: datetime | None, organisation_id: UUID | None
) -> AsyncIterator[Row]:
    """The rows from one moment up to another, of one organisation or of all, the oldest first."""
    driver = await driver_of(connection)
    last, end = first_id(since) if since else UUID(int=0), first_id(until) if until else _LAST
    while page := await driver.fetch(ROWS, last, end, organisation_id, PAGE):
        for row in page:
            yield row
        last = page[-1]["id"]


def processing_line(row: Row, source: str) -> Line:
    """A line of Logboek Dataverwerkingen 1.0: one data subject, no user. `source` is the system's URN."""
    moment = int(row["at"].timestamp() * 1000)
    attributes = {
        "dpl.core.processing_activity_id": f"{source}:activity:{row['activity']}",
        "dpl.core.data_subject_id": row["referral_id"] and str(row["referral_id"]),
        "dpl.core.data_subject_id_type": row["referral_id"] and "referral",
        "dpl.core.foreign_operation.processor": row["code"] and f"{source}:{row['kind']}:{row['code']}",
    }
    return {
        "trace_id": row["trace_id"] or row["request_id"] or row["id"].hex,
        "span_id": row["id"].hex[16:],
        "status": "Ok",
        "name": row["activity"],
        "start_time": moment,
        "end_time": moment,
        "resource": {"service.name": source},
        "attributes": {name: value for name, value in attributes.items() if value is not None},
    }


def audit_line(row: Row, source: str) -> Line:
    """A line of the audit that NEN 7513 asks for: who, in which role, why, at what, when."""
    return {
        "id": str(row["id"]),
        "at": row["at"].astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": EVENTS[row["activity"]],
        "outcome": "success",
        "activity": row["activity"],
        "purpose": row["purpose"],
        "actingUser": row["acting_user"],
        "roles": list(row["roles"]),
        "credentialId": _text(row["credential_id"]),
        "organisation": row["code"] and {"kind": row["kind"], "code": row["code"], "name": row["name"]},
        "referralId": _text(row["referral_id"]),
        "handoverId": _text(row["handover_id"]),
        "source": source,
        "requestId": row["request_id"],
        "traceId": row["trace_id"],
        "chain": row["hash"] and {"number": row["number"], "hash": row["hash"].hex()},
    }


WRITERS: Final[Mapping[str, Writer]] = {"ldv": processing_line, "nen7513": audit_line}


def _text(id: UUID | None) -> str | None:
    return None if id is None else str(id)
