"""The OpenAPI document: what FastAPI finds, with the roles, problems and examples that every operation has.

Nothing of it has to be written at a route: roles are those of the act that it does, problems follow from its form (an id in the
address may be unknown, a body may be malformed), examples are put together from the fields' own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from api.http.bodies import UNSUPPORTED
from api.http.errors import KINDS, MEDIA_TYPE
from api.http.forms import FORMS

Json = dict[str, Any]
RolesOf = Callable[[APIRoute], tuple[str, ...]]

PROBLEM: Json = {
    "title": "Problem",
    "description": "RFC 9457. `code` says what went wrong; further members may say where.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "faults": {
            "type": "array",
            "items": {},
            "description": "Everything that is wrong, and where: no personal value, but for a postcode and its nearest.",
        },
    },
}


def problems(*codes: str) -> dict[int | str, Json]:
    """Further problems that an operation may answer with, for a route's ``responses``."""
    found: dict[int | str, Json] = {}
    for code in codes:
        status = KINDS[code].status
        answer = found.setdefault(status, {"description": "", "content": {MEDIA_TYPE: {}}})
        answer["description"] = "; ".join(filter(None, (answer["description"], KINDS[code].title)))
        answer["content"][MEDIA_TYPE].setdefault("examples", {})[code] = {"value": _problem(code)}
        answer["content"][MEDIA_TYPE]["schema"] = {"$ref": "#/components/schemas/Problem"}
    return found


def install(app: FastAPI, roles: Mapping[str, str], roles_of: RolesOf) -> None:
    """Make this the document of an app; it is put together when it is first asked for.

    ``roles``: each with what it is for; ``roles_of``: those that may use a route.
    """

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, roles, roles_of)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI, every_role: Mapping[str, str], roles_of: RolesOf) -> Json:
    found = get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
    parts = found.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        parts.pop(name, None)
    _put_nulls_back(parts)
    parts["Problem"] = PROBLEM | {"example": _problem("not_found")}
    found["info"]["x-roles"] = dict(every_role)
    for path, method, operation, route in operations(app, found):
        roles = roles_of(route)
        operation["x-roles"] = list(roles)
        if not roles:
            operation.pop("security", None)
        if _is_generated(operation["responses"].get("422")):
            del operation["responses"]["422"]
        _add(operation["responses"], problems(*_usual_problems(path, method, operation, roles)))
        if roles and (method != "get" or "/runs/" in path):
            operation["responses"].setdefault("409", _conflict())
        fill_in(operation, parts)
    _tell_of_wall_clocks(found)
    for part in parts.values():
        part.setdefault("example", example_of(part, parts))
    return found


def _conflict() -> Json:
    told = {"description": "What is there now does not allow it; `code` says why"}
    return told | {
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _problem("already_there")}}
    }


def _put_nulls_back(parts: Json) -> None:
    """FastAPI leaves every null out of its document, those of an example included, however deep."""
    for part in parts.values():
        for example in (part.get("example"), *part.get("examples", ())):
            _put_back(part, example, parts)


def _put_back(part: Json, example: Any, parts: Json) -> None:
    if isinstance(example, list):
        for each in example:
            _put_back(part.get("items", {}), each, parts)
    elif isinstance(example, dict):
        part = parts.get(part.get("$ref", "").rpartition("/")[2], part)
        example |= {name: None for name in part.get("required", ()) if name not in example}
        for name, value in example.items():
            _put_back(part.get("properties", {}).get(name, {}), value, parts)


def _tell_of_wall_clocks(part: Any) -> None:
    """Moments are London's wall clock, as the snapshot's are: without the offset that OpenAPI's ``date-time`` asks for."""
    if isinstance(part, dict):
        if part.get("format") == "date-time":
            del part["format"]
            part.setdefault("description", "A date and time of day, in Europe/London where no offset stands")
        for each in part.values():
            _tell_of_wall_clocks(each)
    elif isinstance(part, list):
        for each in part:
            _tell_of_wall_clocks(each)


def operations(app: FastAPI, document: Json) -> list[tuple[str, str, Json, APIRoute]]:
    """Every operation of a document with its address, its method and the route that serves it."""
    found = []
    for each in iter_route_contexts(app.routes):
        path, route = each.path_format, each.original_route
        if path is not None and isinstance(route, APIRoute) and route.include_in_schema:
            found += [
                (path, method.lower(), document["paths"][path][method.lower()], route) for method in sorted(route.methods or ())
            ]
    return found


def _usual_problems(path: str, method: str, operation: Json, roles: tuple[str, ...]) -> list[str]:
    headers = {each["name"].lower() for each in operation.get("parameters", []) if each["in"] == "header"}
    codes = ["unauthenticated", "forbidden", "busy", "not_ready"] if roles else []
    if "{" in path:
        codes.append("not_found")
    if "requestBody" in operation:
        codes += ["malformed", "too_large", "too_slow", UNSUPPORTED]
    if "requestBody" in operation or "parameters" in operation:
        codes.append("invalid_request")
    if "if-match" in headers:
        codes += ["changed_since", "precondition_required"]
    if "if-none-match" in headers and method == "get":
        operation["responses"]["304"] = {"description": "What you have is what there is"}
    return codes


def _is_generated(answer: Json | None) -> bool:
    """FastAPI's own 422, which this service never answers with."""
    return answer is not None and "application/json" in answer.get("content", {})


def _add(answers: Json, more: dict[int | str, Json]) -> None:
    for status, answer in more.items():
        known = answers.setdefault(str(status), answer)
        if known is not answer:
            known["description"] = "; ".join(
                dict.fromkeys([*known["description"].split("; "), *answer["description"].split("; ")])
            )
            content = known.setdefault("content", {}).setdefault(MEDIA_TYPE, answer["content"][MEDIA_TYPE])
            content["examples"] = content.get("examples", {}) | answer["content"][MEDIA_TYPE]["examples"]


def _problem(code: str) -> Json:
    kind = KINDS[code]
    body = {"type": f"urn:optimiser:problem:{code}", "title": kind.title, "status": kind.status, "code": code}
    return body | {"detail": f"{kind.title}."}


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
