"""Plays a story over the API and writes down what was asked and the part of the answers that matters."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from textwrap import fill
from typing import Any

from httpx import AsyncClient

from app.adapters.clock import AMSTERDAM
from app.resources import Resources
from app.services.numbering import number_events
from app.worker import clocks

Json = dict[str, Any]
# Names to show of an answer; under a name, those of what stands there.
Shown = dict[str, Any]


def shown(names: str, **parts: Shown) -> Shown:
    """What to show: names with a space between, and parts of which some is shown."""
    return {**dict.fromkeys(names.split()), **parts}


class StoryClock:
    """Half past ten in Amsterdam on the day of the story."""

    day = date(2026, 3, 2)

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 10, 30, tzinfo=AMSTERDAM).astimezone(UTC)

    def today(self) -> date:
        return self.day


@dataclass
class Player:
    """Tells and plays; `keys` are those of the parties, `words` stand for identifiers on the page."""

    http: AsyncClient
    resources: Resources
    clock: StoryClock
    keys: dict[str, str]
    words: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)

    def tell(self, text: str) -> None:
        self.lines += [fill(text, 110), ""]

    async def on(self, day: str, title: str) -> None:
        """A new scene: the clock says that day, and the worker has run the clocks of the handovers."""
        self.clock.day = date.fromisoformat(day)
        await clocks.JOB.run(self.resources)
        self.lines += [f"## {self.clock.day:%-d %B %Y}: {title}", ""]

    async def ask(
        self, who: str, method: str, path: str, body: Json | None = None, *, show: Shown, status: int = 200
    ) -> Json:
        """Sends a request as one of the parties, and writes it down with the answer."""
        await self.number()
        headers = {"Authorization": f"Bearer {self.keys[who]}"}
        request = [f"{method} {path}"]
        if path.endswith("/transitions"):
            headers["If-Match"] = f'"{self.versions[path.split("/")[3]]}"'
            request.append(f"If-Match: {headers['If-Match']}")
        answer = await self.http.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        told: Json = answer.json()
        self._remember(told)
        if body:
            request += ["", written(body)]
        self.lines += [f"**{who}** sends:", "", "```http", *request, "```", ""]
        self.lines += [f"The answer, {status}:", "", "```json", written(picked(told, show)), "```", ""]
        return told

    async def number(self) -> None:
        """What the worker does every moment: gives what happened its place in the feed."""
        async with self.resources.database.transaction() as connection:
            await number_events(connection)

    async def feed(self, who: str) -> str:
        """Where the feed of a party stands now; read without writing it down."""
        await self.number()
        headers = {"Authorization": f"Bearer {self.keys[who]}"}
        cursor: str = (await self.http.get("/v1/events", headers=headers)).json()["cursor"]
        return cursor

    async def step(self, who: str, id: str, show: Shown, status: int = 200, **step: Any) -> Json:
        """Takes a step of a handover, with the version that was seen last."""
        return await self.ask(who, "POST", f"/v1/handovers/{id}/transitions", step, show=show, status=status)

    def page(self) -> str:
        """All of it, with words in the stead of identifiers."""
        text = "\n".join(self.lines).rstrip() + "\n"
        for id, word in self.words.items():
            text = text.replace(id, f"{{{word}}}")
        return text

    def _remember(self, told: Json) -> None:
        for handover in told.get("handovers", [told]):
            if "version" in handover:
                self.versions[handover["id"]] = handover["version"]


def picked(value: Any, wanted: Shown | None) -> Any:
    """The parts of a value that are shown, in the order in which they are wanted."""
    if wanted is None or value is None:
        return value
    if isinstance(value, list):
        return [picked(item, wanted) for item in value]
    return {name: picked(value[name], part) for name, part in wanted.items()}


def written(value: Json) -> str:
    """JSON with a line for each name, and for each item of a list of objects."""
    return "{\n" + ",\n".join(f"  {json.dumps(name)}: {_inner(part)}" for name, part in value.items()) + "\n}"


def _inner(part: Any) -> str:
    if isinstance(part, list) and part and isinstance(part[0], dict):
        items = ",\n".join(f"    {json.dumps(item, ensure_ascii=False)}" for item in part)
        return f"[\n{items}\n  ]"
    return json.dumps(part, ensure_ascii=False)
