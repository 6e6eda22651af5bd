"""Every address of the service and every record that it takes and gives, from its OpenAPI document."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api.app import create_app
from api.settings import Settings
from optimiser.handbook.generating import table

Json = Mapping[str, Any]

ADDRESSES = """# Addresses

Made from the service's own OpenAPI document, which it hands out at `/openapi.json`. Who may ask stands under each address; the
fields of bodies and answers are under [Records over HTTP](records.md); problems by their codes under
[The service](service.md#what-can-go-wrong).

"""
RECORDS = "# Records over HTTP\n\nMade from the service's own OpenAPI document: each record with its fields.\n\n"


def http_pages() -> dict[str, str]:
    """Two pages: addresses, and records."""
    document = openapi()
    addresses = [
        _operation(method, path, operation)
        for path, item in sorted(document["paths"].items())
        for method, operation in item.items()
    ]
    schemas = [_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return {"reference/http.md": ADDRESSES + "".join(addresses), "reference/records.md": RECORDS + "".join(schemas)}


def openapi() -> Json:
    """The document of an app on a database of its own, which is gone afterwards; no setting of the shell reaches it."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'county.db'}"
        app = create_app(Settings(database_url=database, rounds="", oidc_issuer="", oidc_audience=""))
        try:
            return app.openapi()
        finally:
            app.state.service.room.close()
            app.state.service.store.engine.dispose()


def _operation(method: str, path: str, operation: Json) -> str:
    roles = ", ".join(operation.get("x-roles", ())) or "anybody, without a key"
    asked = table(
        ("parameter", "where", "value", "meaning"),
        (
            (f"`{each['name']}`", each["in"], _kind(each.get("schema", {})), each.get("description", ""))
            for each in operation.get("parameters", ())
        ),
    )
    body = "".join(f"Body: {_kind(media.get('schema', {}))}\n\n" for media in _media(operation.get("requestBody", {})))
    answers = table(("status", "answer", "record"), _answers(operation))
    said = operation.get("description", "")
    return f"## `{method.upper()} {path}`\n\n{operation['summary']}.\n\n{said}\n\nRoles: {roles}.\n\n{asked}{body}{answers}"


def _answers(operation: Json) -> Iterator[tuple[str, str, str]]:
    for status, answer in sorted(operation["responses"].items()):
        kinds = {_kind(media["schema"]) for media in _media(answer) if "schema" in media}
        codes = ", ".join(f"`{code}`" for media in _media(answer) for code in media.get("examples", ()))
        yield status, codes or answer.get("description", ""), ", ".join(sorted(kinds))


def _media(body: Json) -> list[Json]:
    return list(body.get("content", {}).values())


def _schema(name: str, schema: Json) -> str:
    required = schema.get("required", ())
    rows = (
        (f"`{field}`", _kind(part, near=True), "yes" if field in required else "", part.get("description", ""))
        for field, part in schema.get("properties", {}).items()
    )
    said = " ".join(schema.get("description", "").split())
    return f"## {name}\n\n{said}\n\n{table(('field', 'value', 'required', 'meaning'), rows)}"


def _kind(schema: Json, *, near: bool = False) -> str:
    """A schema in a few words; a record is a link to its fields (``near``: on the same page)."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}]({'' if near else 'records.md'}#{name.lower()})"
    several = [_kind(each, near=near) for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ()))]
    if several:
        return " or ".join(dict.fromkeys(several))
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}), near=near)}"
    form = f" ({schema['format']})" if "format" in schema else ""
    return f"{schema.get('type', 'anything')}{form}"
