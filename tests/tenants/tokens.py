"""Every id and every canary that is stored, and who may meet it: read from the rows, not from the service."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import asyncpg

from tests.tenants.people import Prober
from tests.tenants.world import World

# What waits for consent, and what was a mistake, has nothing for its receiver.
UNRECEIVED, HIDDEN = "needs_consent", "entered_in_error"
HANDOVERS = """
SELECT h.*, o.code AS own, r.code AS receiver, d.code AS desk
  FROM handover h JOIN organisation o ON o.id = h.organisation_id
  LEFT JOIN organisation r ON r.id = h.receiver_organisation_id
  LEFT JOIN organisation d ON d.id = h.desk_organisation_id
"""
EVENTS = """
SELECT e.*, o.code AS own, r.code AS receiver, d.code AS desk
  FROM event e LEFT JOIN organisation o ON o.id = e.organisation_id
  LEFT JOIN organisation r ON r.id = e.receiver_organisation_id
  LEFT JOIN organisation d ON d.id = e.desk_organisation_id
"""
IMPORTS = "SELECT i.id, o.code FROM import i JOIN organisation o ON o.id = i.organisation_id"
SUBSCRIPTIONS = """
SELECT s.*, o.code FROM webhook_subscription s JOIN organisation o ON o.id = s.organisation_id
"""


@dataclass(frozen=True, slots=True)
class Permit:
    """Who may meet a token: credentials of an organisation with one of these roles, or with `all` of them.

    An organisation of "*" is any; a team bars credentials that are limited to others.
    """

    organisation: str
    roles: frozenset[str]
    team: str | None = None
    all: bool = False

    def admits(self, prober: Prober) -> bool:
        if self.organisation not in ("*", prober.organisation):
            return False
        has = self.roles <= prober.roles if self.all else bool(self.roles & prober.roles)
        limited = prober.team_ids is not None and "desk" not in prober.roles
        return has and (self.team is None or not limited or self.team in (prober.team_ids or ()))


def permit(organisation: str, *roles: str, team: str | None = None, all: bool = False) -> Permit:
    return Permit(organisation, frozenset(roles), team, all)


@dataclass
class Readers:
    """Who may read what has an id, by the id; what belongs to what, and who has to do with which referral."""

    permits: dict[str, list[Permit]] = field(default_factory=dict)
    children: set[tuple[str, ...]] = field(default_factory=set)
    beside: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def admit(self, ids: tuple[str, ...], prober: Prober) -> bool:
        """Whether the path with these ids is there for a prober."""
        known = any(one.admits(prober) for one in self.permits.get(ids[0], ()))
        return known and (len(ids) == 1 or ids in self.children)


OPERATOR = permit("*", "operator")


@dataclass
class Tokens:
    """Each token with its permits."""

    permits: dict[str, set[Permit]] = field(default_factory=dict)

    def add(self, token: object, permits: Iterable[Permit]) -> None:
        self.permits.setdefault(str(token), set()).update(permits)

    def admits(self, token: str, prober: Prober) -> bool:
        return any(one.admits(prober) for one in self.permits[token])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(sorted(map(re.escape, self.permits), reverse=True)))

    def of_others(self, text: str, prober: Prober, sent: str) -> set[str]:
        """The tokens in an answer that the prober may not meet and did not send itself."""
        found = set(self.pattern.findall(text))
        return {token for token in found if token not in sent and not self.admits(token, prober)}


async def readers_of(world: World) -> Readers:
    """Who may read what is asked for by its id: one's own referral, the handovers one stands beside."""
    readers = Readers()
    for row in await world.owner.fetch(HANDOVERS):
        readers.permits[str(row["referral_id"])] = [permit(row["own"], "referrer")]
        readers.permits[str(row["id"])] = [OPERATOR, *_parties(row).values()]
        readers.beside[str(row["referral_id"])] |= {
            "operator",
            *(one.organisation for one in _parties(row).values()),
        }
    for row in await world.owner.fetch(IMPORTS):
        readers.permits[str(row["id"])] = [permit(row["code"], "referrer")]
    for row in await world.owner.fetch(SUBSCRIPTIONS):
        readers.permits[str(row["id"])] = [permit(row["code"], *row["roles"], all=True), OPERATOR]
    children = await world.owner.fetch(
        "SELECT referral_id, id FROM advice UNION ALL SELECT subscription_id, event_id FROM webhook_delivery"
    )
    readers.children = {(str(parent), str(child)) for parent, child in children}
    return readers


