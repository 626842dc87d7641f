"""What must hold of a referral after every step (G12): promises over two pictures of its rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.routing.plain import facts_from
from app.services.lifecycle.clocks import next_look, run_out
from app.services.lifecycle.table import ENDED
from app.services.sharing import is_refused

Row = dict[str, Any]

OPEN: Final = frozenset(
    {"offered", "needs_information", "needs_consent", "needs_triage", "acknowledged", "accepted",
     "in_progress", "on_hold"}
)  # fmt: skip
RUNNING: Final = frozenset({"accepted", "in_progress", "on_hold"})
# An end that somebody gave a reason for; what was rejected or redirected goes on elsewhere.
FINISHED: Final = frozenset({"completed", "stopped", "withdrawn", "entered_in_error"})
WAITS_BY: Final = {
    "needs_information": "question", "needs_consent": "consent", "needs_triage": "triage",
    "offered": "acceptance", "acknowledged": "acceptance",
}  # fmt: skip
UNSEEN: Final = ("clock_on", "reassess_on", "version")
PLACE: Final = (
    "status", "team_id", "responsible_municipality", "receiver_organisation_id", "desk_organisation_id",
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """All rows of one referral; `domains` are its problems, `advised` the problems of each advice.

    `refused` are problems for which a consent that they need was refused.
    """

    referral: Row
    handovers: dict[UUID, Row]
    advice: dict[UUID, Row]
    advised: dict[UUID, frozenset[str]]
    domains: frozenset[str]
    refused: frozenset[str]
    events: list[Row]
    today: date

    def open(self) -> list[Row]:
        return [row for row in self.handovers.values() if row["status"] in OPEN]


def refused_domains(receipt: Row) -> frozenset[str]:
    """The problems of which somebody whose word counts does not want them to be known."""
    consents = facts_from(receipt["facts"]).consents
    named = {kind for consent in consents for kind in consent.recipients or ()}
    return frozenset(
        route["problemDomain"]
        for route in receipt["decision"]["routes"]
        for kind in named | {receiver["kind"] for receiver in route["receivers"]}
        if route["consent"] and is_refused([(route["consent"]["required"], kind)], consents)
    )


def violations(before: Picture, after: Picture) -> list[str]:
    """Every promise that does not hold of `after`, which came of one step from `before`."""
    return [
        *_owners(after),
        *_successors(after),
        *_lineage(after),
        *_places(after),
        *_clocks(after),
        *_ends(after),
        *_standing(after),
        *_transfers(before, after),
        *_versions(before, after),
        *_events(before, after),
    ]


def _owners(now: Picture) -> Iterator[str]:
    """Every problem is somebody's, or has ended for a reason that was given: a refusal, or one of a step."""
    for domain in now.domains - now.refused:
        rows = [row for row in now.handovers.values() if domain in row["problem_domains"]]
        advice = [row for id, row in now.advice.items() if domain in now.advised[id]]
        if any(row["status"] in OPEN for row in rows) or any(row["status"] == "open" for row in advice):
            continue
        last = max((row["ended_at"] for row in rows), default=None)
        if last and not any(row["status"] in FINISHED for row in rows if row["ended_at"] == last):
            yield f"nobody has {domain}"


def _successors(now: Picture) -> Iterator[str]:
    for row in now.handovers.values():
        if row["status"] != "rejected" or row["succeeded_by"] or row["succeeded_by_advice"]:
            continue
        if row["preceded_by"] is None:
            yield "rejected without successor or giver"
        elif now.handovers[row["preceded_by"]]["status"] == "rejected":
            yield "rejected back to who rejected it"


def _lineage(now: Picture) -> Iterator[str]:
    for id, row in now.handovers.items():
        follower, advice = now.handovers.get(row["succeeded_by"]), now.advice.get(row["succeeded_by_advice"])
        before = now.handovers.get(row["preceded_by"])
        if (
            follower
            and follower["preceded_by"] != id
            and row["status"] not in {"redirected", "entered_in_error"}
        ):
            yield "a successor that does not know whom it follows"
        if advice and row["status"] == "rejected" and advice["preceded_by"] != id:
            yield "advice that does not know whom it follows"
        if before and before["succeeded_by"] != id and row["status"] in OPEN:
            yield "a handover follows one that does not know it"
        if _is_ring(now, id, "succeeded_by") or _is_ring(now, id, "preceded_by"):
            yield "lineage in a ring"
    for row in now.open():
        pending = "transfer_pending" in row["flags"]
        if pending and (row["status"] not in RUNNING or row["succeeded_by"] is None):
            yield "a transfer that nobody is asked to take"
        if not pending and row["succeeded_by"] is not None:
            yield f"open in {row['status']} and already followed"


