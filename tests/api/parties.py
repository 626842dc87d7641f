"""Who takes part in the life of a handover, each with a key of its own, and short ways to act and look."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from httpx import AsyncClient, Response

from app.resources import Resources
from app.schemas.directory_examples import EXAMPLES
from app.services.numbering import number_events
from app.worker import clocks

Json = dict[str, Any]

PARTIES: Final = {
    "school": ("school", "00ZZ", "referrer"),
    "kampen": ("municipality", "0166", "team", "desk"),
    "zwolle": ("municipality", "0193", "team", "desk"),
    "dalfsen": ("municipality", "0148", "team", "desk"),
    "hardenberg": ("municipality", "0160", "team", "desk"),
    "operator": ("operator", "operator", "operator", "directory_admin"),
}
KEPT: Final = ("referral", "decision", "handover", "advice", "event", "idempotency")


@dataclass
class TickingClock:
    """A morning; each time it is read a second later, so that what happens has an order."""

    day: date
    seconds: int = 0

    def now(self) -> datetime:
        self.seconds += 1
        return datetime(self.day.year, self.day.month, self.day.day, 8, 30, tzinfo=UTC) + timedelta(
            seconds=self.seconds
        )

    def today(self) -> date:
        return self.day


@dataclass
class Parties:
    """Everybody, each known to the service before anything happens."""

    http: AsyncClient
    resources: Resources
    keys: dict[str, str]

    async def ask(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Response:
        """The answer to a request of one of them; a header is named with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Authorization"] = f"Bearer {self.keys[who]}"
        return await self.http.request(method, path, json=body, headers=named)

    async def refer(self, body: Json) -> Json:
        """A new referral of the school."""
        return _read(await self.ask("school", "POST", "/v1/referrals", body), 201)

    async def offered(self, body: Json) -> str:
        """The one handover of a new referral of the school."""
        [handover] = (await self.refer(body))["handovers"]
        return str(handover["id"])

    async def tell(self, referral: str, kind: str, told: Json) -> Json:
        """The referral after new `facts` or `consents` of the school."""
        return _read(await self.ask("school", "POST", f"/v1/referrals/{referral}/{kind}", told))

    async def send(self, who: str, id: str, step: Json, **headers: str) -> Response:
        """The answer to a step of the version that is there, where no header says another."""
        said = {"If_Match": "*", **headers}
        return await self.ask(who, "POST", f"/v1/handovers/{id}/transitions", step, **said)

    async def step(self, who: str, id: str, action: str, **said: Any) -> Json:
        """The handover after a step that may be taken."""
        return _read(await self.send(who, id, {"action": action, **said}))

    async def read(self, who: str, id: str) -> Json:
        return _read(await self.ask(who, "GET", f"/v1/handovers/{id}"))

    async def sees(self, who: str, id: str) -> bool:
        return (await self.ask(who, "GET", f"/v1/handovers/{id}")).status_code == 200

    async def referral(self, handover: str) -> Json:
        """The referral of a handover, as the school reads it."""
        id = (await self.read("school", handover))["referralId"]
        return _read(await self.ask("school", "GET", f"/v1/referrals/{id}"))

    async def next(self, handover: str) -> Json:
        """The handover that follows another, as the school reads it."""
        return await self.read("school", (await self.read("school", handover))["succeededBy"])

    async def told(self, who: str) -> list[Json]:
        """All events that a party may see, in order."""
        async with self.resources.database.transaction() as connection:
            await number_events(connection)
        return list(_read(await self.ask(who, "GET", "/v1/events"))["items"])

    async def run_clocks(self) -> None:
        """What the worker does with the clocks of handovers."""
        await clocks.JOB.run(self.resources)

    async def add_team(self, id: str, municipality: str) -> None:
        """Registers one more neighbourhood team."""
        body = {
            **EXAMPLES["teams"], "organisation": municipality, "municipality": municipality,
            "validFrom": "2020-01-01", "confirmedOn": "2026-03-01",
        }  # fmt: skip
        _read(await self.ask("operator", "PUT", f"/v1/teams/{id}", body), 201)


def _read(answer: Response, status: int = 200) -> Json:
    assert answer.status_code == status, answer.text
    return dict(answer.json())
