"""The coded reasons of steps and outcomes: from which day each may be used, and its code in iJw."""

from dataclasses import dataclass
from datetime import date
from typing import Final

_FIRST_DAY: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason that steps may give; one without actions is the service's own.

    `names_body` asks for the body whose task it is. `administrative` reasons say nothing of the help. `ijw`
    is the refusal code of iJw 3.2 (JW-27), where there is one. Valid from the first to the last day.
    """

    code: str
    actions: tuple[str, ...]
    names_body: bool = False
    administrative: bool = False
    ijw: str | None = None
    valid_from: date = _FIRST_DAY
    valid_to: date | None = None

    def in_force_on(self, day: date) -> bool:
        """Whether it may be used on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


REASONS: Final = (
    Reason(code="other_municipality", actions=("reject",), names_body=True, ijw="8"),
    Reason(code="residence", actions=("reject",), names_body=True, ijw="8"),
    Reason(code="age", actions=("reject",), names_body=True, ijw="9"),
    Reason(code="other_law", actions=("reject",), names_body=True),
    Reason(code="other_expertise", actions=("reject",)),
    Reason(code="no_capacity", actions=("reject",)),
    Reason(code="already_known", actions=("reject",)),
    Reason(code="waiting_list", actions=("hold",)),
    Reason(code="student_unavailable", actions=("hold",)),
    Reason(code="waiting_for_others", actions=("hold",)),
    Reason(code="no_contact", actions=("stop",)),
    Reason(code="no_longer_wanted", actions=("stop", "withdraw")),
    Reason(code="consent_withdrawn", actions=("stop", "withdraw")),
    Reason(code="left_school", actions=("stop", "withdraw"), administrative=True),
    Reason(code="moved", actions=("stop", "withdraw"), administrative=True),
    Reason(code="deceased", actions=("stop", "withdraw"), administrative=True),
    Reason(code="duplicate", actions=("withdraw", "mark_in_error"), administrative=True),
    Reason(code="solved_otherwise", actions=("stop", "withdraw")),
    Reason(code="need_returned", actions=("reopen",)),
    Reason(code="ended_by_mistake", actions=("reopen",)),
    Reason(code="wrong_person", actions=("mark_in_error",)),
    Reason(code="wrong_data", actions=("mark_in_error",)),
    Reason(code="test_entry", actions=("mark_in_error",)),
    Reason(code="erased", actions=()),
    Reason(code="consent_refused", actions=()),
)
REASON_OF: Final = {reason.code: reason for reason in REASONS}

# CONTRACT 5.
OUTCOMES: Final = ("goals_reached", "goals_partly_reached", "goals_not_reached", "continued_elsewhere")
