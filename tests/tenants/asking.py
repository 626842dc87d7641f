"""Asks all of it and writes down what is wrong: what leaked, what was answered otherwise, what differs."""

import base64
import binascii
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from httpx import Response

from tests.tenants.probes import Probe
from tests.tenants.tokens import Tokens
from tests.tenants.world import World

_CURSOR = re.compile(r'cursor(?:=|":")([A-Za-z0-9_-]+)')


# What a canary is a canary of, in a text that somebody wrote.
_CANARY = re.compile(r"kanarie\d{3}-([a-z]+)|kanarie-[a-z-]+\.example/(berichten)|(\+31655550)\d{3}")
# What differs from answer to answer, whatever is asked: nothing else may.
_OF_THE_ANSWER = ("x-request-id", "date", "ratelimit", "ratelimit-policy")


@dataclass
class Findings:
    """What came of all probes, by operation and kind counted."""

    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    written: set[tuple[str, str]] = field(default_factory=set)
    answers: defaultdict[str, dict[Any, str]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def shown(self) -> set[str]:
        """The operations that showed something of others, if only that it is there."""
        there = (one for one in self.statuses if "200 in the stead of (404" in one)
        return {one.partition(",")[0] for one in (*self.leaks, *there)}

    @property
    def unlike(self) -> list[str]:
        """Groups whose answers should be the same to the byte, and are not."""
        return [
            f"{group}: {sorted(found.values())}" for group, found in self.answers.items() if len(found) > 1
        ]

    def note(self, probe: Probe, answer: Response, tokens: Tokens) -> None:
        self.asked[probe.operation, probe.kind] += 1
        others = tokens.of_others(whole(answer), probe.prober, probe.sent)
        if others:
            self.leaks.append(f"{probe}: {sorted(others)[:3]}")
        if "limit=" in probe.target:
            self.written |= {(probe.operation, "".join(of)) for of in _CANARY.findall(answer.text)}
        if probe.wanted and answer.status_code not in probe.wanted:
            self.statuses.append(f"{probe}: {answer.status_code} in the stead of {probe.wanted}")
        if probe.alike:
            kept = (item for item in answer.headers.items() if item[0].lower() not in _OF_THE_ANSWER)
            same = (answer.status_code, answer.content, tuple(sorted(kept)))
            self.answers[probe.alike].setdefault(same, str(probe))


async def ask(world: World, probes: Iterable[Probe], tokens: Tokens) -> Findings:
    """Asks them one after another."""
    findings = Findings()
    for probe in probes:
        findings.note(probe, await _answer(world, probe), tokens)
    return findings


def _content(body: Any) -> dict[str, Any]:
    """A body as it is sent: a file as it is, all else as JSON."""
    if isinstance(body, bytes):
        return {"files": {"file": ("eigen.csv", body)}}
    return {"json": body}


async def _answer(world: World, probe: Probe) -> Response:
    """The answer; asked again where the service had no time, which says nothing about access."""
    headers = {**probe.headers, **probe.prober.headers}
    for _ in range(5):
        answer = await world.http.request(probe.method, probe.target, **_content(probe.body), headers=headers)
        if answer.status_code not in (429, 503):
            break
    return answer


def whole(answer: Response) -> str:
    """All that is told: headers and body, and the ids that stand in cursors."""
    text = f"{answer.text} {dict(answer.headers)}"
    return text + " ".join(filter(None, map(_in_cursor, _CURSOR.findall(text))))


def _in_cursor(cursor: str) -> str | None:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except binascii.Error:
        return None
    return str(UUID(bytes=raw[-16:])) if len(raw) in (16, 24) else None
