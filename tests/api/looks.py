"""Asks at random, as everybody, and holds each answer against the log: who is shown, and who stands there."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import uuid4

import asyncpg
from httpx import Response

from tests.api.parties import Parties

Json = dict[str, Any]
NOBODY: Final = "01a1fdfa-4600-7966-82a4-f3301f248691"
STEPS: Final = (
    "acknowledge",
    "accept",
    "start",
    "hold",
    "reject",
    "withdraw",
    "stop",
    "complete",
    "reviewed",
)
FACTS: Final = {"circumstances": {"lastingNeedForCare": False}}


def people_in(answer: Response, of_handover: dict[str, str]) -> set[str]:
    """The referrals of those of whom an answer carries data, from the answer and its address alone.

    It carries data of a person where it shows a referral, a receipt, a handover, the history of one, or who
    looked at one. What is not modified was shown before and is as it was: it counts too. A refusal, an id in
    the feed and a figure tell of nobody.
    """
    if not (answer.is_success or answer.status_code == 304):
        return set()
    parts = answer.request.url.path.split("/")[2:]
    found = set(_shown(answer.json() if answer.content else None))
    if parts[0] == "referrals" and len(parts) > 1 and parts[1] != "_search":
        found.add(parts[1])
    if parts[0] == "handovers" and len(parts) > 1:
        found.add(of_handover[parts[1]])
    return found


def _shown(node: Any) -> list[str]:
    """Every referral, handover and look that stands anywhere in an answer."""
    if isinstance(node, list):
        return [id for item in node for id in _shown(item)]
    if not isinstance(node, dict):
        return []
    own = [node["id"]] if "decisionVersion" in node else []
    if "referralId" in node and not node.keys().isdisjoint(("provisions", "activity")):
        own.append(node["referralId"])
    return own + [id for item in node.values() for id in _shown(item)]


@dataclass
class Asking:
    """Everybody asks; `wrong` are the answers that show others than stand in the log under their request."""

    parties: Parties
    owner: asyncpg.Connection
    body: Json
    random: Random
    referrals: list[str] = field(default_factory=list)
    of_handover: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    carried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    async def ask(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> Response:
        """One request, held against the log."""
        id = uuid4()
        answer = await self.parties.ask(who, method, path, body, **headers, X_Request_Id=str(id))
        rows = await self.owner.fetch(
            "SELECT referral_id::text AS id FROM access_log WHERE request_id = $1", id.hex
        )
        await self._learn(answer)
        shown, kept = people_in(answer, self.of_handover), [row["id"] for row in rows]
        if sorted(shown) != sorted(kept):
            self.wrong.append(f"{method} {path} as {who}: {answer.status_code}, {shown} shown, {kept} kept")
        if shown:
            self.carried[str(answer.request.method)] += 1
        return answer

    async def _learn(self, answer: Response) -> None:
        rows = await self.owner.fetch("SELECT id::text, referral_id::text FROM handover")
        self.of_handover |= {row["id"]: row["referral_id"] for row in rows}
        if "etag" in answer.headers:
            self.tags[answer.request.url.path] = answer.headers["etag"]

    async def refer(self) -> None:
        """Another student each time."""
        number = f"S{len(self.referrals):07}"
        student = {**self.body["student"], "studentNumber": number, "surname": f"Verzonnen {number}"}
        body = {**self.body, "sourceReference": number, "student": student}
        made = await self.ask("school", "POST", "/v1/referrals", body)
        self.referrals.append(made.json()["id"])

    async def one(self) -> None:
        """One request of somebody for something."""
        # Most who ask have a role for it, and some have not.
        who = self.random.choice((*["school"] * 5, *["kampen"] * 3, "zwolle", "operator", "auditor"))
        referral = self.random.choice([*self.referrals * 4, NOBODY])
        handover = self.random.choice([*[*self.of_handover] * 4, NOBODY])
        match self.random.randrange(11):
            case 0:
                await self.refer()
            case 1:
                await self.ask(who, "GET", f"/v1/{self.random.choice(('referrals', 'handovers', 'events'))}")
            case 2 | 3:
                await self._read(who, f"/v1/referrals/{referral}{self.random.choice(('', '/receipt'))}")
            case 4 | 5:
                await self._read(who, f"/v1/handovers/{handover}{self.random.choice(('', '/events'))}")
            case 6 | 7:
                step = {"action": self.random.choice(STEPS)}
                await self.ask(who, "POST", f"/v1/handovers/{handover}/transitions", step, If_Match="*")
            case 8:
                told = {"studentNumber": f"S{self.random.randrange(9):07}"}
                await self.ask(who, "POST", "/v1/referrals/_search", told)
            case 9:
                await self.ask(who, "POST", f"/v1/referrals/{referral}/facts", FACTS)
            case 10:
                await self.ask(who, "POST", "/v1/access-reports", {"referralId": referral})

    async def _read(self, who: str, path: str) -> None:
        """Whole, its head alone, or only if it has changed."""
        known = self.tags.get(path) if self.random.random() < 0.4 else None
        method = "HEAD" if self.random.random() < 0.2 else "GET"
        await self.ask(who, method, path, **({"If_None_Match": known} if known else {}))
