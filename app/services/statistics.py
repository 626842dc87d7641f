"""Statistics of an organisation's handovers by quarter, fit to be shown (LAW F-18, F-22; ADR 19)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import NotAllowed
from app.services.clients import Client
from app.services.counting import Counted, Timed, counts, times
from app.services.disclosure import shown_counts, shown_total
from app.services.quarters import Quarter, quarters
from app.services.resources import Plain

# Which role shows an organisation's figures, by its kind; every other kind of organisation has a desk.
ROLES: Final = {"school": {"referrer", "auditor"}, "operator": {"operator", "auditor"}}
AT_A_DESK: Final = frozenset({"desk", "auditor"})
# An end that is no help given: it is counted apart, because times to closing do not know it.
OTHERWISE: Final = ("rejected", "redirected", "withdrawn")
# Table of the database -> list of the answer and its name for a category.
TABLES: Final = {
    "legal_framework": ("legalFrameworks", "legalFramework"),
    "problem_domain": ("problemDomains", "problemDomain"),
    "support_variant": ("supportVariants", "supportVariant"),
}
STEPS: Final = {
    "acknowledgement": "acknowledgement",
    "first_contact": "firstContact",
    "closing": "closing",
}

Table = dict[str, int]


async def find_statistics(
    connection: AsyncConnection, client: Client, first: Quarter, last: Quarter
) -> list[Plain]:
    """The figures of each quarter from one to another, the oldest first; both are settled.

    A school's are over its own referrals, a municipality's over what it is responsible for or receives, the
    operator's over all. Raises NotAllowed for a role that does not show them for its kind of organisation.
    """
    if client.roles.isdisjoint(ROLES.get(client.organisation_kind, AT_A_DESK)):
        raise NotAllowed
    counted = _by_quarter(await counts(connection, client, first, last))
    timed = await times(connection, client, first, last)
    return [
        _figures(quarter, counted[quarter.first], [row for row in timed if row.quarter == quarter.first])
        for quarter in quarters(first, last)
    ]


def _by_quarter(counted: Iterable[Counted]) -> defaultdict[date, defaultdict[str, Table]]:
    """Quarter -> table -> category -> count."""
    found: defaultdict[date, defaultdict[str, Table]] = defaultdict(lambda: defaultdict(dict))
    for row in counted:
        found[row.quarter][row.table][row.category] = row.count
    return found


def _figures(quarter: Quarter, counted: Mapping[str, Table], timed: list[Timed]) -> Plain:
    """What may be shown of a quarter."""
    ended = counted.get("ended", {})
    closed = {how: count for how, count in ended.items() if how not in OTHERWISE}
    otherwise = {how: count for how, count in ended.items() if how in OTHERWISE}
    return {
        "from": quarter.first.isoformat(),
        "to": quarter.last.isoformat(),
        "created": shown_total(counted.get("created", {}).get("all", 0)),
        **{name: _listed(counted.get(table, {}), word) for table, (name, word) in TABLES.items()},
        "closed": shown_total(sum(closed.values())),
        "closings": _listed(closed, "closing"),
        "endedOtherwise": shown_total(sum(otherwise.values())),
        "otherEnds": _listed(otherwise, "status"),
        "times": _times(timed),
    }


def _listed(table: Table, word: str) -> list[Plain]:
    return [{word: category, "count": count} for category, count in sorted(shown_counts(table).items())]


def _times(timed: Iterable[Timed]) -> list[Plain]:
    """One entry for each municipality and each team in it, with the steps that may be shown."""
    groups: dict[tuple[str | None, str | None], Plain] = {}
    for row in timed:
        team = {"teamId": row.team_id, "kind": row.team_kind, "name": row.team_name} if row.team_id else None
        nothing: Plain = {"municipality": row.municipality, "team": team, **dict.fromkeys(STEPS.values())}
        took = {"medianDays": row.median, "ninetiethPercentileDays": row.ninetieth}
        groups.setdefault((row.municipality, row.team_id), nothing)[STEPS[row.step]] = took
    return list(groups.values())
