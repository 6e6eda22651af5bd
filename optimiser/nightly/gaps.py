"""The gap check: from the records alone, on which days an area or a service will be without a principal, without a framework, or
without anybody at all, whom that concerns, and which of today's providers could take them.

Successions need no thought of their own: a successor is in force itself from its first day on. An area that is not live on a day
has neither principal nor framework on it by design; only when nothing else covers it either is that told as a gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

import numpy as np

from optimiser.county import County
from optimiser.domain.dates import months_after
from optimiser.domain.records import OF_ONE_AREA, Area, Contract, Package, Tier
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import hours
from optimiser.geography.grid import TravelSource
from optimiser.judging.candidates import judge
from optimiser.rules.book import standard_rules

COVER = "cover"
"""What is missing when no contract at all covers an area's home care, or a service."""


@dataclass(frozen=True)
class Gap:
    """Days on which the same is missing. ``until``: the first day on which that is no longer so; None: for good."""

    area: Area
    service: str
    starts: dt.date
    until: dt.date | None
    missing: tuple[str, ...]
    """``principal``, ``framework`` and ``cover``, as far as each is missing."""

    def __repr__(self) -> str:
        return f"<Gap in {self.area.area_id} from {self.starts}>"


def gaps(snapshot: Snapshot) -> list[Gap]:
    """By day, area and service: what begins within ``gap_months``, and beyond these what the end of a legacy contract leaves."""
    horizon = months_after(snapshot.as_of, snapshot.procurement.gap_months)
    found = [gap for area in snapshot.areas for service in _services(snapshot, area) for gap in _of(snapshot, area, service)]
    told = (gap for gap in found if gap.starts < horizon or _after_legacy(snapshot, gap))
    return sorted(told, key=lambda gap: (gap.starts, gap.area.area_id, gap.service))


def _services(snapshot: Snapshot, area: Area) -> list[str]:
    """Home care first, then what the area's people need or a contract of its own delivers."""
    people = {package.service for package in snapshot.packages if package.area_id == area.area_id}
    own = {contract.service for contract in snapshot.contracts if contract.area_id == area.area_id}
    return sorted({"", *people, *own})


def _of(snapshot: Snapshot, area: Area, service: str) -> Iterator[Gap]:
    """The gaps of one area and service from ``as_of`` on: runs of days on which the same is missing."""
    contracts = [each for each in snapshot.contracts if _may_cover(each, area, service)]
    changes = {day for each in contracts for day in (each.starts, each.ends)} | {area.go_live}
    days = sorted({snapshot.as_of, *(day for day in changes if day is not None and day > snapshot.as_of)})
    runs = [(missing, list(run)) for missing, run in groupby(days, lambda day: _missing(contracts, area, service, day))]
    ends = [*(run[0] for _, run in runs[1:]), None]
    for (missing, run), until in zip(runs, ends, strict=True):
        if missing:
            yield Gap(area, service, run[0], until, missing)


def _may_cover(contract: Contract, area: Area, service: str) -> bool:
    """Whether care may be bought on it while it is in force. A closed contract covers nothing, and the reserve is no plan."""
    open_here = contract.max_hours_4w != 0 and contract.tier != "reserve"
    return open_here and contract.service == service and contract.area_id in ("", area.area_id)


def _missing(contracts: list[Contract], area: Area, service: str, day: dt.date) -> tuple[str, ...]:
    in_force = {each.tier for each in contracts if each.in_force(day)}
    if service:
        return () if in_force else (COVER,)
    live = area.is_live(day)
    wanted = OF_ONE_AREA if live else ()
    covered = any(live or tier not in OF_ONE_AREA for tier in in_force)
    return (*(tier for tier in wanted if tier not in in_force), *(() if covered else (COVER,)))


def _after_legacy(snapshot: Snapshot, gap: Gap) -> bool:
    """Whether nothing covers an area's home care because a legacy contract has ended."""
    legacy = (each for each in snapshot.contracts if each.tier == "legacy" and _may_cover(each, gap.area, gap.service))
    return COVER in gap.missing and any(each.ends == gap.starts for each in legacy)


