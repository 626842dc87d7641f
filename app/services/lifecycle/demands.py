"""What a step demands of what was sent with it: fields, reasons and days that fit."""

from collections.abc import Iterator

from app.errors import Unfit
from app.services.deciding import Deciding
from app.services.lifecycle.reasons import OUTCOMES, REASON_OF
from app.services.lifecycle.storing import Row
from app.services.lifecycle.table import Step
from app.services.lifecycle.work import Asked


def check_demands(step: Step, asked: Asked, row: Row, deciding: Deciding) -> None:
    """Raises Unfit with all that the step lacks, does not take, or cannot be."""
    faults = tuple(_faults(step, asked, row, deciding))
    if faults:
        raise Unfit(*faults)


def _faults(step: Step, asked: Asked, row: Row, deciding: Deciding) -> Iterator[tuple[str, str]]:
    """What the step lacks, what it does not take, and values that cannot be."""
    lacking = [name for name in step.needs if name not in asked.given]
    if step.action == "answer" and row["held_from"] and asked.comment:
        lacking = []  # a team's own question may be answered in words
    if step.action == "start" and row["first_contact_on"]:
        lacking = []
    yield from ((f"/{name}", "required") for name in lacking)
    yield from (
        (f"/{name}", "field.not_of_action")
        for name in sorted(asked.given - {*step.needs, *step.may, "comment"})
    )
    yield from _reason_faults(step, asked, deciding)
    today = deciding.today
    if asked.outcome is not None and asked.outcome not in OUTCOMES:
        yield "/outcome", "not_allowed"
    if asked.first_contact_on is not None and asked.first_contact_on > today:
        yield "/firstContactOn", "date.in_future"
    if asked.expected_on is not None and asked.expected_on <= today:
        yield "/expectedOn", "date.not_in_future"


def _reason_faults(step: Step, asked: Asked, deciding: Deciding) -> Iterator[tuple[str, str]]:
    if asked.reason is None or "reason" not in step.needs:
        return
    reason = REASON_OF[asked.reason]
    if step.action not in reason.actions or (step.administrative and not reason.administrative):
        yield "/reason", "reason.not_of_action"
    elif not reason.in_force_on(deciding.today):
        yield "/reason", "reason.not_in_force"
    elif reason.names_body and asked.responsible_body is None:
        yield "/responsibleBody", "required"
