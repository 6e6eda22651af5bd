"""A snapshot as a folder of files, its rows in any order, so that a test can read it as the product does."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from optimiser.domain.policy import Policy
from optimiser.domain.snapshot import Snapshot
from optimiser.io.schema import TABLES

LATER_FILES = ("rates.csv", "meanwhile.csv", "decisions.csv", "answers.csv")
"""Files that a county does without where it has nothing to say in them."""


def write(snapshot: Snapshot, folder: Path, order: Random) -> None:
    """Write the snapshot, the rows of every file shuffled."""
    settings = [
        f"{part.name} = {_toml(getattr(snapshot.policy, part.name))}"
        for part in fields(Policy)
        if getattr(snapshot.policy, part.name) != getattr(Policy(), part.name)
    ]
    about = [f"as_of = {snapshot.as_of}", f'title = "{snapshot.title}"', "[policy]", *settings]
    if snapshot.reserve_areas:
        about += ["[reserve]", f"areas = {json.dumps(snapshot.reserve_areas)}"]
    (folder / "snapshot.toml").write_text("\n".join(about) + "\n", encoding="utf-8")
    features = [
        {
            "type": "Feature",
            "properties": {
                "area_id": area.area_id,
                "name": area.name,
                "region": area.region,
                "go_live": area.go_live and str(area.go_live),
            },
            "geometry": None,
        }
        for area in _shuffled(snapshot.areas, order)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "areas.geojson").write_text(json.dumps(collection), encoding="utf-8")
    for name, columns in TABLES.items():
        if name in LATER_FILES and not getattr(snapshot, name.removesuffix(".csv")):
            continue
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow([column.name for column in columns])
            for record in _shuffled(getattr(snapshot, name.removesuffix(".csv")), order):
                table.writerow([_cell(record, column.name) for column in columns])


def _shuffled(records: Iterable[Any], order: Random) -> list[Any]:
    rows = list(records)
    order.shuffle(rows)
    return rows


def _cell(record: Any, column: str) -> str:
    if column == "hours_per_week":
        return _text(Fraction(record.minutes_per_week, 60))
    if column.startswith("rate_band_"):
        return _text(Fraction(record.rates_pence[int(column[-1]) - 1], 100))
    return _text(getattr(record, column))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ";".join(map(_text, value))
    if isinstance(value, Fraction):
        return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _toml(value: Any) -> str:
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, tuple) else _text(value)
