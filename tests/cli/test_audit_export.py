"""`verwijsroute audit export`: each field of a line of both forms, the days asked for, page after page."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest

from app.adapters.identifiers import new_ids
from app.services import access_export
from app.services.access_export import EVENTS
from app.services.activities import PURPOSES
from tests.cli.conftest import Type

Json = dict[str, Any]

SOURCE: Final = "urn:nld:oin:00000000000000000000:systeem:verwijsroute"
TEAM, KEY = UUID(int=0xA), UUID(int=0xB)
REFERRAL, HANDOVER = UUID(int=0xC), UUID(int=0xD)
NOON: Final = datetime(2026, 5, 14, 10, 30, 0, 125_000, tzinfo=UTC)
TRACE, REQUEST = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"

ORGANISATION: Final = """
INSERT INTO organisation (id, kind, code, name, created_at) VALUES ($1, 'municipality', '0166', 'Kampen', $2)
"""
ROW: Final = """
INSERT INTO access_log (id, organisation_id, credential_id, roles, acting_user, activity, purpose,
                        referral_id, handover_id, request_id, trace_id, at, number, hash)
VALUES ($1, $2, $3, $4, 'j.voorbeeld', 'take_step', 'support', $5, $6, $7, $8, $9, 1, $10)
"""
LOOK: Final = """
INSERT INTO access_log (id, organisation_id, roles, activity, purpose, at)
VALUES ($1, $2, '{}', 'read_handover', 'support', $3)
"""


@pytest.fixture
async def row(owner: asyncpg.Connection) -> UUID:
    """The id of a row with something in every column."""
    (id,) = new_ids(NOON, 1)
    await owner.execute(ORGANISATION, TEAM, NOON)
    told = (["team", "desk"], REFERRAL, HANDOVER, REQUEST, TRACE, NOON, b"\x01" * 32)
    await owner.execute(ROW, id, TEAM, KEY, *told)
    return id


async def exported(verwijsroute: Type, form: str, *arguments: str) -> list[Json]:
    """The lines without what the export itself adds to the log."""
    done = await asyncio.to_thread(verwijsroute, "audit", "export", "--format", form, *arguments)
    assert done.code == 0, done.err
    lines = [json.loads(line) for line in done.out.splitlines()]
    return [line for line in lines if "export_access_log" not in (line.get("activity"), line.get("name"))]


async def test_a_line_of_the_processing_log(verwijsroute: Type, row: UUID) -> None:
    assert await exported(verwijsroute, "ldv") == [
        {
            "trace_id": TRACE,
            "span_id": row.hex[16:],
            "status": "Ok",
            "name": "take_step",
            "start_time": 1_778_754_600_125,
            "end_time": 1_778_754_600_125,
            "resource": {"service.name": SOURCE},
            "attributes": {
                "dpl.core.processing_activity_id": f"{SOURCE}:activity:take_step",
                "dpl.core.data_subject_id": str(REFERRAL),
                "dpl.core.data_subject_id_type": "referral",
                "dpl.core.foreign_operation.processor": f"{SOURCE}:municipality:0166",
            },
        }
    ]


async def test_a_line_of_the_audit(verwijsroute: Type, row: UUID) -> None:
    assert await exported(verwijsroute, "nen7513") == [
        {
            "id": str(row),
            "at": "2026-05-14T10:30:00.125Z",
            "event": "update",
            "outcome": "success",
            "activity": "take_step",
            "purpose": "support",
            "actingUser": "j.voorbeeld",
            "roles": ["team", "desk"],
            "credentialId": str(KEY),
            "organisation": {"kind": "municipality", "code": "0166", "name": "Kampen"},
            "referralId": str(REFERRAL),
            "handoverId": str(HANDOVER),
            "source": SOURCE,
            "requestId": REQUEST,
            "traceId": TRACE,
            "chain": {"number": 1, "hash": "01" * 32},
        }
    ]


async def test_the_days_are_those_of_amsterdam_with_the_last_one(
    verwijsroute: Type, owner: asyncpg.Connection
) -> None:
    inside = ["2026-05-13T22:00:00.000Z", "2026-05-15T21:59:59.999Z"]
    for text in ("2026-05-13T21:59:59.999Z", *inside, "2026-05-15T22:00:00.000Z"):
        at = datetime.fromisoformat(text)
        await owner.execute(LOOK, new_ids(at, 1)[0], TEAM, at)
    lines = await exported(verwijsroute, "nen7513", "--from", "2026-05-14", "--to", "2026-05-15")
    assert [line["at"] for line in lines] == inside


async def test_page_after_page_gives_each_row_once_the_oldest_first(
    verwijsroute: Type, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_export, "PAGE", 3)
    ids = new_ids(NOON, 8)
    for id in reversed(ids):
        await owner.execute(LOOK, id, TEAM, NOON)
    assert [line["id"] for line in await exported(verwijsroute, "nen7513")] == [str(id) for id in ids]


def test_every_activity_of_the_register_is_an_event_of_the_audit() -> None:
    assert EVENTS.keys() == PURPOSES.keys()
    made = {activity for activity, event in EVENTS.items() if event == "create"}
    gone = {activity for activity, event in EVENTS.items() if event == "delete"}
    assert (made, gone) == ({"submit_referral", "import_referrals"}, {"erase"})