def gap_rows(snapshot: Snapshot, travel: TravelSource | None = None) -> list[dict[str, Any]]:
    """A row per gap, with the care that the area or service has today, and who of today's providers could take it.

    A provider could take a person if it has any contract but a reserve's in force on the gap's first day, and every rule would
    let it be asked on that day under a contract for this care: as it is rated and restricted then, with its skills, from its
    offices. Room is not counted, nor what was declined in the past.
    """
    return [_row(snapshot, gap, travel) for gap in gaps(snapshot)]


def _row(snapshot: Snapshot, gap: Gap, travel: TravelSource | None) -> dict[str, Any]:
    people = [each for each in snapshot.packages if (each.area_id, each.service) == (gap.area.area_id, gap.service)]
    running = {_person(each) for each in people if each.status == "active"}
    waiting = {_person(each) for each in people if each.status == "new"} - running
    could_take, nobody = _takers(snapshot, gap, people, travel)
    return {
        "area_id": gap.area.area_id,
        "name": gap.area.name,
        "service": gap.service,
        "from": str(gap.starts),
        "in_days": (gap.starts - snapshot.as_of).days,
        "until": None if gap.until is None else str(gap.until),
        "missing": list(gap.missing),
        "contracts_ended": [
            each.contract_id for each in snapshot.contracts
            if each.ends == gap.starts and _may_cover(each, gap.area, gap.service)
        ],
        "people_running": len(running),
        "people_waiting": len(waiting),
        "hours_per_week": hours(sum(each.minutes_per_week for each in people)),
        "could_take": could_take,
        "people_nobody_could_take": nobody,
    }  # fmt: skip


def _person(package: Package) -> str:
    """Whose care is divided into parts is one person."""
    return package.part_of or package.package_id


def _takers(snapshot: Snapshot, gap: Gap, people: list[Package], travel: TravelSource | None) -> tuple[list[dict[str, Any]], int]:
    """The providers, who could take most people first, and how many people have care that none of them could take."""
    county = _that_day(snapshot, gap, people, travel)
    if not county.contracts or not people:
        return [], len({_person(each) for each in people})
    allowed = judge(county, standard_rules()).allowed
    person = [_person(each) for each in county.packages]
    rows = []
    for index, contract in enumerate(county.contracts):
        which = np.flatnonzero(allowed[:, index])
        if len(which):
            count, minutes = len({person[each] for each in which}), int(county.minutes[which].sum())
            rows.append((-count, -minutes, county.provider(index).name, contract.provider_id))
    told = [
        {"provider_id": provider_id, "name": name, "people": -count, "hours_per_week": hours(-minutes)}
        for count, minutes, name, provider_id in sorted(rows)
    ]
    return told, len({person[each] for each in np.flatnonzero(~allowed.any(axis=1))})


def _that_day(snapshot: Snapshot, gap: Gap, people: list[Package], travel: TravelSource | None) -> County:
    """The gap's first day: everybody concerned needs a place, and each provider at work has one contract for this care."""
    in_force = (each for each in snapshot.contracts if each.tier != "reserve" and each.in_force(gap.starts))
    at_work = sorted({each.provider_id for each in in_force})
    tier: Tier = "specialist" if gap.service else "legacy"
    contracts = tuple(
        Contract(provider_id, provider_id, tier, "", None, None, None, Fraction(0), (0, 0, 0), (), None, service=gap.service)
        for provider_id in at_work
    )
    concerned = tuple(
        replace(each, status="new", contract_id="", round_id="", care_started=None, start_by=None, bundle_id="")
        for each in people
    )
    moved_on = replace(
        snapshot, as_of=gap.starts, packages=concerned, contracts=contracts, offers=(), rates=(), visits=(), rounds=()
    )
    return County.of(moved_on, travel)


def areas_not_live(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The areas that have no principal by design, as they are not live today, with the dates that are known; by id."""
    return [
        {
            "area_id": area.area_id,
            "name": area.name,
            "go_live": None if area.go_live is None else str(area.go_live),
            "go_live_planned": None if area.go_live_planned is None else str(area.go_live_planned),
        }
        for area in snapshot.areas
        if not area.is_live(snapshot.as_of)
    ]
