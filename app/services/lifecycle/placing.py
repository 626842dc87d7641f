"""Where a handover goes next: a team by its id, the body that a rejection names, or a desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.errors import Unfit
from app.routing import Directory
from app.routing.decision import Receiver
from app.routing.directory import in_force_on
from app.routing.receiving import derived_desk, receiver_of
from app.services.lifecycle.table import OPEN

Row = Mapping[Any, Any]

_DESK: Final = "desk-"
# What a team of the core municipality does, the neighbourhood team does elsewhere (LAW 8.2).
_ELSEWHERE: Final = {"municipal_youth_team": "neighbourhood_team", "mbo_onsite_team": "neighbourhood_team"}
# How the referrer reaches a body that is no municipality: channel and receiver kind.
_ADVISED: Final = {
    "health_insurer": ("referrer_acts", "health_insurer"),
    "care_office": ("referrer_acts", "ciz"),
    "uwv": ("referrer_acts", "uwv"),
    "school": ("school", "school_care_team"),
}
BODY_KINDS: Final = ("municipality", *_ADVISED)


@dataclass(frozen=True, slots=True)
class Body:
    """A body whose task something is: its kind, and its code where that is a municipality."""

    kind: str
    municipality: str | None


@dataclass(frozen=True, slots=True)
class Advised:
    """A body that the service does not reach: the referrer or the student goes there."""

    channel: str
    kind: str
    municipality: str | None


def who_holds(rows: Iterable[Row], row: Row) -> frozenset[str | None]:
    """The teams that have a problem of `row` in another open handover of the referral."""
    domains = set(row["problem_domains"])
    others = (one for one in rows if one["id"] != row["id"] and one["status"] in OPEN)
    return frozenset(one["team_id"] for one in others if domains & set(one["problem_domains"]))


def team_by_id(team_id: str, holding: frozenset[str | None], directory: Directory, today: date) -> Receiver:
    """The team that a person chose, a derived desk included; raises Unfit where it cannot receive.

    Nobody gets what he is `holding` already.
    """
    if team_id in holding:
        raise Unfit(("/team", "team.has_it"))
    found = next((one for one in directory.teams if one.id == team_id and in_force_on(one, today)), None)
    code = team_id.removeprefix(_DESK)
    if found is not None:
        receiver = receiver_of(found, directory)
    elif team_id.startswith(_DESK) and code in directory.places:
        receiver = derived_desk("primary", "access_desk", code, directory)
    else:
        raise Unfit(("/team", "team.unknown"))
    if receiver.channel != "handover":
        raise Unfit(("/team", "team.not_connected"))
    return receiver


def at_body(
    row: Row, body: Body, holding: frozenset[str | None], directory: Directory, today: date
) -> Receiver | Advised | None:
    """Who receives a handover at the body that was named: a team of the same kind, else its desk.

    Not who rejects it, who may work for several municipalities, nor a team that is `holding` it already:
    None where nobody else is left there.
    """
    refused = holding | {row["team_id"]}
    if body.municipality is None:
        return Advised(*_ADVISED[body.kind], None)
    kind = _ELSEWHERE.get(row["team_kind"]) or str(row["team_kind"])
    teams = directory.teams_at(kind, body.municipality, today) if kind != "access_desk" else ()
    if len(teams) == 1 and teams[0].id not in refused:
        receiver = receiver_of(teams[0], directory)
        if receiver.channel == "handover":
            return receiver
    desk = derived_desk("primary", "access_desk", body.municipality, directory)
    if desk.channel == "handover":
        return None if desk.team_id in refused else desk
    return Advised("referrer_acts", "access_desk", body.municipality)
