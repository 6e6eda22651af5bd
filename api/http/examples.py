"""Examples for the OpenAPI document, put together from those of the fields."""

from __future__ import annotations

from typing import Any

from api.http.forms import FORMS

Json = dict[str, Any]

DEEPEST = 8
"""A schema that holds itself ends somewhere."""

OF_TYPE: Json = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}


def fill_in(operation: Json, parts: Json) -> None:
    """Give an operation's parameters, body and answers an example where they have none."""
    for parameter in operation.get("parameters", []):
        if "example" not in parameter and "examples" not in parameter:
            parameter["example"] = _of_parameter(parameter, parts)
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for media in (media for body in bodies for media in body.get("content", {}).values()):
        if "schema" in media and "example" not in media and "examples" not in media:
            media["example"] = example_of(media["schema"], parts)


def example_of(schema: Json, parts: Json, depth: int = 0) -> Any:
    """A value that a schema describes: its own example, or one made of its parts'."""
    if "$ref" in schema:
        return example_of(parts[schema["$ref"].rpartition("/")[2]], parts, depth)
    if "example" in schema:
        return schema["example"]
    for several in ("examples", "enum"):
        if schema.get(several):
            return schema[several][0]
    for own in ("default", "const"):
        if own in schema:
            return schema[own]
    for either in ("anyOf", "oneOf", "allOf"):
        if schema.get(either):
            return example_of(schema[either][0], parts, depth)
    return _of_type(schema, parts, depth)


def _of_type(schema: Json, parts: Json, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        own = schema.get("properties", {})
        wanted = own if depth < DEEPEST else {name: own[name] for name in schema.get("required", ())}
        made = {name: example_of(part, parts, depth + 1) for name, part in wanted.items()}
        more = schema.get("additionalProperties")
        return {"name": example_of(more, parts, depth + 1)} if isinstance(more, dict) and more and not made else made
    if kind == "array":
        return [example_of(schema["items"], parts, depth + 1)] if schema.get("items") and depth < DEEPEST else []
    if kind in ("integer", "number") and "minimum" in schema:
        return schema["minimum"]
    return OF_TYPE.get(kind[0] if isinstance(kind, list) else str(kind))


def _of_parameter(parameter: Json, parts: Json) -> Any:
    if parameter["name"] in FORMS:
        return FORMS[parameter["name"]].example
    return example_of(parameter.get("schema", {}), parts)
