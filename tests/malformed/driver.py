"""Sends malformed requests to an ASGI application and says what is wrong with each answer."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from tests.malformed.classes import (
    ARGUMENTS,
    BODY_HEADERS,
    CANARY,
    DECLARED,
    DIGITS,
    DOCUMENTS,
    HEADERS,
    JSON,
    METHODS,
    PAIRS,
    POSSIBLE_STEPS,
    QUERIES,
    STEPS,
    VALUES,
)  # fmt: skip
from tests.malformed.operations import Operation
from tests.malformed.uploads import UPLOADS

MOST_BYTES, MOST_FAULTS, SECONDS = 2048, 20, 5.0
# How many places of a body a class visits in `make test`; `make corpus` visits every one.
PLACES = 6
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Case:
    """One malformed request; `refused` where an answer in the 200s would be a fault."""

    kind: str
    operation: Operation
    refused: bool
    method: str = ""
    target: bytes = b""
    query: bytes = b""
    headers: Headers = field(default_factory=list)
    body: bytes | None = None
    place: str = ""


@dataclass(frozen=True)
class Answer:
    """Status, headers and body as they were sent."""

    status: int
    headers: Headers
    body: bytes


def cases_of(operation: Operation, places: int | None = PLACES) -> Iterator[Case]:
    """Every class of an operation; those of a body at so many places, None for all of them."""
    right = Case("nothing", operation, refused=False)
    if operation.example is not None:
        example = json.dumps(operation.example).encode()
        right = replace(right, headers=[JSON], body=example)
        yield from _cases_of_body(right, places)
    if operation.takes_file:
        for name, (media, body) in UPLOADS.items():
            headers = [(b"content-type", media)]
            yield replace(right, kind=f"upload: {name}", refused=True, headers=headers, body=body)
    yield from _cases_of_headers(right)
    yield from _cases_of_target(right)


def _cases_of_headers(right: Case) -> Iterator[Case]:
    for name, (headers, refused) in HEADERS.items():
        yield replace(right, kind=f"header: {name}", refused=refused, headers=[*right.headers, *headers])
    for header in right.operation.headers:
        for name, value in DECLARED.items():
            headers = [*right.headers, (header.lower().encode(), value)]
            yield replace(right, kind=f"declared header: {name}", headers=headers)


def _cases_of_target(right: Case) -> Iterator[Case]:
    for method in METHODS:
        yield replace(right, kind=f"method: {method[:10]}", refused=method != "PATCH", method=method)
    for name, query in QUERIES.items():
        yield replace(right, kind=f"query: {name}", refused=name == "too long", query=query)
    for parameter in right.operation.queries:
        for name, value in ARGUMENTS.items():
            query = parameter.encode() + b"=" + value.replace(b"NAME", parameter.encode())
            yield replace(right, kind=f"argument: {name}", refused=name == "a list", query=query)
    for step in right.operation.steps:
        for name, value in STEPS.items():
            target = f"/v1{right.operation.path}".encode().replace(step.encode(), value)
            refused = name not in POSSIBLE_STEPS
            yield replace(right, kind=f"path: {name}", refused=refused, target=target)


def _cases_of_body(right: Case, places: int | None) -> Iterator[Case]:
    operation = right.operation
    for number, (name, value) in enumerate(VALUES.items()):
        for place in _turned(operation.fields, number, places):
            body = operation.body(place, value.raw)
            yield replace(right, kind=f"value: {name}", refused=value.refused, body=body, place=place)
    for number, (name, pair) in enumerate(PAIRS.items()):
        for place in _turned(operation.objects, number, places):
            body = operation.body_with_pair(place, pair)
            yield replace(right, kind=f"name: {name}", refused=True, body=body, place=place)
    for name, document in DOCUMENTS.items():
        yield replace(right, kind=f"document: {name}", refused=True, body=document)
    for name, headers in BODY_HEADERS.items():
        yield replace(right, kind=f"body header: {name}", refused=True, headers=headers)


def _turned(places: tuple[str, ...], number: int, most: int | None) -> tuple[str, ...]:
    """So many places, for each class others: together the classes visit all of them."""
    start = number * (most or 0) % max(len(places), 1)
    return (places[start:] + places[:start])[:most]


async def send(app: ASGIApp, case: Case, key: str) -> Answer:
    """The answer of the application, called as uvicorn would call it. Raises TimeoutError."""
    target = case.target or case.operation.target.encode()
    headers = [(b"host", b"service"), *case.headers]
    if not any(name == b"authorization" for name, _ in headers):
        headers.append((b"authorization", f"Bearer {key}".encode()))
    if case.body is not None and not any(name == b"content-length" for name, _ in headers):
        headers.append((b"content-length", str(len(case.body)).encode()))
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": case.method or case.operation.method, "scheme": "http", "root_path": "", "state": {},
        "path": unquote(target.decode("ascii")), "raw_path": target, "query_string": case.query,
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    incoming: list[Message] = [{"type": "http.request", "body": case.body or b"", "more_body": False}]
    gone = asyncio.Event()
    told: list[Message] = []

    async def receive() -> Message:
        if not incoming:
            await gone.wait()
        return incoming.pop() if incoming else {"type": "http.disconnect"}

    async def tell(message: Message) -> None:
        told.append(message)

    async with asyncio.timeout(SECONDS):
        await app(scope, receive, tell)
    start = told[0]
    answer = Answer(start["status"], list(start["headers"]), b"".join(m.get("body", b"") for m in told[1:]))
    return _of_first(answer) if case.operation.path.endswith("/_batch") else answer


def faults_of(case: Case, answer: Answer) -> Iterator[str]:
    """What is wrong with an answer; nothing where all is well."""
    if answer.status >= 500:
        yield f"{answer.status}"
    if case.refused and answer.status < 400:
        yield f"taken with {answer.status}"
    if answer.status >= 400:
        yield from _faults_of_refusal(answer)


def _of_first(answer: Answer) -> Answer:
    """The problem of the first of a batch as the answer that it would have been by itself, if it has one."""
    first: dict[str, Any] = next(iter(_parsed(answer.body).get("results", [])), {})
    if not first.get("problem"):
        return answer
    headers = [(b"content-type", b"application/problem+json")]
    return Answer(first["problem"]["status"], headers, json.dumps(first["problem"]).encode())


def _faults_of_refusal(answer: Answer) -> Iterator[str]:
    if (b"content-type", b"application/problem+json") not in answer.headers:
        yield "no problem"
    if len(answer.body) > MOST_BYTES:
        yield f"{len(answer.body)} bytes"
    if answer.body and len(_parsed(answer.body).get("errors", [])) > MOST_FAULTS:
        yield "more than twenty faults"
    told = answer.body + b"".join(name + value for name, value in answer.headers)
    if any(text.encode() in told for text in (CANARY, CANARY.upper(), DIGITS)):
        yield "an echo"


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
