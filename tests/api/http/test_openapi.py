"""The OpenAPI document: complete for every operation of the app, whoever wrote it; and its page's list of problems."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI

from api.acts.__main__ import every_act
from api.app import create_app
from api.http.errors import KINDS
from api.http.openapi import operations
from api.settings import Settings

METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('document') / 'county.db'}"))
    yield app
    app.state.service.room.close()
    app.state.service.store.engine.dispose()


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What an operation is sent and answers with: a name and the media type's part of the document."""
    for name, body in [("request", operation.get("requestBody", {})), *operation["responses"].items()]:
        for kind, media in body.get("content", {}).items():
            yield f"{name} {kind}", media


def named_in(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The schemas that one names, and those that they name: all of the document's take long to be made ready each time."""
    found: dict[str, Any] = {}
    names = re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(schema))
    while names:
        name = names.pop()
        if name not in found:
            found[name] = document["components"]["schemas"][name]
            names += re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(found[name]))
    return found


def test_every_operation_is_in_the_document_with_roles_summary_and_tag(app: FastAPI, document: dict[str, Any]) -> None:
    found = operations(app, document)
    assert {(path, method) for path, method, *_ in found} == {
        (path, method) for path, item in document["paths"].items() for method in METHODS & set(item)
    }
    for path, method, operation, _ in found:
        assert operation["summary"], (method, path)
        assert operation["tags"], (method, path)
        assert bool(operation["x-roles"]) == bool(operation.get("security")), (method, path)


def test_every_example_is_there_and_keeps_its_schema(app: FastAPI, document: dict[str, Any]) -> None:
    tried, validators = 0, {}
    for path, method, operation, _ in operations(app, document):
        for name, media in bodies(operation):
            if "schema" not in media:
                continue
            examples = [media["example"]] if "example" in media else [each["value"] for each in media["examples"].values()]
            kind = json.dumps(media["schema"])  # most problems are of one
            if kind not in validators:
                schema = {"components": {"schemas": named_in(media["schema"], document)}, "allOf": [media["schema"]]}
                validators[kind] = jsonschema_rs.validator_for(schema)
            for example in examples:
                assert [error.message for error in validators[kind].iter_errors(example)] == [], (method, path, name)
                tried += 1
        for parameter in operation.get("parameters", []):
            assert "example" in parameter or "examples" in parameter, (method, path, parameter["name"])
    assert tried > 50


def test_what_can_go_wrong_is_told(app: FastAPI, document: dict[str, Any]) -> None:
    for path, method, operation, _ in operations(app, document):
        told = set(operation["responses"])
        if operation["x-roles"]:
            assert {"401", "403"} <= told, (method, path)
        if "{" in path:
            assert "404" in told, (method, path)
        if "requestBody" in operation:
            assert {"400", "413", "422"} <= told, (method, path)
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("if-match" not in names) or {"412", "428"} <= told, (method, path)
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (method, path, status)


def test_every_code_of_a_problem_is_in_the_readme(app: FastAPI) -> None:
    assert app is not None and every_act(), "every module of the app, and of what commands alone do, has declared its own codes"
    table = Path("api/README.md").read_text(encoding="utf-8").partition("## What can go wrong")[2].partition("\n## ")[0]
    listed = {name: int(status) for name, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", table, re.MULTILINE)}
    assert listed == {code: kind.status for code, kind in KINDS.items()}
