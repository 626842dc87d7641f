"""Requests with a canary in every place, made from the OpenAPI document: right ones, and wrong ones."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jsonschema import Draft202012Validator

from tests.canaries.files import right_files, wrong_files
from tests.canaries.words import BORN, BRIN, HOUSE, PHONE, POSTCODE, REFERRED, Aviary
from tests.malformed.operations import Json, Operation, operations_of, placed, places

# What must name something that is there, or is a code: a word would be refused.
KEPT: Final = (
    "unicipality", "organisation", "brin", "team", "location", "school", "coverage", "recipients",
    "eventTypes", "provisions", "supportVariants", "problemDomains", "url",
)  # fmt: skip
# Whatever is said of a person or of whom to reach is said.
FILLED: Final = (["student"], ["referrer"], ["contact"], ["deputy"])
# Headers of every request; those of which an operation takes notice are among them.
HEADERS: Final = (
    "Acting-User", "User-Agent", "X-Request-Id", "traceparent", "tracestate", "baggage", "Referer", "Cookie",
    "Origin", "Accept-Language", "Forwarded", "X-Forwarded-For", "X-Unknown",
)  # fmt: skip
# What stands in a target for an id that the service gives, and the beginning of the path it ends.
IDS: Final = {
    "/referrals/{id}": "REFERRAL",
    "/referrals/{id}/advice/{adviceId}": "ADVICE",
    "/imports/{id}": "IMPORT",
    "/handovers/{id}": "HANDOVER",
    "/webhook-subscriptions/{id}": "SUBSCRIPTION",
    "/webhook-subscriptions/{id}/deliveries/{deliveryId}": "DELIVERY",
}
# Paths that end with an id of the client's own.
OWN_IDS: Final = ("/teams/{id}", "/schools/{id}", "/agreements/{id}")


@dataclass(frozen=True)
class Sent:
    """One request; `key` is what goes in Authorization, None for whatever key is right."""

    operation: str
    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    key: str | None = None


@dataclass(frozen=True)
class Field:
    """Makes requests for one document; with every field of every body in turn, or one of each kind.

    Where a path has an id of ours, its target has the name of that id in `IDS`: who sends it knows the id.
    """

    document: Json
    aviary: Aviary
    every_field: bool = False

    def operations(self) -> list[Operation]:
        """All of them, those that end something last."""
        own = {path: self.aviary.canary(f"path {path}") for path in OWN_IDS}
        found = operations_of(self.document, {**IDS, **own}, every_field=self.every_field)
        return sorted(found, key=lambda operation: operation.method == "DELETE")

    def headers(self, operation: Operation, **further: str) -> dict[str, str]:
        """A canary in each header; with a body its media type."""
        json_too = {"Content-Type": "application/json"} if operation.example is not None else {}
        sown = {name: self.aviary.canary(f"header {operation.name} {name}") for name in HEADERS}
        return {**sown, **json_too, **further}

    def right(self, operation: Operation) -> Iterator[Sent]:
        """For each example of its body one that is to succeed, with a canary in each text.

        Where it may be new or changed, it is sent as both.
        """
        if operation.takes_file:
            yield from self.files(operation, right_files(self.aviary))
            return
        content = self._content(operation)
        changes: Sequence[dict[str, str]] = ({}, {"If-Match": "*"})
        examples: Sequence[Json | None] = _examples(self.document, content) or [None]
        for example in examples:
            for change in changes if "If-Match" in operation.headers else changes[:1]:
                body = None if example is None else self._sown(operation, content["schema"], example)
                headers = self.headers(operation, **change)
                if "Idempotency-Key" in operation.headers:
                    headers["Idempotency-Key"] = self.aviary.canary(
                        f"header {operation.name} Idempotency-Key"
                    )
                yield Sent(operation.name, operation.method, operation.target, headers, body)

    def wrong(self, operation: Operation) -> Iterator[Sent]:
        """A canary in one place at a time, where most are refused."""
        if operation.takes_file:
            yield from self.files(operation, wrong_files(self.aviary))
        for body in self._bodies(operation):
            yield Sent(operation.name, operation.method, operation.target, self.headers(operation), body)
        right = None if operation.example is None else json.dumps(operation.example).encode()
        for target in self._targets(operation):
            yield Sent(operation.name, operation.method, target, self.headers(operation), right)
        for name in (*operation.headers, "Accept", "Content-Type", "Content-Encoding", "Range", "Expect"):
            headers = self.headers(operation, **{name: self.aviary.canary(f"header {operation.name} {name}")})
            yield Sent(operation.name, operation.method, operation.target, headers, right)
        for form in ("Bearer {}", "Basic {}", "{}", "Bearer vr_{}_{}"):
            key = form.replace("{}", self.aviary.canary(f"header {operation.name} Authorization"))
            yield Sent(
                operation.name, operation.method, operation.target, self.headers(operation), right, key
            )

    def files(self, operation: Operation, files: Iterable[tuple[str, bytes]]) -> Iterator[Sent]:
        """Each file as the body itself."""
        for media, content in files:
            headers = self.headers(operation, **{"Content-Type": media})
            yield Sent(operation.name, operation.method, operation.target, headers, content)

    def _bodies(self, operation: Operation) -> Iterator[bytes]:
        if operation.example is None:
            return
        name = f"body {operation.name}"
        for pointer in operation.fields:
            yield operation.body(pointer, json.dumps(self.aviary.canary(f"{name} {pointer}")))
            yield operation.body(pointer, json.dumps([{self.aviary.canary(f"{name} {pointer}"): 1}]))
        for pointer in operation.objects:
            word = self.aviary.canary(f"{name} {pointer}/*")
            yield operation.body_with_pair(pointer, f'"{word}": "{word}"')
            yield operation.body_with_pair(pointer, f'"bsn": "{word}"')
        word = self.aviary.canary(name)
        yield f'{{"{word}": "{word}", "{word}": '.encode()
        yield json.dumps([{word: word}] * 100).encode()
        yield f'{{"{word}": "{word} \\u0000 \\ud800"}}'.encode()

    def _targets(self, operation: Operation) -> Iterator[str]:
        for step in operation.steps:
            word = self.aviary.canary(f"path {operation.name} {step}")
            yield f"/v1{operation.path}".replace(step, word)
            yield f"/v1{operation.path}".replace(step, f"{word}%00")
        yield f"{operation.target}/{self.aviary.canary(f'path {operation.name} beyond')}"
        for name in (*operation.queries, "access_token", self.aviary.canary(f"query {operation.name}")):
            yield f"{operation.target}?{name}={self.aviary.canary(f'query {operation.name} {name[:12]}')}"

    def _content(self, operation: Operation) -> Json:
        found = self.document["paths"][operation.path][operation.method.lower()]
        content: Json = found.get("requestBody", {}).get("content", {}).get("application/json", {})
        return content

    def _sown(self, operation: Operation, schema: Json, example: Json) -> bytes:
        body = _telling(example)
        for pointer, leaf in places(self.document, schema, ""):
            if _belongs(body, pointer) and not any(name in pointer for name in KEPT):
                word = self.aviary.canary(f"body {operation.name} {pointer}")
                forms = (word, f"{word}@example.org", PHONE, HOUSE)
                fitting = next((form for form in forms if _fits(leaf, form)), None)
                body = body if fitting is None else placed(body, pointer, fitting)
        return json.dumps(body).encode()


def _telling(example: Json) -> Json:
    """The example with the telling values, and what an example leaves out or has in common with the demo."""
    if "locations" in example:
        return {**example, "brin": BRIN, "locations": [f"{BRIN}01"]}
    if "sourceReference" not in example or "student" not in example:
        return example
    student = {**example["student"], "birthDate": BORN, "postcode": POSTCODE, "houseNumber": HOUSE}
    return {**example, "referenceDate": REFERRED, "student": student}


def _belongs(body: Any, pointer: str) -> bool:
    """Whether a body has a text at a place, or could have one among what is said of a person."""
    _, *above, name = pointer.split("/") if pointer else ("", "")
    for step in above:
        if isinstance(body, list):
            body = {str(number): one for number, one in enumerate(body)}
        if not isinstance(body, dict) or step not in body:
            return False
        body = body[step]
    return isinstance(body, dict) and (isinstance(body.get(name), str) or above[-1:] in FILLED)


def _fits(schema: Json, text: str) -> bool:
    if "string" not in schema.get("type", ()) or "enum" in schema or "format" in schema:
        return False
    return bool(Draft202012Validator(schema).is_valid(text))


def _examples(document: Json, content: Json) -> list[Json]:
    """Every example of a body."""
    named = document["components"]["examples"]
    found = content.get("examples", {}).values()
    return [named.get(one.get("$ref", "").rpartition("/")[2], one)["value"] for one in found]
