"""Makes generated JSON Schema plain: no titles, no null defaults, nullable types as lists of types."""

from typing import Any

Json = dict[str, Any]
NULL = {"type": "null"}


def plain_schemas(node: Any) -> Any:
    """The same document in the style that linters and client generators read best."""
    if isinstance(node, list):
        return [plain_schemas(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: plain_schemas(value) for key, value in node.items()}
    if isinstance(plain.get("title"), str) and _is_schema(plain):
        del plain["title"]
    if "default" in plain and plain["default"] is None:
        del plain["default"]
    return _with_nullable_type(plain)


def _is_schema(node: Json) -> bool:
    return any(word in node for word in ("type", "anyOf", "$ref", "oneOf", "enum", "const"))


def _with_nullable_type(schema: Json) -> Json:
    """`anyOf` of one simple type and null as `type: [..., null]`; references stay as they are."""
    options = schema.get("anyOf")
    if not isinstance(options, list) or len(options) != 2 or options[1] != NULL:
        return schema
    kind = options[0]
    if not isinstance(kind.get("type"), str):
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    merged = {**kind, **rest, "type": [kind["type"], "null"]}
    if "enum" in merged:
        merged["enum"] = [*merged["enum"], None]
    return merged
