"""Every action, from every situation, by everybody: against CONTRACT 5 as written, not as built."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, get_args
from uuid import UUID

from app.errors import IllegalStep, NotFound
from app.routing.facts import Circumstances
from app.schemas.words import HandoverAction, HandoverStatus
from tests.lifecycle.stage import TODAY, ZWOLLE, Json, Stage, body

# CONTRACT 5: action | from | to | who. A situation is a status with what marks it; `=` is unchanged, `before`
# what it was before the question. R referrer, T team, D desk, O other desk of a dispute, M municipality,
# A operator.
CONTRACT: Final = """
answer          | needs_information asked+needs_information                         | before           | R T D
resume          | asked+needs_information                                           | before           | T D
triage          | needs_information asked+needs_information                         | needs_triage     | D R
consent         | needs_consent alone+needs_consent                                                | offered          | R
assign          | needs_triage alone+needs_triage                                   | offered          | D
forward         | needs_triage alone+needs_triage                                   | needs_triage     | D
settle          | disputed+needs_triage                                             | offered          | D O A
acknowledge     | offered alone+offered                                             | acknowledged     | T
ask             | offered alone+offered acknowledged needs_triage alone+needs_triage disputed+needs_triage | needs_information | T D
accept          | offered alone+offered acknowledged                                | accepted         | T
reject          | offered alone+offered acknowledged                                | rejected         | T M
redirect        | offered alone+offered acknowledged                                | redirected       | T D
redirect        | accepted in_progress on_hold                                      | =                | T D
cancel_redirect | pending+accepted pending+in_progress pending+on_hold              | =                | T D
start           | accepted on_hold pending+accepted pending+on_hold                 | in_progress      | T
hold            | accepted in_progress pending+accepted pending+in_progress         | on_hold          | T
complete        | in_progress pending+in_progress                                   | completed        | T
stop            | accepted in_progress on_hold pending+accepted pending+in_progress pending+on_hold | stopped | T R
withdraw        | offered alone+offered needs_information asked+needs_information needs_consent alone+needs_consent needs_triage alone+needs_triage disputed+needs_triage acknowledged | withdrawn | R D
reopen          | completed stopped                                                 | offered          | R D
mark_in_error   | offered alone+offered needs_information asked+needs_information needs_consent alone+needs_consent needs_triage alone+needs_triage disputed+needs_triage acknowledged | entered_in_error | R
mark_in_error   | *                                                                 | entered_in_error | A
reviewed        | OPEN                                                              | =                | T D
reassessed      | OPEN                                                              | =                | T D
"""  # noqa: E501
OPEN: Final = tuple(
    """
    offered alone+offered needs_information asked+needs_information needs_consent alone+needs_consent
    needs_triage alone+needs_triage disputed+needs_triage acknowledged
    accepted in_progress on_hold pending+accepted pending+in_progress pending+on_hold
    """.split()  # noqa: SIM905  as the table is written
)
ENDED: Final = (
    "rejected", "redirected", "completed", "stopped", "withdrawn", "entered_in_error", "late+completed",
    "late+stopped", "followed+completed",
)  # fmt: skip
SITUATIONS: Final = (*OPEN, *ENDED)
# Who each client is; the desk that decides over it is that of the responsible municipality.
IS: Final = {
    "referrer": "R", "team": "T", "desk": "D M", "other_desk": "", "operator": "A", "limited_team": "",
    "other_municipality": "", "other_school": "", "nobody": "",
}  # fmt: skip

FITTING: Final[dict[str, Json]] = {
    "answer": {"facts": lambda facts, _: replace(facts, circumstances=Circumstances(single=True))},
    "assign": {"team": "zwolle-wijkteam", "comment": "Motief."},
    "forward": {"responsibleBody": body(ZWOLLE), "comment": "Motief."},
    "settle": {"team": "zwolle-wijkteam", "comment": "Motief."},
    "ask": {"question": "Wie?"},
    "reject": {"reason": "no_capacity"},
    "redirect": {"team": "zwolle-wijkteam"},
    "start": {"firstContactOn": TODAY},
    "hold": {"reason": "waiting_list", "expectedOn": TODAY + timedelta(days=20)},
    "complete": {"outcome": "goals_reached"},
    "stop": {"reason": "left_school"},
    "withdraw": {"reason": "duplicate"},
    "reopen": {"reason": "need_returned"},
    "mark_in_error": {"reason": "wrong_person"},
    "reviewed": {"comment": "Gezien."},
    "reassessed": {"comment": "Gezien."},
}
# What is told where that is more than the handover's new status, in order; a mark goes before the action.
TOLD: Final = {
    "answer": ["referral.decided", "handover.offered", "handover.flagged"],
    "asked answer": ["handover.offered", "referral.decided", "handover.flagged"],
    "reject": ["handover.rejected", "handover.needs_triage"],
    "forward": ["handover.needs_triage"],
    "settle": ["handover.offered", "handover.flagged"],
    "redirect": ["handover.redirected", "handover.offered"],
    "warm redirect": ["handover.flagged", "handover.offered"],
    "pending cancel_redirect": ["handover.withdrawn", "handover.flagged"],
    "pending complete": ["handover.completed", "handover.flagged"],
    "pending stop": ["handover.stopped", "handover.flagged"],
    "pending mark_in_error": [
        "handover.entered_in_error", "handover.flagged", "handover.entered_in_error",
    ],
    "reopen": ["handover.offered", "referral.decided", "handover.flagged"],
    "reviewed": ["handover.flagged"],
    "reassessed": ["handover.flagged"],
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of CONTRACT 5."""

    action: str
    sources: tuple[str, ...]
    to: str
    who: frozenset[str]


