"""What a new decision leaves as it is: what people settled, and support that runs (CONTRACT 5)."""

from collections.abc import Iterable, Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app.adapters.decision_json import plain_decision
from app.routing import Decision
from app.routing.case import SAFETY_PROVISIONS
from app.services.lifecycle.table import ENDED, OPEN, RUNNING

Row = Mapping[Any, Any]
Plain = dict[str, Any]
Pair = tuple[str | None, str]

# Ends of which somebody else is to go on: where nobody does any more, they settle nothing.
_GONE_ON: Final = ("rejected", "redirected")


@dataclass(frozen=True, slots=True)
class Settled:
    """`places` are (team id, None for the desk; domain) that get no new handover, `domains` get none at all.

    `kept` are handovers that stay as a person placed them, `due` those of running support to look at again.
    `led` says whether one that was placed, or that runs, is the lead. The domains in `changed` have another
    route than before.
    """

    places: frozenset[tuple[str | None, str]] = frozenset()
    domains: frozenset[str] = frozenset()
    kept: frozenset[UUID] = frozenset()
    due: frozenset[UUID] = frozenset()
    changed: frozenset[str] = frozenset()
    led: bool = False

    def leaves(self, team_id: str | None, domain: str, provision: str | None) -> bool:
        """Whether a route gets no new handover there."""
        held_back = domain in self.domains and provision not in SAFETY_PROVISIONS
        return held_back or (team_id, domain) in self.places


NOTHING: Final = Settled()


def settled(
    rows: Iterable[Row],
    before: Plain,
    decision: Decision,
    advised: AbstractSet[UUID] = frozenset(),
    anew: frozenset[str] = frozenset(),
) -> Settled:
    """What of the stored handovers stands between a decision, as JSON, and the next on the same referral.

    A team that runs keeps what it runs, and is asked to look again where its routes have changed. Where a
    team has ended or refused, or a person chose the place, that holds until the route itself changes, or
    somebody wants its problem looked at `anew`. `advised` is the advice that stands.
    """
    rows, after = list(rows), plain_decision(decision)
    changed = changed_domains(before, after)
    open_again = changed | anew
    open_now = {pair for row in rows if row["status"] in OPEN for pair in _pairs(row)}
    running = [row for row in rows if row["status"] in RUNNING]
    placed = [
        row
        for row in rows
        if row["placed"] and row["status"] in OPEN and open_again.isdisjoint(row["problem_domains"])
    ]
    ended = _settled_places(rows, open_now, advised)
    still = {(receiver["teamId"], route["problemDomain"]) for route, receiver in _receivers(after)}
    lost = {pair for row in running for pair in _pairs(row) if pair[1] in changed and pair not in still}
    return Settled(
        places=frozenset(
            {
                *(pair for row in running for pair in _pairs(row)),
                *(pair for pair in ended if pair[1] not in open_again),
                *((None, domain) for row in placed for domain in row["problem_domains"]),
            }
        ),
        domains=frozenset(domain for _, domain in lost),
        kept=frozenset(row["id"] for row in placed),
        due=frozenset(row["id"] for row in running if not changed.isdisjoint(row["problem_domains"])),
        changed=changed,
        led=any(row["lead"] for row in (*running, *placed)),
    )


def _settled_places(rows: list[Row], open_now: set[Pair], advised: AbstractSet[UUID]) -> set[Pair]:
    """Where a problem has ended, and nobody else who was to go on with it has lost it since."""
    owned = {domain for _, domain in open_now}
    return {
        pair
        for row in rows
        if _has_settled(row)
        for pair in _pairs(row)
        if row["status"] not in _GONE_ON or pair[1] in owned or row["succeeded_by_advice"] in advised
    } - open_now


def _has_settled(row: Row) -> bool:
    """Whether it has ended for good; for want of consent only until that is given."""
    return row["status"] in ENDED and (row["status"], row["reason"]) != ("withdrawn", "consent_withdrawn")


def changed_domains(before: Plain, after: Plain) -> frozenset[str]:
    """The problem domains of which some route differs in provision, body, receiver or outcome."""
    one, other = _signatures(before), _signatures(after)
    return frozenset(domain for domain in one.keys() | other.keys() if one.get(domain) != other.get(domain))


def _signatures(decision: Plain) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for route in decision["routes"]:
        body = route["responsible"] or {}
        place = (body.get("municipality") or body.get("region") or {}).get("code")
        receivers = [(r["role"], r["channel"], r["kind"], r["teamId"]) for r in route["receivers"]]
        signature = (route["outcome"], route["provision"], body.get("kind"), place, receivers)
        found.setdefault(route["problemDomain"], []).append(signature)
    return found


def _receivers(decision: Plain) -> Iterator[tuple[Plain, Plain]]:
    return ((route, receiver) for route in decision["routes"] for receiver in route["receivers"])


def _pairs(row: Row) -> Iterator[Pair]:
    return ((row["team_id"], domain) for domain in row["problem_domains"])
