"""From drafts to the records of each table, in the order of the columns that are staged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from app.adapters.decision_json import compact_json
from app.services.importing.imports import Import
from app.services.importing.rows import Draft
from app.services.importing.staging import STAGED, Record
from app.services.records import Row

_COLUMNS_OF: Final = {table: itemgetter(*columns) for table, columns in STAGED.items()}
# Whom an event tells of a handover: nobody where it tells of the referral alone.
_NOBODY: Final[Row] = dict.fromkeys(("receiver_organisation_id", "desk_organisation_id", "team_id"))


def referral_records(drafts: Iterable[Draft], import_: Import) -> Iterator[Record]:
    """The referrals of these drafts."""
    for draft in drafts:
        prints = draft.prints
        row = {
            **draft.referral,
            "organisation_id": import_.organisation_id,
            "source_reference_index": prints.source_reference,
            "content_fingerprint": prints.content,
            "student_number_index": prints.student_number,
            "subject_index": prints.subject,
        }
        yield _record("referral", row)


def other_records(
    drafts: Iterable[Draft], import_: Import, organisations: Mapping[str, UUID]
) -> dict[str, list[Record]]:
    """What else they store, by table; `organisations` are those that receive and decide, by code."""
    records = defaultdict(list)
    for draft in drafts:
        for table, row in _rows(draft, import_, organisations):
            records[table].append(_record(table, row))
    return records


def codes(drafts: Sequence[Draft]) -> list[str]:
    """The organisations that receive or decide, by code."""
    return list({row[side] for draft in drafts for row in draft.handovers for side in ("receiver", "desk")})


def _rows(
    draft: Draft, import_: Import, organisations: Mapping[str, UUID]
) -> Iterator[tuple[str, dict[str, Any]]]:
    at, own = draft.referral["created_at"], import_.organisation_id
    shared = {"referral_id": draft.referral["id"], "organisation_id": own}
    yield "decision", {**draft.decision, **shared, "version": 1, "created_at": at}
    whom = {None: _NOBODY}
    for row in draft.handovers:
        parties = {
            "receiver_organisation_id": organisations.get(row["receiver"]),
            "desk_organisation_id": organisations.get(row["desk"]),
        }
        whom[row["id"]] = {**parties, "team_id": row["team_id"]}
        deadlines = compact_json(row["deadlines"]).decode()
        yield "handover", {**row, **shared, **parties, "deadlines": deadlines}
    for row in draft.advice:
        yield "advice", {**row, **shared, "decision_version": 1}
    for row in draft.events:
        actor = None if row["role"] == "system" else own
        told = {"actor_organisation_id": actor, "correlation_id": str(import_.id), "at": at}
        yield "event", {**row, **shared, **whom[row["handover_id"]], **told}


def _record(table: str, row: Mapping[str, Any]) -> Record:
    record: Record = _COLUMNS_OF[table](row)
    return record