def lines() -> list[Line]:
    found = []
    for text in CONTRACT.strip().splitlines():
        action, sources, to, who = (part.strip() for part in text.split("|"))
        from_ = {"*": tuple(s for s in SITUATIONS if s != "entered_in_error"), "OPEN": OPEN}.get(sources)
        found.append(Line(action, from_ or tuple(sources.split()), to, frozenset(who.split())))
    return found


LINES: Final = lines()
ACTIONS: Final = frozenset(get_args(HandoverAction.__value__))


def parts_of(who: str, situation: str) -> frozenset[str]:
    """As whom a client stands to a handover in a situation; before consent it is the referrer's alone."""
    parts = set(IS[who].split())
    if situation.endswith("needs_consent"):
        return frozenset(parts & {"R", "A"})
    if situation.endswith("needs_triage"):
        parts -= {"T"}
    if who == "other_desk" and situation.startswith("disputed"):
        parts = {"O"}
    if situation.startswith("alone"):  # no desk works with the service: the operator acts for it
        parts = parts | {"D"} if who == "operator" else parts - {"D"}
    return frozenset(parts)


def line_of(action: str, who: str, situation: str) -> Line | None:
    parts = parts_of(who, situation)
    fitting = (one for one in LINES if one.action == action and situation in one.sources)
    return next((one for one in fitting if parts & one.who), None)


def legal_actions(who: str, situation: str) -> list[str]:
    return [a for a in sorted(ACTIONS) if line_of(a, who, situation)]


async def put_in(stage: Stage, situation: str) -> tuple[UUID, UUID]:
    """A handover in a situation, flagged for review and reassessment; and its referral."""
    mark, _, status = situation.rpartition("+")
    id = await stage.offered()
    row = await stage.row(id)
    columns: dict[str, Any] = {"status": status, "flags": ["review", "reassessment_due"]}
    if status in ENDED:
        columns["ended_at"] = stage.now - timedelta(days=31 if mark == "late" else 29)
    if status == "needs_triage":
        columns |= {"team_id": None, "team_kind": None, "team_name": None, "placed": True}
    if mark == "asked":
        columns |= {"held_from": "offered", "paused_on": TODAY}
    if mark == "alone":
        columns["desk_organisation_id"] = None
        columns |= {"receiver_organisation_id": None} if status == "needs_triage" else {}
    if mark == "disputed":
        columns["flags"] += ["disputed"]
        columns["denied_by"] = [stage.clients["other_desk"].organisation_id]
    if mark == "pending":
        await stage.put(id, status="accepted")
        await stage.step("team", id, "redirect", team="zwolle-wijkteam")
        columns["flags"] += ["transfer_pending"]
    if mark == "followed":
        columns["succeeded_by"] = await stage.offered()
    await stage.put(id, **columns)
    return id, row["referral_id"]