async def tokens_of(world: World) -> Tokens:
    """All tokens of what is stored now."""
    tokens = Tokens()
    handovers = await world.owner.fetch(HANDOVERS)
    parties = {row["id"]: _parties(row) for row in handovers}
    for row in handovers:
        _add_handover(tokens, world, row, parties)
    for row in await world.owner.fetch("SELECT a.*, o.code FROM advice a JOIN organisation o ON o.id = "
                                       "a.organisation_id"):  # fmt: skip
        tokens.add(row["id"], [permit(row["code"], "referrer")])
    for row in await world.owner.fetch(EVENTS):
        tokens.add(row["id"], _audience(row, parties))
    await _add_subscriptions(tokens, world)
    for row in await world.owner.fetch(IMPORTS):
        # The operator meets the id in the event that tells of its end.
        tokens.add(row["id"], [permit(row["code"], "referrer"), OPERATOR])
        if row["id"] in world.imported:
            tokens.add(world.imported[row["id"]], [permit(row["code"], "referrer")])
    for (id,) in await world.owner.fetch("SELECT id FROM organisation UNION ALL SELECT id FROM credential"):
        tokens.add(id, [])
    return tokens


def _parties(row: asyncpg.Record) -> dict[str, Permit]:
    """On which side of a handover somebody stands, by side."""
    found = {"referrer": permit(row["own"], "referrer")}
    if row["status"] == UNRECEIVED:
        return found
    if row["receiver"]:
        found["team"] = permit(row["receiver"], "team", "desk", team=row["team_id"])
    if row["desk"]:
        found["desk"] = permit(row["desk"], "desk")
    if row["responsible_municipality"]:
        found["municipality"] = permit(row["responsible_municipality"], "desk")
    return found


def _add_handover(
    tokens: Tokens, world: World, row: asyncpg.Record, parties: dict[UUID, dict[str, Permit]]
) -> None:
    """Its id, which those beside it meet too; what was said; of its referral what it is entitled to."""
    sides = parties[row["id"]]
    # An auditor finds in the trail which records his organisation looked at.
    looked = ("operator", *(one.organisation for one in sides.values()))
    ids = [OPERATOR, *sides.values(), *(permit(organisation, "auditor") for organisation in looked)]
    for beside in (row["id"], row["preceded_by"], row["succeeded_by"]):
        if beside:
            tokens.add(beside, ids)
    tokens.add(row["referral_id"], ids)
    content = [side for name, side in sides.items() if name in ("referrer", "team", "desk")]
    if row["status"] == HIDDEN:
        content = []
    if row["id"] in world.said:
        tokens.add(world.said[row["id"]], content)
    own = [sides["referrer"]]
    for name, text in world.texts[row["referral_id"]].items():
        others = name not in ("sourceReference", "idempotencyKey")
        tokens.add(text, own + content if others else own)


def _audience(row: asyncpg.Record, parties: dict[UUID, dict[str, Permit]]) -> list[Permit]:
    """Of an event: who stands beside it, and who may read the history of the handover it is about."""
    if row["type"] == "import.finished":
        return [permit(row["own"], "referrer"), OPERATOR]
    if row["referral_id"] is None:
        return [permit("*", "referrer", "team", "desk", "operator")]
    found = [OPERATOR, permit(row["own"], "referrer")]
    if row["type"] != "handover.needs_consent":
        if row["receiver"]:
            found.append(permit(row["receiver"], "team", "desk", team=row["team_id"]))
        if row["desk"]:
            found.append(permit(row["desk"], "desk"))
    return found + list(parties.get(row["handover_id"], {}).values())


async def _add_subscriptions(tokens: Tokens, world: World) -> None:
    """A credential sees what is told no more than itself; the operator does not see where that goes."""
    for row in await world.owner.fetch(SUBSCRIPTIONS):
        own = permit(row["code"], *row["roles"], all=True)
        tokens.add(row["id"], [own, OPERATOR])
        if row["id"] in world.addresses:
            tokens.add(world.addresses[row["id"]], [own])
        query = "SELECT event_id FROM webhook_delivery WHERE subscription_id = $1 AND stream = event_id"
        for (test,) in await world.owner.fetch(query, row["id"]):
            tokens.add(test, [own, OPERATOR])
