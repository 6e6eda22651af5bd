"""The ``[reserve]`` table of ``snapshot.toml``: where an emergency is declared, so that reserve contracts may be asked."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from optimiser.io.faults import Findings
from optimiser.io.policy_settings import FILE
from optimiser.io.toml import named_settings, read_toml

TABLE = "reserve"


def read_reserve(folder: Path, area_ids: Collection[str], findings: Findings) -> tuple[str, ...]:
    """The ids of these areas, sorted; none where the file cannot be read, which ``read_settings`` has said already."""
    table = read_toml(folder, FILE, Findings())
    return () if table is None else reserve_areas(table.get(TABLE, {}), area_ids, findings)


def reserve_areas(table: Any, area_ids: Collection[str], findings: Findings) -> tuple[str, ...]:
    """The table's areas; an unknown area, or another key, is a fault."""
    settings = named_settings(FILE, TABLE, table, {"areas": _ids}, findings) or {}
    named: tuple[str, ...] = settings.get("areas", ())
    for area_id in named:
        if area_id not in area_ids and not findings.may_name("areas.geojson", area_id):
            findings.fault(FILE, 0, f"{TABLE}.areas", "known area ids", area_id)
    return named


def _ids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError('an array of area ids such as ["U12345"]')
    return tuple(sorted(set(value)))