async def refusal_of(stage: Stage, who: str, id: UUID, action: str) -> list[str] | str:
    """The actions that a refused step names; or what came of it instead."""
    try:
        await stage.step(who, id, action, **FITTING.get(action, {}))
    except IllegalStep as refused:
        return list(refused.actions)
    except NotFound:
        return "not found"
    return "done"


def sees(who: str, situation: str) -> bool:
    """Whether a client sees a handover: everybody who is something to it, and who works at its desk."""
    at_desk = who == "team" and situation in {"needs_triage", "disputed+needs_triage"}
    return bool(parts_of(who, situation)) or at_desk


async def wrong_refusals(stage: Stage, id: UUID, situation: str, who: str) -> list[Any]:
    legal, wrong = legal_actions(who, situation), []
    for action in sorted(ACTIONS - set(legal)):
        got = await refusal_of(stage, who, id, action)
        if got != (legal if sees(who, situation) else "not found"):
            wrong.append((situation, who, action, got, legal))
    return wrong


async def test_a_step_that_is_not_in_the_table_tells_those_that_are_and_changes_nothing(stage: Stage) -> None:
    wrong = []
    for situation in SITUATIONS:
        async with stage.undone():
            id, _ = await put_in(stage, situation)
            before = await stage.everything()
            for who in IS:
                wrong += await wrong_refusals(stage, id, situation, who)
            wrong += [] if await stage.everything() == before else [(situation, "something changed")]
    assert not wrong, "\n".join(map(str, wrong))


async def outcome_of(
    stage: Stage, who: str, id: UUID, referral: UUID, line: Line, situation: str
) -> list[str]:
    """Takes a legal step; what of it is not as CONTRACT 5 says."""
    before, told = await stage.row(id), len(await stage.events(referral))
    answer = await stage.step(who, id, line.action, **FITTING.get(line.action, {}))
    after = await stage.row(id)
    status = {"=": before["status"], "before": "offered"}.get(line.to, line.to)
    faults = [] if after["status"] == status == answer["status"] else [f"became {after['status']}"]
    if after["version"] != before["version"] + 1 != answer["version"] + 1:
        faults.append(f"version {after['version']}")
    events = await stage.told(referral, told)
    if events != expected_events(line, situation, status):
        faults.append(f"told {events}")
    later = await stage.found(who, id)
    if later is not None and later != answer:
        faults.append("another answer than GET gives")
    return faults


def expected_events(line: Line, situation: str, status: str) -> list[str]:
    mark = "warm" if line.action == "redirect" and line.to == "=" else situation.rpartition("+")[0]
    told = TOLD.get(f"{mark} {line.action}") or TOLD.get(line.action)
    return told or [f"handover.{status}"]


async def wrong_outcomes(stage: Stage, id: UUID, referral: UUID, situation: str, who: str) -> list[Any]:
    wrong = []
    for action in legal_actions(who, situation):
        line = line_of(action, who, situation)
        assert line is not None
        async with stage.undone():
            faults = await outcome_of(stage, who, id, referral, line, situation)
        wrong += [(situation, who, action, fault) for fault in faults]
    return wrong


async def test_a_step_of_the_table_leads_where_it_says_and_tells_it_once(stage: Stage) -> None:
    wrong = []
    for situation in SITUATIONS:
        async with stage.undone():
            id, referral = await put_in(stage, situation)
            for who in IS:
                wrong += await wrong_outcomes(stage, id, referral, situation, who)
    assert not wrong, "\n".join(map(str, wrong))


async def wrong_offers(stage: Stage, id: UUID, situation: str, who: str) -> list[Any]:
    found = await stage.found(who, id)
    told = found and found["availableActions"]
    expected = legal_actions(who, situation) if sees(who, situation) else None
    return [] if told == expected else [(situation, who, told)]


async def test_what_a_client_may_do_is_what_it_is_told(stage: Stage) -> None:
    wrong = []
    for situation in SITUATIONS:
        async with stage.undone():
            id, _ = await put_in(stage, situation)
            for who in IS:
                wrong += await wrong_offers(stage, id, situation, who)
    assert not wrong, "\n".join(map(str, wrong))


def test_the_statement_covers_every_status_and_action() -> None:
    assert {situation.rpartition("+")[2] for situation in SITUATIONS} == set(
        get_args(HandoverStatus.__value__)
    )
    assert {line.action for line in LINES} == ACTIONS
    assert sum(len(legal_actions(who, situation)) for who in IS for situation in SITUATIONS) > 150
