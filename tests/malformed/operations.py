"""The operations of an OpenAPI document, with the places where a request to each can be malformed."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Json = dict[str, Any]

HERE = "@@here@@"


@dataclass(frozen=True)
class Operation:
    """One method of one path; `target` is the path with its parameters filled in."""

    method: str
    path: str
    target: str
    steps: tuple[str, ...]
    queries: tuple[str, ...]
    headers: tuple[str, ...]
    example: Json | None
    takes_file: bool
    fields: tuple[str, ...]
    objects: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def body(self, pointer: str, value: str) -> bytes:
        """The example with the raw text of a value at a place, over whatever stands there."""
        return json.dumps(placed(self.example, pointer, HERE)).replace(json.dumps(HERE), value).encode()

    def body_with_pair(self, pointer: str, pair: str) -> bytes:
        """The example with the raw text of a name and its value added to the object at a place."""
        with_pair = placed(self.example, f"{pointer}/{HERE}", 0)
        return json.dumps(with_pair).replace(f"{json.dumps(HERE)}: 0", pair).encode()


def operations_of(document: Json, existing: dict[str, str], *, every_field: bool = False) -> list[Operation]:
    """All operations; `existing` gives the id at the end of a beginning.

    Fields with the same schema stand for each other, the first one, unless every field is wanted.
    """
    return [
        _operation(document, path, method, operation, existing, every_field=every_field)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def _operation(
    document: Json, path: str, method: str, operation: Json, existing: dict[str, str], *, every_field: bool
) -> Operation:
    parameters = operation.get("parameters", [])
    target = f"/v1{path}"
    for parameter in (one for one in parameters if one["in"] == "path"):
        target = target.replace(f"{{{parameter['name']}}}", _filled(path, parameter, existing))
    contents = operation.get("requestBody", {}).get("content", {})
    content = contents.get("application/json", {})
    found = list(places(document, content.get("schema", {}), ""))
    alike = found if every_field else list({_kind(schema): (p, schema) for p, schema in found[::-1]}.values())
    return Operation(
        method=method.upper(),
        path=path,
        target=target,
        steps=tuple(part for part in path.split("/") if part.startswith("{")),
        queries=tuple(one["name"] for one in parameters if one["in"] == "query"),
        headers=tuple(one["name"] for one in parameters if one["in"] == "header"),
        example=_example(document, content) if content else None,
        takes_file="multipart/form-data" in contents,
        fields=tuple(pointer for pointer, _ in alike if pointer),
        objects=tuple(pointer for pointer, schema in found if "properties" in schema),
    )


def _filled(path: str, parameter: Json, existing: dict[str, str]) -> str:
    beginning, name, _ = path.partition(f"{{{parameter['name']}}}")
    if beginning + name in existing:
        return existing[beginning + name]
    schema = parameter["schema"]
    unknown = "01a1fdfa-4600-7966-82a4-f3301f248691" if schema.get("format") == "uuid" else "kampen-wijkteam"
    examples = schema.get("examples") or [parameter.get("example", unknown)]
    return str(examples[0])


def _example(document: Json, content: Json) -> Json:
    """The first example of a body, or nothing yet."""
    for example in content.get("examples", {}).values():
        name = example.get("$ref", "").rpartition("/")[2]
        return dict(document["components"]["examples"].get(name, example)["value"])
    return {}


def places(document: Json, schema: Json, pointer: str, depth: int = 0) -> Iterator[tuple[str, Json]]:
    """Every place of a body that has a schema of its own, lists by their first item."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if not schema or depth > 8:
        return
    yield pointer, schema
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from places(document, option, pointer, depth + 1)
    for name, one in schema.get("properties", {}).items():
        yield from places(document, one, f"{pointer}/{name}", depth + 1)
    if isinstance(schema.get("items"), dict):
        yield from places(document, schema["items"], f"{pointer}/0", depth + 1)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from places(document, schema["additionalProperties"], f"{pointer}/debts", depth + 1)


def _kind(schema: Json) -> str:
    """What tells two schemas apart, texts aside."""
    told = {name: part for name, part in schema.items() if name not in ("description", "examples", "default")}
    return json.dumps(told, sort_keys=True)


def placed(example: Any, pointer: str, value: Any) -> Any:
    """The example with a value at a place, over whatever stands there and with what must be around it."""
    made = {"": copy.deepcopy(example)}
    node: Any = made
    steps: list[str | int] = ["", *(int(s) if s.isdigit() else s for s in pointer.split("/")[1:])]
    for step, following in pairwise(steps):
        wanted = list if isinstance(following, int) else dict
        if not isinstance(_at(node, step), wanted):
            _put(node, step, wanted())
        node = _at(node, step)
    _put(node, steps[-1], value)
    return made[""]


def _at(node: Any, step: str | int) -> Any:
    if isinstance(node, list):
        return node[int(step)] if len(node) > int(step) else None
    return node.get(step)


def _put(node: Any, step: str | int, value: Any) -> None:
    if isinstance(node, list) and len(node) <= int(step):
        node.append(value)
    else:
        node[step] = value
