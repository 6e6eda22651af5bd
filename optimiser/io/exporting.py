"""A snapshot to a folder: the way back of ``reading``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson

from optimiser.domain.policy import (
    EnhancedSettings,
    MeanwhileSettings,
    Policy,
    ProcurementSettings,
    QualitySettings,
    TransferPolicy,
)
from optimiser.domain.records import LATER, Area
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.io.area_files import FILE as AREAS
from optimiser.io.folders import write_folder
from optimiser.io.policy_settings import ENHANCED, MEANWHILE, PROCUREMENT, QUALITY
from optimiser.io.policy_settings import FILE as SETTINGS
from optimiser.io.record_cells import IN_POUNDS, KINDS, cells_of, id_column
from optimiser.io.schema import TABLES
from optimiser.io.spreadsheets import exact_table
from optimiser.io.transfer_settings import table_of

NONE = OwnColumns((), {})


def snapshot_files(snapshot: Snapshot) -> dict[str, bytes]:
    """Every file of the folder by name; reading them gives an equal snapshot (the same digest)."""
    files = {SETTINGS: _settings(snapshot), AREAS: areas_file(snapshot.areas, snapshot.extra.get("areas", NONE))}
    later = {part.name for part in fields(Snapshot) if part.metadata == LATER}
    for kind in KINDS:
        records = getattr(snapshot, kind)
        if records or kind not in later or kind in snapshot.extra:
            files[f"{kind}.csv"] = _table(kind, records, snapshot.extra.get(kind, NONE))
    return files


def write_snapshot(snapshot: Snapshot, folder: Path) -> None:
    """Write the files into a new folder that only its owner may read, whole or not at all.

    Raises ``FileExistsError`` where there is one already, and ``FolderTakenError`` or ``OSError`` where it cannot be written.
    """
    if folder.exists():
        raise FileExistsError(folder)
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    write_folder(folder, snapshot_files(snapshot))


def _settings(snapshot: Snapshot) -> bytes:
    lines = [f"as_of = {snapshot.as_of}", f"title = {quoted(snapshot.title)}", "", "[policy]", *policy_lines(snapshot.policy)]
    if snapshot.reserve_areas:
        lines += ["", "[reserve]", f"areas = {_toml(snapshot.reserve_areas)}"]
    lines += told_ahead_lines(snapshot.procurement, snapshot.quality, snapshot.meanwhile_settings, snapshot.enhanced)
    lines += transfer_lines(snapshot.transfer)
    return ("\n".join(lines) + "\n").encode()


def told_ahead_lines(
    procurement: ProcurementSettings, quality: QualitySettings, meanwhile: MeanwhileSettings, enhanced: EnhancedSettings
) -> list[str]:
    """The ``[procurement]``, ``[quality]``, ``[meanwhile]`` and ``[enhanced]`` tables, a line per setting that is not the
    default; no table where all are.
    """
    lines = []
    tables = ((PROCUREMENT, procurement), (QUALITY, quality), (MEANWHILE, meanwhile), (ENHANCED, enhanced))
    for name, settings in tables:
        given = {part.name: getattr(settings, part.name) for part in fields(settings)}
        default = {part.name: part.default for part in fields(settings)}
        others = [f"{part} = {_toml(value)}" for part, value in given.items() if value != default[part]]
        lines += ["", f"[{name}]", *others] if others else []
    return lines


def transfer_lines(settings: TransferPolicy) -> list[str]:
    """The ``[transfer]`` table in the same way."""
    lines = [f"{name} = {_toml(value)}" for name, value in table_of(settings).items()]
    return ["", "[transfer]", *lines] if lines else []


def policy_lines(policy: Policy) -> list[str]:
    """The ``[policy]`` table, a line per setting, defaults included."""
    return [f"{part.name} = {_toml(getattr(policy, part.name))}" for part in fields(Policy)]


def quoted(text: str) -> str:
    """A TOML string; JSON's escapes are TOML's too, but for the one control character that JSON leaves as it is."""
    return orjson.dumps(text).decode().replace("\x7f", "\\u007f")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Fraction):
        return number_text(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)


def number_text(value: Fraction) -> str:
    """Settings were decimals, so they end; as whole numbers they need no point."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def areas_file(areas: Iterable[Area], own: OwnColumns = NONE) -> bytes:
    """``areas.geojson`` of these areas, in their order. ``own``: their properties of a council's own."""
    areas = tuple(areas)
    planned = any(area.go_live_planned for area in areas)
    features = [
        {
            "type": "Feature",
            "properties": {
                "area_id": area.area_id,
                "name": area.name,
                "region": area.region,
                "go_live": area.go_live.isoformat() if area.go_live else None,
                **({"go_live_planned": area.go_live_planned and area.go_live_planned.isoformat()} if planned else {}),
                **{name: own.cells.get(area.area_id, {}).get(name) for name in own.columns},
            },
            "geometry": area.geometry,
        }
        for area in areas
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features}) + b"\n"


def _table(kind: str, records: tuple[Any, ...], own: OwnColumns) -> bytes:
    """The format's columns as far as they are used, and after them the council's own."""
    unused = {
        IN_POUNDS.get(part.name, part.name)
        for part in fields(KINDS[kind])
        if part.metadata == LATER and all(getattr(record, part.name) == part.default for record in records)
    }
    names = [column.name for column in TABLES[f"{kind}.csv"] if column.name not in unused]
    nothing: Mapping[str, str] = {}
    return exact_table(
        [*names, *own.columns],
        (
            [*map(cells_of(kind, record).__getitem__, names), *(kept.get(title, "") for title in own.columns)]
            for record in records
            for kept in (own.cells.get(getattr(record, id_column(kind)), nothing),)
        ),
    )
