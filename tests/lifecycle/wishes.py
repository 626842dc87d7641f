"""What a step of the machine may be sent with: drawn before it is known which step it will be."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, get_args

from hypothesis import strategies as st

from app.schemas.words import HandoverAction, StepReason
from app.services.lifecycle.placing import Body
from app.services.lifecycle.reasons import REASON_OF
from tests.lifecycle.stage import DALFSEN, KAMPEN, TUBBERGEN, ZWOLLE, Json

ACTIONS: Final = sorted(get_args(HandoverAction.__value__))
REASONS: Final = sorted(get_args(StepReason.__value__))
TEAMS: Final = (
    "kampen-wijkteam", "zwolle-wijkteam", "dalfsen-wijkteam", "kampen-schuldhulp", "zwolle-jongerenteam",
    f"desk-{KAMPEN}", f"desk-{ZWOLLE}", "nergens",
)  # fmt: skip
BODIES: Final = (
    *(Body("municipality", code) for code in (KAMPEN, ZWOLLE, DALFSEN, TUBBERGEN)),
    Body("health_insurer", None),
    Body("uwv", None),
)
DOMAINS: Final = ("family_parenting", "debts", "mental_health", "self_reliance")
WISHES: Final = st.fixed_dictionaries(
    {
        "team": st.sampled_from(TEAMS),
        "responsibleBody": st.sampled_from(BODIES),
        "names": st.booleans(),
        "reason": st.integers(0, 20),
        "days": st.integers(0, 10),
        "home": st.sampled_from([KAMPEN, ZWOLLE, DALFSEN]),
    }
)
PARTS: Final = ("referrer", "operator", "receiver", "desk", "other_desk")
NEEDED: Final = {
    "answer": ("facts",), "assign": ("team", "comment"), "forward": ("responsibleBody", "comment"),
    "settle": ("team", "comment"), "ask": ("question",), "reject": ("reason",), "redirect": ("team",),
    "start": ("firstContactOn",), "hold": ("reason", "expectedOn"), "complete": ("outcome",),
    "stop": ("reason",), "withdraw": ("reason",), "reopen": ("reason",), "mark_in_error": ("reason",),
    "reviewed": ("comment",), "reassessed": ("comment",),
}  # fmt: skip


def said(action: str, wish: Json, today: date) -> Json:
    """What is sent with a step, of all that was wished for; a reason of the step in two out of three."""
    fitting = [code for code in REASONS if action in REASON_OF[code].actions]
    values = {
        **wish,
        "comment": "Motief.",
        "question": "Wie?",
        "reason": fitting[wish["reason"] % len(fitting)] if fitting and wish["reason"] % 3 else REASONS[0],
        "outcome": "goals_reached",
        "firstContactOn": today,
        "expectedOn": today + timedelta(days=wish["days"]),
        "facts": lambda facts, _: replace(facts, home_municipality=wish["home"]),
    }
    names = [*NEEDED.get(action, ())]
    if action == "reject" and wish["names"]:
        names.append("responsibleBody")
    return {name: values[name] for name in names}
