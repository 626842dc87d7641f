"""Imports and the rows of one as they are answered (CONTRACT 4)."""

from datetime import timedelta
from typing import Any, Final, get_args

from app.services.importing.imports import Import
from app.services.importing.rows import Outcome, RowFault, RowResult
from app.services.resources import Plain, moment, moment_or_none
from app.services.retention_terms import TERMS
from app.services.trail import concerns

_TERM: Final = timedelta(days=next(term.days for term in TERMS if term.name == "import"))
OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)


def import_resource(import_: Import) -> Plain:
    """An import as it stands; its summary has codes of municipalities, which answers name."""
    finished = import_.finished_at
    return {
        "id": str(import_.id),
        "status": import_.status,
        "dryRun": import_.dry_run,
        "createdAt": moment(import_.created_at),
        "startedAt": moment_or_none(import_.started_at),
        "finishedAt": moment_or_none(finished),
        "keptUntil": moment(finished + _TERM) if finished else None,
        "fileSize": import_.content_size,
        "format": import_.format,
        "encoding": import_.encoding,
        "delimiter": import_.delimiter,
        "rows": {"total": import_.rows_total, "done": import_.rows_done},
        "outcomes": {_camel(name): import_.outcomes.get(name, 0) for name in OUTCOMES},
        "summary": {
            "acts": _counted(import_, "acts", "legalFramework"),
            "municipalities": _counted(import_, "municipalities", "municipality"),
            "teams": _counted(import_, "teams", "teamId"),
        },
        "faults": [{**_fault(one), "row": one.row} for one in import_.faults],
    }


def row_resource(import_: Import, row: RowResult) -> Plain:
    """What became of a row. Whoever is shown which referral it is looks at a person."""
    if row.referral_id:
        concerns(row.referral_id, import_.organisation_id)
    return {
        "row": row.number,
        "outcome": row.outcome,
        "sourceReference": row.reference,
        "referralId": str(row.referral_id) if row.referral_id else None,
        "firstRow": row.first_row,
        "faults": [_fault(one) for one in row.faults],
    }


def _counted(import_: Import, group: str, name: str) -> list[dict[str, Any]]:
    """The counts of a group, the largest first."""
    counts = import_.summary.get(group, {})
    largest = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [{name: what, "count": count} for what, count in largest]


def _fault(one: RowFault) -> Plain:
    return {"code": one.code, "detail": one.detail, "column": one.column}


def _camel(outcome: str) -> str:
    first, *rest = outcome.split("_")
    return first + "".join(part.capitalize() for part in rest)
