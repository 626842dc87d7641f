"""From a parsed request to what is decided or submitted: the same for every door."""

from datetime import date
from typing import Any

from app.errors import InvalidInput
from app.reference import Reference
from app.routing import Facts
from app.schemas.base import Shape
from app.schemas.faults import fault
from app.schemas.json_body import Parsed, shaped
from app.schemas.mapping import to_facts
from app.schemas.possible import check_possible
from app.schemas.request import DecisionRequest, ReferralRequest
from app.services.referrals import Submission


def to_question(body: Parsed[DecisionRequest], reference: Reference, today: date) -> tuple[Facts, date]:
    """The facts of a request and the reference date to decide them on.

    Raises InvalidInput for values that cannot be and for municipalities that nobody knows.
    """
    check_possible(body.shape, today)
    return to_facts(body.shape, reference), body.shape.reference_date or today


def to_submission(
    body: Parsed[ReferralRequest],
    reference: Reference,
    today: date,
    *,
    path: str,
    idempotency_key: str | None = None,
    correlation_id: str | None = None,
) -> Submission:
    """The request as the service takes it; `path` is where it came in, for the Idempotency-Key.

    Raises InvalidInput for values that cannot be, for municipalities that nobody knows, and where
    neither source reference nor key would tell a repetition.
    """
    request = body.shape
    check_possible(request, today)
    if request.source_reference is None and idempotency_key is None:
        raise InvalidInput(fault("/sourceReference", "reference.required"))
    return Submission(
        source_reference=request.source_reference,
        idempotency_key=idempotency_key,
        path=path,
        content=body.content,
        reference_date=request.reference_date or today,
        facts=to_facts(request, reference),
        identity=as_sent(request.student),
        referrer=as_sent(request.referrer),
        reason=request.reason,
        correlation_id=correlation_id,
    )


def submission_of(
    plain: Any, reference: Reference, today: date, *, path: str, correlation_id: str
) -> Submission:
    """What the row of a file said as the service takes it, with a source reference; raises InvalidInput."""
    body = shaped(plain, ReferralRequest)
    if body.shape.source_reference is None:
        # A row has no header that would do as well.
        raise InvalidInput(fault("/sourceReference", "required"))
    return to_submission(body, reference, today, path=path, correlation_id=correlation_id)


def as_sent(shape: Shape | None) -> dict[str, Any]:
    """What was told of a person, in the names and forms of the wire."""
    return shape.model_dump(mode="json", by_alias=True, exclude_unset=True) if shape else {}
