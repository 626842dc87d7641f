"""Asks at random, as everybody, and holds each answer against the log: who is shown, and who stands there."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import uuid4

import asyncpg
from httpx import Response

from tests.api.parties import Parties
from tests.api.uploads import rows, send, table

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
# With one of these an id of a referral tells of a person: a handover, a look, an erasure, a row of an import.
TELLING: Final = ("provisions", "activity", "erasedAt", "firstRow")
FACTS: Final = {"circumstances": {"lastingNeedForCare": False}}
CONSENT: Final = {"givenBy": "student", "givenOn": "2026-05-14", "purpose": "referral", "recipients": "all"}
ERASE: Final = {"reason": "request", "requestedOn": "2026-05-11", "endRunning": True}
IMPORTED: Final = """
INSERT INTO import_row (import_id, organisation_id, number, outcome, referral_id)
SELECT i.id, r.organisation_id, row_number() OVER (), 'already_stored', r.id FROM import i, referral r
"""


def people_in(answer: Response, of_handover: dict[str, str]) -> set[str]:
    """The referrals of those of whom an answer with a body carries data, from it and its address alone.

    It carries data of a person where it shows a referral, a receipt, a handover, the history of one, who
    looked at one, who it is the same person as, what was or would be erased of one, or which row of an import
    it was. A refusal, an id in the feed and a figure tell of nobody.
    """
    if not answer.is_success:
        return set()
    parts = answer.request.url.path.split("/")[2:]
    found = set(_shown(answer.json(), of_handover))
    if parts[0] == "referrals" and len(parts) > 1 and parts[1] != "_search":
        found.add(parts[1])
    if parts[0] == "handovers" and len(parts) > 1:
        found.add(of_handover[parts[1]])
    return found


def _shown(node: Any, of_handover: dict[str, str]) -> list[str]:
    """Every referral, handover, look, erasure and row that stands anywhere in an answer."""
    if isinstance(node, list):
        return [id for item in node for id in _shown(item, of_handover)]
    if not isinstance(node, dict):
        return []
    own = [node["id"]] if "decisionVersion" in node and "referralId" not in node else []
    if node.get("referralId") and not node.keys().isdisjoint(TELLING):
        own.append(node["referralId"])
    own += [of_handover.get(one.get("handoverId"), NOBODY) for one in node.get("samePerson") or ()]
    return own + [id for item in node.values() for id in _shown(item, of_handover)]


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
    rows: str = ""
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
        is_empty = method in ("GET", "HEAD") and not answer.content
        # A head, and what is not modified, look at whom the whole answer shows.
        whole = await self.parties.ask(who, "GET", path) if is_empty else answer
        shown, kept = people_in(whole, self.of_handover), [row["id"] for row in rows]
        if sorted(shown) != sorted(kept):
            self.wrong.append(f"{method} {path} as {who}: {answer.status_code}, {shown} shown, {kept} kept")
        if shown:
            names = (part for part in path.split("/")[2:] if not part[0].isdigit())
            self.carried[f"{method} {'/'.join(names)}"] += 1
        return answer

    async def _learn(self, answer: Response) -> None:
        rows = await self.owner.fetch("SELECT id::text, referral_id::text FROM handover")
        self.of_handover |= {row["id"]: row["referral_id"] for row in rows}
        if "etag" in answer.headers:
            self.tags[answer.request.url.path] = answer.headers["etag"]

    async def refer(self) -> None:
        """Each student is referred twice."""
        number = f"S{len(self.referrals) // 2:07}"
        student = {**self.body["student"], "studentNumber": number, "surname": f"Verzonnen {number}"}
        body = {**self.body, "sourceReference": f"sis-{len(self.referrals)}", "student": student}
        made = await self.ask("school", "POST", "/v1/referrals", body)
        self.referrals.append(made.json()["id"])

    async def import_all(self) -> None:
        """All referrals until now are rows of an import too; what works it off is tried elsewhere."""
        key = f"Bearer {self.parties.keys['school']}"
        sent = await send(self.parties.http, table(rows(1)), Authorization=key)
        await self.owner.execute(IMPORTED)
        self.rows = f"{sent.headers['location']}/rows"

    async def one(self) -> None:
        """One request of somebody for something."""
        # Most who ask have a role for it, and some have not.
        who = self.random.choice((*["school"] * 5, *["kampen"] * 3, "zwolle", "operator", "auditor"))
        referral = self.random.choice([*self.referrals * 4, NOBODY])
        handover = self.random.choice([*[*self.of_handover] * 4, NOBODY])
        match self.random.randrange(16):
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
                await self.ask(who, "POST", "/v1/referrals/_search", self._student())
            case 9:
                await self.ask(who, "POST", f"/v1/referrals/{referral}/facts", FACTS)
            case 10:
                await self.ask(who, "POST", "/v1/access-reports", {"referralId": referral})
            case _:
                await self._rarer(who, referral)

    async def _rarer(self, who: str, referral: str) -> None:
        match self.random.randrange(5):
            case 0:
                told = {"consents": [{**CONSENT, "refused": self.random.random() < 0.1}]}
                await self.ask(who, "POST", f"/v1/referrals/{referral}/consents", told)
            case 1:
                await self._mark_advice(who)
            case 2:
                await self.ask(who, "POST", "/v1/person-exports", self._student())
            case 3:
                named = self.random.choice(({"referralId": referral}, self._student()))
                asked = {**ERASE, **named, "dryRun": self.random.random() < 0.9}
                await self.ask(who, "POST", "/v1/erasures", asked)
            case 4:
                await self._read(who, self.rows)

    def _student(self) -> Json:
        return {"studentNumber": f"S{self.random.randrange(len(self.referrals)):07}"}

    async def _mark_advice(self, who: str) -> None:
        items = await self.owner.fetch("SELECT referral_id, id FROM advice ORDER BY id")
        referral, id = self.random.choice(items)
        told = {"action": self.random.choice(("done", "not_needed"))}
        await self.ask(who, "POST", f"/v1/referrals/{referral}/advice/{id}", told)

    async def _read(self, who: str, path: str) -> None:
        """Whole, its head alone, or only if it has changed."""
        known = self.tags.get(path) if self.random.random() < 0.4 else None
        method = "HEAD" if self.random.random() < 0.2 else "GET"
        await self.ask(who, method, path, **({"If_None_Match": known} if known else {}))
