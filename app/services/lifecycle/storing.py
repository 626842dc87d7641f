"""Writes what one change does to the handovers and advice of a referral, with an event for each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.adapters.identifiers import new_ids
from app.models import Advice, Event, Handover, Referral
from app.routing.plain import facts_from
from app.services.actors import SYSTEM, Actor
from app.services.lifecycle.clocks import flags_of, next_look, stamp
from app.services.lifecycle.standing import referral_status
from app.services.lifecycle.transfers import ended_transfers
from app.services.person_index import index_of
from app.services.reading import OpenReferral
from app.services.records import BLANK

__all__ = ["SYSTEM", "Actor", "Row", "Storing"]

Row = dict[str, Any]

# On which it depends whether a receiver knows the person, and in which municipality.
_TELLS_WHO: Final = ("status", "team_kind", "responsible_municipality", "route_positions", "placed")
_UNSEEN_CHANGES: Final = frozenset({"clock_on", "reassess_on"})

# What a handover is told of again for: where it stands and where it lies.
_TOLD: Final = (
    "status",
    "team_id",
    "responsible_municipality",
    "receiver_organisation_id",
    "desk_organisation_id",
)

_NOBODY: Final = dict.fromkeys(("receiver_organisation_id", "desk_organisation_id", "team_id"))


@dataclass(slots=True)
class Storing:
    """One change of a referral in the making; its row is locked by the caller, who commits.

    `handovers` and `advice` are its rows as they are now, by id in order of making; `columns` are what
    changes of the referral itself, `student` what is told of whom it is about.
    """

    connection: AsyncConnection
    referral: OpenReferral
    now: datetime
    today: date
    correlation_id: str | None
    handovers: dict[UUID, Row] = field(default_factory=dict)
    advice: dict[UUID, Row] = field(default_factory=dict)
    columns: Row = field(default_factory=dict)
    student: Row = field(default_factory=dict)
    _versions: dict[UUID, int] = field(default_factory=dict)
    _told: list[Row] = field(default_factory=list)
    _receipts: dict[int, Row] = field(default_factory=dict)
    _known_anew: set[UUID] = field(default_factory=set)

    @classmethod
    async def begin(
        cls,
        connection: AsyncConnection,
        referral: OpenReferral,
        now: datetime,
        today: date,
        correlation_id: str | None = None,
    ) -> "Storing":
        """Reads the handovers and advice of a referral that is locked."""
        storing = cls(connection, referral, now, today, correlation_id)
        for table, rows in ((Handover, storing.handovers), (Advice, storing.advice)):
            query = select(table).where(table.referral_id == referral.row["id"]).order_by(table.id)
            found = (await connection.execute(query)).mappings()
            rows.update((row["id"], dict(row)) for row in found)
        storing._versions = {id: row["version"] for id, row in storing.handovers.items()}
        return storing

    async def change(self, id: UUID, actor: Actor = SYSTEM, **columns: Any) -> Row:
        """The handover with other columns and its clocks set anew, one version further than it began."""
        before = self.handovers[id]
        after = {**before, **columns}
        stamp(before, after, self.now)
        after["flags"] = flags_of(after, self.today)
        after["clock_on"] = next_look(after)
        if any(after[name] != before[name] for name in _TELLS_WHO):
            self._known_anew.add(id)
        changed = {name: value for name, value in after.items() if value != before[name]}
        if changed.keys() <= _UNSEEN_CHANGES:
            if changed:
                await self.connection.execute(update(Handover).where(Handover.id == id).values(changed))
        else:
            after["version"] = changed["version"] = self._versions.get(id, 0) + 1
            await self.connection.execute(update(Handover).where(Handover.id == id).values(changed))
            self._tell_change(before, after, actor)
        self.handovers[id] = after
        return after

    async def create(self, row: Row, actor: Actor = SYSTEM) -> Row:
        """A new handover, with an id of its own and its clocks set."""
        made = {
            **BLANK,
            **row,
            "id": row.get("id") or new_ids(self.now, 1)[0],
            "referral_id": self.referral.row["id"],
            "organisation_id": self.referral.row["organisation_id"],
            "created_at": self.now,
        }
        made["clock_on"] = next_look(made)
        await self.connection.execute(insert(Handover).values(made))
        self.handovers[made["id"]] = made
        self._known_anew.add(made["id"])
        self.tell(f"handover.{made['status']}", actor, made)
        return made

    async def advise(self, row: Row) -> Row:
        """A new advice item."""
        made = {
            "preceded_by": None,
            "municipality": None,
            "handled_at": None,
            **row,
            "id": row.get("id") or new_ids(self.now, 1)[0],
            "referral_id": self.referral.row["id"],
            "organisation_id": self.referral.row["organisation_id"],
        }
        await self.connection.execute(insert(Advice).values(made))
        self.advice[made["id"]] = made
        return made

    async def change_advice(self, id: UUID, **columns: Any) -> None:
        """An advice item with other columns."""
        await self.connection.execute(update(Advice).where(Advice.id == id).values(columns))
        self.advice[id] |= columns

    async def receipt(self, version: int) -> Row:
        """`facts`, `referenceDate`, `today` and `decision` of a version of the decision."""
        if version not in self._receipts:
            self._receipts = await self.referral.receipts(self.connection)
        return self._receipts[version]

    def tell(self, type: str, actor: Actor = SYSTEM, row: Mapping[str, Any] | None = None) -> None:
        """Adds an event, of a handover or of the referral as a whole."""
        self._told.append(
            {
                "organisation_id": self.referral.row["organisation_id"],
                "receiver_organisation_id": row["receiver_organisation_id"] if row else None,
                "desk_organisation_id": row["desk_organisation_id"] if row else None,
                "team_id": row["team_id"] if row else None,
                "referral_id": self.referral.row["id"],
                "handover_id": row["id"] if row else None,
                "type": type,
                "role": actor.role,
                "actor_organisation_id": actor.organisation_id,
                "correlation_id": self.correlation_id,
                "at": self.now,
            }
        )

    async def close(self) -> None:
        """Stores the events, and what changes of the referral with the status that now follows.

        Before that, warm transfers take effect where the other has accepted, and are undone where it ended.
        """
        for id, columns in ended_transfers(self.handovers):
            await self.change(id, **columns)
        await self._know_persons()
        if self._told:
            ids = new_ids(self.now, len(self._told))
            rows = [{**told, "id": id} for told, id in zip(self._told, ids, strict=True)]
            await self.connection.execute(insert(Event), rows)
            self._told.clear()
        handovers, advice = list(self.handovers.values()), list(self.advice.values())
        status = referral_status(
            (row["status"] for row in handovers), (row["status"] for row in advice), _last(handovers, advice)
        )
        row = self.referral.row
        changed = {
            name: value for name, value in {**self.columns, "status": status}.items() if value != row[name]
        }
        if changed:
            await self.connection.execute(update(Referral).where(Referral.id == row["id"]).values(changed))

    async def _know_persons(self) -> None:
        """Sets under which index its municipality knows the person: of what changed, of all by new facts."""
        newest: int = {**self.referral.row, **self.columns}["decision_version"]
        all_anew = not self.columns.keys().isdisjoint(("decision_version", "identity"))
        anew = self.handovers.keys() if all_anew else self._known_anew
        for id in anew:
            row = self.handovers[id]
            decision = (await self.receipt(row["decision_version"]))["decision"]
            consents = facts_from((await self.receipt(newest))["facts"]).consents
            index = index_of(self.referral.keyring, row, decision, consents, self._student)
            if index != row["person_index"]:
                row["person_index"] = index
                known = update(Handover).where(Handover.id == id).values(person_index=index)
                await self.connection.execute(known)

    @property
    def _student(self) -> Row:
        """Whom it is about, by what was told in this."""
        told: Row = {**self.referral.identity["student"], **self.student}
        return told

    def _tell_change(self, before: Row, after: Row, actor: Actor) -> None:
        if any(before[name] != after[name] for name in _TOLD):
            # What ends while it waits for consent was nobody's but the referrer's (LAW E-18).
            unknown = before["status"] == "needs_consent" and after["ended_at"] is not None
            self.tell(f"handover.{after['status']}", actor, after | _NOBODY if unknown else after)
        if set(after["flags"]) != set(before["flags"]):
            self.tell("handover.flagged", actor, after)


def _last(handovers: list[Row], advice: list[Row]) -> list[str]:
    """The statuses of what ended last of these."""
    ended = [(row["ended_at"], row["status"]) for row in handovers if row["ended_at"]]
    ended += [(row["handled_at"], row["status"]) for row in advice if row["handled_at"]]
    last = max((at for at, _ in ended), default=None)
    return [status for at, status in ended if at == last]
