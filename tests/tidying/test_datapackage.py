"""The description of a snapshot's tables, held against a snapshot: every good cell is what it says, and every reference leads."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from optimiser.io.schema import TABLES
from optimiser.tidying.datapackage import datapackage
from tests.commands.running import run
from tests.making.folders import Folder

PACKAGE: dict[str, Any] = json.loads(datapackage())
RESOURCES = {each["path"]: each for each in PACKAGE["resources"]}


def test_it_has_every_table_and_column_in_order() -> None:
    assert list(RESOURCES) == list(TABLES)
    for file, columns in TABLES.items():
        assert [field["name"] for field in RESOURCES[file]["schema"]["fields"]] == [column.name for column in columns]


def test_keys_and_references_by_hand() -> None:
    keys = {file: each["schema"].get("primaryKey") for file, each in RESOURCES.items()}
    assert (keys["surgeries.csv"], keys["packages.csv"], keys["rates.csv"], keys["meanwhile.csv"]) == (
        "surgery_id",
        "package_id",
        None,
        None,
    )
    references = {
        (file, each["fields"]): each["reference"]["resource"]
        for file, resource in RESOURCES.items()
        for each in resource["schema"].get("foreignKeys", [])
    }
    assert references["rates.csv", "contract_id"] == "contracts"
    assert references["packages.csv", "round_id"] == "rounds"
    assert references["visits.csv", "package_id"] == "packages"
    assert ("contracts.csv", "contract_id") not in references


def fits(cell: str, field: dict[str, Any]) -> bool:
    """A plain reader of Table Schema, apart from ours."""
    rules = field.get("constraints", {})
    if not cell:
        return not rules.get("required", False)
    if "enum" in rules:
        return bool(cell in rules["enum"])
    kind = field["type"]
    if kind == "number":
        return bool(rules.get("minimum", float("-inf")) <= float(cell) <= rules.get("maximum", float("inf")))
    if kind == "boolean":
        return cell in ("true", "false")
    if kind == "date":
        return bool(dt.datetime.strptime(cell, field["format"]))
    if kind == "datetime":
        return bool(dt.datetime.fromisoformat(cell))
    return bool(dt.time.fromisoformat(cell)) if kind == "time" else True


def test_a_good_county_is_what_it_says(tmp_path: Path) -> None:
    folder = Folder.make(tmp_path / "county").path
    ids: dict[str, set[str]] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    for file, resource in RESOURCES.items():
        if not (folder / file).exists():
            assert resource["description"] == "may be absent"
            continue
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            rows[file] = list(csv.DictReader(lines))
        key = resource["schema"].get("primaryKey")
        if key:
            ids[resource["name"]] = {row[key] for row in rows[file]}
            assert len(ids[resource["name"]]) == len(rows[file])
    for file, table in rows.items():
        schema = RESOURCES[file]["schema"]
        for row in table:
            assert [field["name"] for field in schema["fields"] if not fits(row.get(field["name"], ""), field)] == [], file
            for each in schema.get("foreignKeys", []):
                value = row.get(each["fields"], "")
                assert not value or value in ids[each["reference"]["resource"]], (file, value)


def test_it_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "datapackage.json"
    assert run(capsys, "template", str(out)).out == f"Written to {out}.\n"
    assert out.read_bytes() == datapackage()
    again = run(capsys, "template", str(out))
    assert (again.code, again.err) == (2, f"Refused: {out}: expected a new file, and no --from. Nothing was written.\n")
