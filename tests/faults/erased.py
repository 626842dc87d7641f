"""Two persons, of whom one is erased: what of them can be found in files, logs, dumps and answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from bench.stage import REFERRAL
from tests.faults.wire import Wire

Json = dict[str, Any]

CANARIES: Final = {"gone": "Kanarievogel", "stays": "Blijfvogel"}
SEALED: Final = """
SELECT id, wrapped_key, identity, reason, source_reference_index, student_number_index, subject_index,
       (SELECT receipt FROM decision WHERE referral_id = r.id) AS receipt,
       (SELECT notes FROM handover WHERE referral_id = r.id AND notes IS NOT NULL) AS notes,
       (SELECT person_index FROM handover WHERE referral_id = r.id LIMIT 1) AS person_index
  FROM referral r WHERE id = $1::text::uuid
"""


@dataclass(frozen=True)
class Person:
    """A student whom a school referred: under which name, with which ids."""

    canary: str
    referral: str
    handover: str


def body_of(canary: str) -> Json:
    """The referral of a student who is named all over it."""
    person = {**REFERRAL["student"], "firstNames": canary, "surname": canary, "studentNumber": canary}
    return {
        **REFERRAL,
        "sourceReference": canary,
        "student": person,
        "problemDomains": ["family_parenting"],
        "reason": f"Over {canary}.",
        "referrer": {**REFERRAL["referrer"], "name": f"Mentor van {canary}"},
    }


async def refer(school: Wire, team: Wire, canary: str) -> Person:
    """A student with an offer, and a question of the team that is on record."""
    sent = await school.post("/v1/referrals", json.dumps(body_of(canary)).encode())
    assert sent.status == 201, sent.body
    [handover] = sent.json()["handovers"]
    step = {"action": "ask", "question": f"Woont {canary} daar nog?"}
    path = f"/v1/handovers/{handover['id']}/transitions"
    asked = await team.post(path, json.dumps(step).encode(), "If-Match: *\r\n")
    assert asked.status == 200, asked.body
    return Person(canary, sent.json()["id"], handover["id"])


async def erase(school: Wire, person: Person) -> None:
    """On the word of the school, by student number."""
    asked = {"studentNumber": person.canary, "reason": "request", "requestedOn": "2026-01-05"}
    answer = await school.post("/v1/erasures", json.dumps(asked).encode())
    assert (answer.status, answer.json()["count"]) == (200, 1), answer.body


async def sealed(owner: asyncpg.Connection, person: Person) -> dict[str, bytes]:
    """Every byte that is sealed or keyed of a person, by column; of the erased none is left."""
    row = await owner.fetchrow(SEALED, person.referral)
    return {name: value for name, value in row.items() if isinstance(value, bytes)}


async def readable(port: int, keys: dict[str, str], person: Person) -> int:
    """In how many answers a person can be read by those whose it was."""
    found = 0
    for key, paths in _paths(keys, person).items():
        async with Wire(port, key) as wire:
            for path in paths:
                found += person.canary.encode() in (await wire.get(path)).body
    return found


def _paths(keys: dict[str, str], person: Person) -> dict[str, list[str]]:
    referral, handover = f"/v1/referrals/{person.referral}", f"/v1/handovers/{person.handover}"
    of_school = [referral, f"{referral}/receipt", "/v1/referrals", handover, "/v1/events"]
    of_team = [handover, "/v1/handovers", f"{handover}/events", "/v1/events"]
    return {keys["school 00ZZ"]: of_school, keys["municipality 0166"]: of_team}


def occurrences(places: list[Path], needles: list[bytes]) -> int:
    """How often any of these stands in the files of these places."""
    return sum(content.count(needle) for content in _contents(places) for needle in needles)


def _contents(places: list[Path]) -> Iterator[bytes]:
    for place in places:
        for file in place.rglob("*") if place.is_dir() else [place]:
            if file.is_file():
                yield file.read_bytes()
