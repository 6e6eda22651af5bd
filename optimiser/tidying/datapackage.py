"""The tables of a snapshot as a data package (Frictionless Table Schema), made from the schema that reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from optimiser.io.cells import Column
from optimiser.io.schema import MAY_BE_ABSENT, TABLES
from optimiser.tidying.kinds import Kind, meaning_of
from optimiser.version import SOFTWARE

TYPES: Mapping[Kind, Mapping[str, str]] = {
    Kind.IDENTIFIER: {"type": "string"},
    Kind.TEXT: {"type": "string"},
    Kind.DATE: {"type": "date", "format": "%Y-%m-%d"},
    Kind.MOMENT: {"type": "datetime", "format": "any"},
    Kind.TIME: {"type": "time", "format": "any"},
    Kind.TRUTH: {"type": "boolean"},
    Kind.NUMBER: {"type": "number"},
    Kind.POUNDS: {"type": "number"},
    Kind.SHARE: {"type": "number"},
    Kind.CHOICE: {"type": "string"},
    Kind.CHOICES: {"type": "string"},
    Kind.WORDS: {"type": "string"},
}
PERSONAL = "tells something of a person: no message shows its values"


def datapackage() -> bytes:
    """The descriptor; paths are those of a snapshot folder. Tables that may be absent say so."""
    keys = {columns[0].name: file for file, columns in TABLES.items() if columns[0].name == f"{_one_of(file)}_id"}
    record = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "tabular-data-package",
        "name": "snapshot",
        "title": "A snapshot: everything known of a county's home care on one date",
        "version": SOFTWARE,
        "resources": [_resource(file, columns, keys) for file, columns in TABLES.items()],
    }
    return (json.dumps(record, indent=2) + "\n").encode()


def _one_of(file: str) -> str:
    """What a line of a table is: those whose first column is another's id, such as prices by day, have no key of their own."""
    name = file.removesuffix(".csv")
    return name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")


def _resource(file: str, columns: tuple[Column, ...], keys: Mapping[str, str]) -> dict[str, Any]:
    own = columns[0].name if keys.get(columns[0].name) == file else ""
    schema: dict[str, Any] = {"fields": [_field(each, is_key=each.name == own) for each in columns], "missingValues": [""]}
    if own:
        schema["primaryKey"] = own
    others = [
        {"fields": each.name, "reference": {"resource": keys[each.name].removesuffix(".csv"), "fields": each.name}}
        for each in columns
        if each.name in keys and each.name != own
    ]
    if others:
        schema["foreignKeys"] = others
    made: dict[str, Any] = {
        "name": file.removesuffix(".csv"), "path": file, "profile": "tabular-data-resource", "format": "csv",
        "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
    }  # fmt: skip
    return made | ({"description": "may be absent"} if file in MAY_BE_ABSENT else {})


def _field(column: Column, *, is_key: bool) -> dict[str, Any]:
    meaning = meaning_of(column)
    made: dict[str, Any] = {"name": column.name, **TYPES[meaning.kind]}
    notes = [PERSONAL] if column.personal else []
    constraints: dict[str, Any] = {}
    if not column.may_be_empty:
        constraints["required"] = True
    if is_key:
        constraints["unique"] = True
    if meaning.kind is Kind.CHOICE:
        constraints["enum"] = list(meaning.allowed)
    elif meaning.kind is Kind.CHOICES:
        notes.append(f"several, separated by ';': {', '.join(meaning.allowed)}")
    elif meaning.kind is Kind.WORDS:
        notes.append("several, separated by ';'")
    elif meaning.kind is Kind.SHARE:
        constraints |= {"minimum": 0, "maximum": 1}
    elif meaning.kind is Kind.POUNDS:
        notes.append("pounds, with at most two decimals")
    elif meaning.kind is Kind.MOMENT:
        notes.append("Europe/London, without an offset")
    if notes:
        made["description"] = "; ".join(notes)
    return made | ({"constraints": constraints} if constraints else {})
