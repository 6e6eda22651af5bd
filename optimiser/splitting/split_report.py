"""What is written of a split: a snapshot folder for each council, what they share, what crosses their borders, and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from optimiser.domain.words import hours
from optimiser.io.exporting import number_text, snapshot_files
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.splitting.across_borders import (
    CROSSING_AREAS,
    CROSSING_PEOPLE,
    Crossing,
    area_rows_across,
    people_rows,
)
from optimiser.splitting.parts_of_a_county import CountySplit

SHARED = (
    "kind", "record_id", "council", "why", "runs_then", "held_hours_per_week", "limit", "whole", "part", "rule",
)  # fmt: skip
BESIDE = ("account.toml", "terms.csv", "incentives.csv", "incentive_periods.csv", "actuals.csv", "workers.csv")
"""What may lie beside a snapshot, is no part of it, and is not divided."""


def split_files(split: CountySplit, crossing: Sequence[Crossing], record: dict[str, Any]) -> dict[str, bytes]:
    """By path: ``COUNCIL/FILE`` of each council's snapshot, and the lists for all."""
    files = {f"{council}/{name}": content for council, part in split.parts.items()
             for name, content in snapshot_files(part).items()}  # fmt: skip
    return files | {
        "shared.csv": spreadsheet(SHARED, shared_rows(split)),
        "crossing-people.csv": spreadsheet(CROSSING_PEOPLE, people_rows(crossing)),
        "crossing-areas.csv": spreadsheet(CROSSING_AREAS, area_rows_across(split.whole, crossing)),
        "split.json": pretty(record),
    }


def shared_rows(split: CountySplit) -> Iterator[dict[str, object]]:
    """A line per shared record, council and limit; one without where there is no limit to share."""
    limits: dict[tuple[str, str], list[Any]] = {}
    for limit in split.limits:
        limits.setdefault((limit.kind, limit.record_id), []).append(limit)
    contracts = {each.contract_id: each for each in split.whole.contracts}
    for kind, name in split.where.shared():
        for council in sorted(split.where.of(kind, name)):
            row: dict[str, object] = {"kind": kind, "record_id": name, "council": council}
            row["why"] = split.where.why[kind, name, council]
            if kind == "contracts":
                row["runs_then"] = str(contracts[name].in_force(split.begins)).lower()
            found = limits.get((kind, name), [])
            for limit in found:
                yield row | {
                    "held_hours_per_week": hours(limit.held_minutes[council]),
                    "limit": limit.column,
                    "whole": number_text(limit.whole),
                    "part": number_text(limit.parts[council]),
                    "rule": limit.rule,
                }
            if not found:
                yield row


def split_record(split: CountySplit, crossing: Sequence[Crossing], folder: Path) -> dict[str, Any]:
    """What ``split.json`` holds: counts alone, no ids of people."""
    whole = split.whole
    across = Counter(each.across for each in crossing)
    minutes: Counter[str] = Counter()
    for each in crossing:
        minutes[each.across] += each.package.minutes_per_week
    return {
        **result_head(whole, titled=True),
        "begins": str(split.begins),
        "councils": [
            {
                "council": council,
                "snapshot_digest": part.digest(),
                "areas": sum(owner == council for owner in split.council_of.values()),
                "people": len({each.part_of or each.package_id for each in part.packages}),
                "packages": len(part.packages),
                "running_hours_per_week": hours(sum(p.minutes_per_week for p in part.packages if p.status == "active")),
                "contracts": len(part.contracts),
                "providers": len(part.providers),
            }
            for council, part in split.parts.items()
        ],
        "shared": dict(sorted(Counter(kind for kind, _ in split.where.shared()).items())),
        "limits_apportioned": len(split.limits),
        "limits_of_which_a_council_has_nothing": sum(bool(each.whole) and not all(each.parts.values()) for each in split.limits),
        "crossing": {name: {"packages": across[name], "hours_per_week": hours(minutes[name])} for name in sorted(across)},
        "contracts_ended_before": sum(each.has_ended(split.begins) for each in whole.contracts),
        "left_beside": sorted(name for name in BESIDE if (folder / name).exists()),
    }
