"""What there is: referrals of two schools with receivers of every kind, and canaries in all that is free."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from fastapi import FastAPI
from httpx import AsyncClient, Response

from app.reference import open_reference
from app.reference.demo import demo_directory
from app.resources import Resources
from app.services.demo import register_demo
from app.services.numbering import number_events
from tests.api.parties import TickingClock
from tests.api.uploads import ROW, table, work
from tests.tenants.people import CONNECTS_LATE, Prober, make_people, make_prober

Json = dict[str, Any]

REFERRED_ON: Final = date(2026, 5, 14)
ASKED_ON: Final = date(2026, 11, 21)
# Statistics show nothing below five; each school refers so many more, and not as many as the other.
MORE: Final = {"school": 6, "other school": 9}
HOME: Final = {"school": ("0166", "8261AA"), "other school": ("0160", "7771AA")}
SCHOOL: Final = {
    "school": {"brin": "00ZZ", "location": "00ZZ01", "coreMunicipality": "0193"},
    "other school": {"brin": "00ZY", "location": "00ZY01", "coreMunicipality": "0153"},
}


@dataclass
class World:
    """Everybody and everything; `texts` has the canaries of each referral by its id, `ids` is for paths.

    `said` has the canaries of notes by handover, `addresses` those of subscriptions by id, `imported` the
    references in files by import; `places` are in the feed; `fresh` is a handover that is offered to Kampen,
    `waiting` an import of the school that nobody works off.
    """

    app: FastAPI
    http: AsyncClient
    owner: asyncpg.Connection
    clock: TickingClock
    people: dict[str, Prober] = field(default_factory=dict)
    texts: dict[UUID, Json] = field(default_factory=dict)
    said: dict[UUID, str] = field(default_factory=dict)
    addresses: dict[UUID, str] = field(default_factory=dict)
    imported: dict[UUID, str] = field(default_factory=dict)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)

    places: dict[str, bytes] = field(default_factory=dict)

    fresh: str = ""
    waiting: str = ""

    @property
    def resources(self) -> Resources:
        held: Resources = self.app.state.resources
        return held

    def own_text(self, who: str, name: str) -> str:
        """What the whole referral of a school is known by."""
        id = self.ids["referral"][who]
        return id if name == "referralId" else str(self.texts[UUID(id)][name])

    async def ask(
        self, who: Prober | str, method: str, path: str, body: Any = None, **headers: str
    ) -> Response:
        """The answer to a request; a header is named with `_` for `-`."""
        prober = self.people[who] if isinstance(who, str) else who
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.request(method, path, json=body, headers={**named, **prober.headers})

    async def told(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Json:
        """What is answered where it must succeed."""
        answer = await self.ask(who, method, path, body, **headers)
        assert answer.is_success, (who, method, path, answer.text)
        found: Json = answer.json()
        return found

    async def number(self) -> None:
        async with self.resources.database.transaction() as connection:
            while await number_events(connection):
                pass


async def build(world: World) -> World:
    """Fills the world; afterwards it is half a year later, and the quarter of the referrals has settled."""
    demo = demo_directory(open_reference().places)
    async with world.resources.database.transaction() as connection:
        await register_demo(connection, demo, world.clock.now())
        world.people = await make_people(connection, world.clock.now())
    for name in ("school", "other school", "kampen", "hardenberg", "region"):
        await _subscribe(world, name)
    for name in ("school", "other school"):
        await _refer_all(world, name)
    await _unheld(world)
    for name in ("school", "other school"):
        world.ids.setdefault("import", {})[name] = await _import(world, name)
    await work(world.resources)
    world.waiting = await _import(world, "school")
    await world.number()
    world.clock.day = ASKED_ON
    await _name_ids(world)
    return world


async def _subscribe(world: World, who: str) -> None:
    url = f"https://kanarie-{who.replace(' ', '-')}.example/berichten"
    made = await world.told(who, "POST", "/v1/webhook-subscriptions", {"url": url})
    world.addresses[UUID(made["id"])] = f"kanarie-{who.replace(' ', '-')}.example"
    world.ids.setdefault("subscription", {})[who] = made["id"]


async def _refer_all(world: World, who: str) -> None:
    """Offered to three receivers, waiting for consent, a mistake, and enough for statistics."""
    whole = await refer(world, who, problemDomains=["family_parenting", "absence_dropout", "debts"])
    for handover in whole["handovers"]:
        await _speak(world, handover)
    world.ids.setdefault("referral", {})[who] = whole["id"]
    world.ids.setdefault("advice", {})[who] = whole["advice"][0]["id"]
    world.ids.setdefault("handover", {})[who] = whole["handovers"][0]["id"]
    waiting = await refer(world, who, problemDomains=["family_parenting"], consents=[])
    world.ids.setdefault("handover", {})[f"{who}, waiting"] = waiting["handovers"][0]["id"]
    mistake = await refer(world, who, problemDomains=["family_parenting"])
    handover = mistake["handovers"][0]
    await _speak(world, handover)
    await step(world, who, handover["id"], action="mark_in_error", reason="wrong_person")
    world.ids["handover"][f"{who}, mistake"] = handover["id"]
    for _ in range(MORE[who]):
        offered = await refer(world, who, problemDomains=["debts"])
    if who == "school":
        world.fresh = offered["handovers"][0]["id"]


async def _import(world: World, who: str) -> str:
    """A file of one row, tried out: of what it stores there are referrals enough."""
    reference = f"kanarie{len(world.imported) + 501:03}-kenmerk"
    headers = {**world.people[who].headers, "Content-Type": "text/csv"}
    content = table([{**ROW, "sourceReference": reference}])
    made = await world.http.post("/v1/imports?dryRun=true", content=content, headers=headers)
    id = str(made.json()["id"])
    world.imported[UUID(id)] = reference
    return id


async def refer(world: World, who: str, **more: Any) -> Json:
    """A referral with canaries in all that is free."""
    number = len(world.texts) + 1
    mark = f"kanarie{number:03}"
    home, postcode = HOME[who]
    texts = {
        "sourceReference": f"{mark}-kenmerk",
        "reason": f"Omdat {mark}-reden.",
        "studentNumber": f"{mark}-nummer",
        "firstNames": f"{mark}-voornaam",
        "surname": f"{mark}-naam",
        "email": f"{mark}-post@example.org",
        "phone": f"+31655550{number:03}",
        "birthDate": f"2007-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "referrerName": f"{mark}-verwijzer",
        "referrerEmail": f"{mark}-verwijzer@example.org",
    }
    student = {name: texts[name] for name in ("studentNumber", "firstNames", "surname", "email", "phone")}
    body = {
        "sourceReference": texts["sourceReference"], "referenceDate": REFERRED_ON.isoformat(),
        "student": {**student, "birthDate": texts["birthDate"], "postcode": postcode, "houseNumber": "12"},
        "homeMunicipality": home, "residence": {"status": "registered"}, "school": SCHOOL[who],
        "supportVariant": "own_neighbourhood",
        "circumstances": {"youthHelp": None, "enrolment": "leaving"},
        "consents": [
            {"givenBy": "student", "givenOn": "2026-05-13", "purpose": "referral", "recipients": "all"}
        ],
        "referrer": {"name": texts["referrerName"], "role": "tutor", "email": texts["referrerEmail"]},
        "reason": texts["reason"], **more,
    }  # fmt: skip
    made = await world.told(who, "POST", "/v1/referrals", body, Idempotency_Key=f"sleutel-{number:03}")
    world.texts[UUID(made["id"])] = {**texts, "idempotencyKey": f"sleutel-{number:03}"}
    return made


async def step(world: World, who: str, id: str, **said: Any) -> Json:
    return await world.told(who, "POST", f"/v1/handovers/{id}/transitions", said, If_Match="*")


async def _speak(world: World, handover: Json) -> None:
    """The receiver says something with a step, to the referrer alone."""
    code = await world.owner.fetchval(
        "SELECT o.code FROM handover h JOIN organisation o ON o.id = h.receiver_organisation_id "
        "WHERE h.id = $1",
        UUID(handover["id"]),
    )
    receiver = next(name for name, one in world.people.items() if one.organisation == code)
    text = f"kanarie{len(world.said) + 1:03}-opmerking"
    await step(world, receiver, handover["id"], action="acknowledge")
    await step(world, receiver, handover["id"], action="ask", question=f"Wat is {text}?")
    world.said[UUID(handover["id"])] = text


async def _unheld(world: World) -> None:
    """Tubbergen's task with Enschede's team, made before Tubbergen worked with the service."""
    made = await refer(
        world, "other school", problemDomains=["family_parenting"], homeMunicipality="0183",
        supportVariant="mbo_as_neighbourhood", circumstances={"youthHelp": None, "enrolment": "bol"},
    )  # fmt: skip
    world.ids["handover"]["unheld"] = made["handovers"][0]["id"]
    async with world.resources.database.transaction() as connection:
        name = "late municipality"
        world.people[name] = await make_prober(
            connection, name, *CONNECTS_LATE, "desk", "team", "auditor", now=world.clock.now()
        )


async def _name_ids(world: World) -> None:
    """The deliveries of each subscription, and what is registered."""
    for who, subscription in world.ids["subscription"].items():
        found = await world.owner.fetchval(
            "SELECT event_id FROM webhook_delivery WHERE subscription_id = $1 ORDER BY position LIMIT 1",
            UUID(subscription),
        )
        world.ids.setdefault("delivery", {})[who] = str(found)
    for who, referral in world.ids["referral"].items():
        event = await world.owner.fetchrow(
            "SELECT number, id FROM event WHERE referral_id = $1 ORDER BY number LIMIT 1", UUID(referral)
        )
        world.places[who] = event["number"].to_bytes(8, "big") + event["id"].bytes
    world.ids["team"] = {"kampen": "kampen-wijkteam", "hardenberg": "hardenberg-wijkteam"}
    world.ids["school"] = {"school": "mbo-voorbeeld-zwolle", "other school": "mbo-voorbeeld-enschede"}
    world.ids["agreement"] = {"zwolle": "raalte-zwolle", "enschede": "losser-enschede"}
