"""A county's snapshot to one for each new council: whole records, but for the limits that are apportioned."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.splitting.shared_limits import SharedLimit, shared_limits
from optimiser.splitting.where_to import WhereTo, id_of, where_to

SPLIT_KINDS = (
    "areas", "surgeries", "providers", "offices", "locations", "contracts", "rates", "restrictions", "packages", "visits",
    "rounds", "offers", "meanwhile", "decisions", "answers",
)  # fmt: skip
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
    for kind in SPLIT_KINDS:
        records = [record for record in getattr(whole, kind) if council in where.of(kind, id_of(kind, record))]
        held[kind] = tuple(replace(each, **changed) if (changed := _changed(kind, each, council, council_of, given)) else each
                           for each in records)  # fmt: skip
        if kind in whole.extra:
            names = {id_of(kind, record) for record in records}
            own = whole.extra[kind]
            extra[kind] = OwnColumns(own.columns, {name: cells for name, cells in own.cells.items() if name in names})
    reserve = tuple(area for area in whole.reserve_areas if council_of[area] == council)
    return replace(whole, title=f"{council}{PART_OF}{whole.title}", extra=extra, reserve_areas=reserve, **held)


def _changed(
    kind: str, record: Any, council: str, council_of: Mapping[str, str], given: Mapping[tuple[str, str, str], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """A part of a shared limit; and no outline of an area that is another council's, so that no place is found in it."""
    if kind == "areas":
        return {"geometry": None} if record.geometry is not None and council_of[record.area_id] != council else {}
    return given.get((council, kind, id_of(kind, record)), {})