def _transfers(before: Picture, after: Picture) -> Iterator[str]:
    """Support that ran goes only to who has accepted it."""
    for id, row in before.handovers.items():
        taker = after.handovers[id]
        while taker["succeeded_by"] is not None:
            taker = after.handovers[taker["succeeded_by"]]
        gone = row["status"] in RUNNING and after.handovers[id]["status"] == "redirected"
        if gone and taker["status"] not in RUNNING:
            yield "support was handed on to nobody"


def _is_ring(now: Picture, id: UUID, way: str) -> bool:
    seen, at = set(), now.handovers[id][way]
    while at is not None and at not in seen:
        if at == id:
            return True
        seen.add(at)
        at = now.handovers[at][way]
    return False


def _places(now: Picture) -> Iterator[str]:
    held = Counter(
        (row["team_id"], domain) for row in now.open() if row["team_id"] for domain in row["problem_domains"]
    )
    yield from (f"{place} has it {count} times" for place, count in held.items() if count > 1)
    if sum(row["lead"] for row in now.open() if "transfer_pending" not in row["flags"]) > 1:
        yield "two lead"


def _clocks(now: Picture) -> Iterator[str]:
    for row in now.open():
        kinds = {one["kind"] for one in row["deadlines"]}
        if row["status"] in WAITS_BY and WAITS_BY[row["status"]] not in kinds:
            yield f"nothing runs for {row['status']}"
        if row["clock_on"] != next_look(row):
            yield "the worker looks on another day"
        if "escalated" in row["flags"] and "overdue" not in row["flags"]:
            yield "escalated and not overdue"
        if (row["held_from"] is None) != (row["paused_on"] is None):
            yield "a question without a pause"
        if row["held_from"] is not None and row["status"] != "needs_information":
            yield "held and not waiting"


def _ends(now: Picture) -> Iterator[str]:
    for row in now.handovers.values():
        if row["status"] not in OPEN and {"overdue", "escalated", "transfer_pending"} & set(row["flags"]):
            yield "a clock runs on what has ended"
        if (row["ended_at"] is None) != (row["status"] in OPEN):
            yield "an end without its moment"
        if "disputed" in row["flags"] and row["status"] in {"offered", *RUNNING}:
            yield "disputed and settled"


def _standing(now: Picture) -> Iterator[str]:
    statuses = {row["status"] for row in now.handovers.values()}
    advised = any(row["status"] == "open" for row in now.advice.values())
    expected = {"withdrawn", "closed"}
    if "needs_information" in statuses:
        expected = {"needs_information"}
    elif advised or statuses & OPEN:
        expected = {"open"}
    if now.referral["status"] not in expected:
        yield f"the referral is {now.referral['status']}, not {expected}"


def _versions(before: Picture, after: Picture) -> Iterator[str]:
    for id, row in before.handovers.items():
        now = after.handovers.get(id)
        if now is None:
            yield "a handover is gone"
            continue
        changed = [name for name in row if name not in UNSEEN and row[name] != now[name]]
        if now["version"] != row["version"] + bool(changed):
            yield f"version {row['version']} to {now['version']} for {changed}"


def _events(before: Picture, after: Picture) -> Iterator[str]:
    if [e["id"] for e in after.events][: len(before.events)] != [e["id"] for e in before.events]:
        yield "an event is gone or out of order"
    new = after.events[len(before.events) :]
    for id, row in after.handovers.items():
        told = [event["type"] for event in new if event["handover_id"] == id]
        # Whoever had it before is told that consent is gone, and has nothing that could move.
        unmoved = {"handover.flagged", *(["consent.changed"] if row["status"] in ENDED else [])}
        moves = [type for type in told if type not in unmoved]
        was = before.handovers.get(id)
        moved = was is None or any(was[name] != row[name] for name in PLACE)
        if moved and (not moves or moves[-1] != f"handover.{row['status']}"):
            yield f"{row['status']} was told as {moves}"
        if not moved and moves:
            yield f"told of {moves} and nothing moved"
        flags = set(was["flags"]) if was else set(row["flags"])
        if flags != set(row["flags"]) and "handover.flagged" not in told:
            yield "flags changed untold"


def unticked(now: Picture) -> list[str]:
    """What the clocks should have set today, after the worker has looked."""
    return [flag for row in now.open() for flag in run_out(row, now.today)]
