"""Alerts that nobody has looked at yet, most harm first. What the report's first tables say of somebody is not said again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.nightly.numbering import Numbering
from optimiser.nightly.watch import OpenAlert


def alert_rows(
    snapshot: Snapshot, alerts: Iterable[OpenAlert], told_first: Mapping[str, Collection[str]], numbering: Numbering
) -> list[dict[str, Any]]:
    """A row each: whoever may not be safe first, then those of longest ago. ``told_first``: what the first tables say of whom."""
    known = {package.package_id: package for package in snapshot.packages}
    told = [each for each in alerts if each.kind not in told_first.get(each.package_id, ())]
    rows = []
    for each in sorted(told, key=lambda alert: (alert.turn, alert.since, alert.kind, alert.package_id)):
        package = known.get(each.package_id)
        rows.append(
            {
                **numbering.named(each.package_id),
                "kind": each.kind,
                "what": each.sentence,
                "since": f"{each.since:%Y-%m-%d %H:%M}",
                "days_open": max(0, (snapshot.as_of - each.since.date()).days),
                "priority": "" if package is None else package.priority,
                "area_id": "" if package is None else package.area_id,
            }
        )
    return rows


def told_above(alerts: Iterable[OpenAlert], told_first: Mapping[str, Collection[str]]) -> int:
    """How many more are open of which the first tables tell."""
    return sum(each.kind in told_first.get(each.package_id, ()) for each in alerts)
