"""A county's snapshot to one for each new council: whole records, but for the limits that are apportioned."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from optimiser.domain.records import Area
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.splitting.shared_limits import SharedLimit, shared_limits
from optimiser.splitting.where_to import NAMED_BY, WhereTo, id_of, where_to

PART_OF = ", part of "
"""Between a council's name and the title of the county that it is a part of."""


@dataclass(frozen=True)
class CountySplit:
    """The snapshots by council, and how they came about."""

    whole: Snapshot
    council_of: Mapping[str, str]
    """Per area id."""
    begins: dt.date
    """The day on which the councils begin."""
    parts: Mapping[str, Snapshot] = field(repr=False)
    where: WhereTo = field(repr=False)
    limits: tuple[SharedLimit, ...] = field(repr=False)


def split_county(whole: Snapshot, council_of: Mapping[str, str], begins: dt.date) -> CountySplit:
    """``council_of``: per area of the snapshot its council."""
    where = where_to(whole, council_of)
    limits = tuple(shared_limits(whole, where))
    given: defaultdict[tuple[str, str, str], dict[str, Any]] = defaultdict(dict)
    for limit in limits:
        for council, part in limit.parts.items():
            given[council, limit.kind, limit.record_id][limit.column] = int(part) if limit.column == "staff" else part
    parts = {council: _part(whole, council, council_of, where, given) for council in where.councils}
    return CountySplit(whole, council_of, begins, parts, where, limits)


def _part(
    whole: Snapshot,
    council: str,
    council_of: Mapping[str, str],
    where: WhereTo,
    given: Mapping[tuple[str, str, str], Mapping[str, Any]],
) -> Snapshot:
    held: dict[str, Any] = {}
    extra = {}
    lived_in = {package.area_id for package in whole.packages if council in where.of("packages", package.package_id)}

    def changed(kind: str, record: Any) -> Mapping[str, Any]:
        if kind == "areas" and council_of[record.area_id] != council:
            return _neighbours(record, people_there=record.area_id in lived_in)
        return given.get((council, kind, id_of(kind, record)), {})

    for kind in NAMED_BY:
        records = [record for record in getattr(whole, kind) if council in where.of(kind, id_of(kind, record))]
        held[kind] = tuple(replace(each, **new) if (new := changed(kind, each)) else each for each in records)
        if kind in whole.extra:
            names = {id_of(kind, record) for record in records}
            own = whole.extra[kind]
            extra[kind] = OwnColumns(own.columns, {name: cells for name, cells in own.cells.items() if name in names})
    reserve = tuple(area for area in whole.reserve_areas if council_of[area] == council)
    return replace(whole, title=f"{council}{PART_OF}{whole.title}", extra=extra, reserve_areas=reserve, **held)


def _neighbours(area: Area, *, people_there: bool) -> Mapping[str, Any]:
    """What of another council's area is left out: its outline, so that no place is found in it, and where none of the council's
    people is, the day it went live, so that nobody is told that it lacks a principal.
    """
    kept = area.go_live if people_there else None
    return {} if (area.geometry, area.go_live) == (None, kept) else {"geometry": None, "go_live": kept}
