"""What is dated already and changes soon: ratings, restrictions, contracts and go-lives, and contracts that end later."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from optimiser.county.succession import Succession, carried_over
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import hours


def changes_ahead(snapshot: Snapshot, ahead_days: int) -> list[dict[str, Any]]:
    """What changes after today and up to so many days on, the earliest first. An end is the first day no longer covered."""
    found = [
        {"date": str(day), "in_days": (day - snapshot.as_of).days, "kind": kind, "id": record_id, "name": name, "what": what}
        for day, kind, record_id, name, what in _dated(snapshot)
        if day is not None and 0 < (day - snapshot.as_of).days <= ahead_days
    ]
    return sorted(found, key=lambda each: (each["date"], each["kind"], each["id"], each["what"]))


Care = tuple[Mapping[str, set[str]], Counter[str]]


def care_by_contract(snapshot: Snapshot) -> Care:
    """Per contract the people whose care runs on it today (whose care is divided is one person), and its minutes a week."""
    packages = carried_over(snapshot, Succession.of(snapshot.contracts))
    people: defaultdict[str, set[str]] = defaultdict(set)
    minutes: Counter[str] = Counter()
    for package in packages:
        minutes[package.contract_id] += package.minutes_per_week
        people[package.contract_id].add(package.part_of or package.package_id)
    return people, minutes


def contracts_ending_later(snapshot: Snapshot, ahead_days: int) -> list[dict[str, Any]]:
    """Contracts that end after those days, by date and tier: how many, whose, and how much running care is on them."""
    name = {provider.provider_id: provider.name for provider in snapshot.providers}
    people, minutes = care_by_contract(snapshot)
    groups: dict[tuple[dt.date, str], list[Any]] = {}
    for contract in snapshot.contracts:
        if contract.ends is not None and (contract.ends - snapshot.as_of).days > ahead_days:
            groups.setdefault((contract.ends, contract.tier), []).append(contract)
    return [
        {
            "date": str(day),
            "in_days": (day - snapshot.as_of).days,
            "tier": tier,
            "contracts": len(contracts),
            "providers": sorted({name[each.provider_id] for each in contracts}),
            "people": len(set().union(*(people[each.contract_id] for each in contracts))),
            "hours_per_week": hours(sum(minutes[each.contract_id] for each in contracts)),
        }
        for (day, tier), contracts in sorted(groups.items())
    ]


def _dated(snapshot: Snapshot) -> Iterator[tuple[dt.date | None, str, str, str, str]]:
    name = {provider.provider_id: provider.name for provider in snapshot.providers}
    for provider in snapshot.providers:
        rating = provider.pamms_rating.replace("_", " ")
        yield provider.pamms_published, "rating", provider.provider_id, provider.name, f"PAMMS rating {rating} is published"
    for restriction in snapshot.restrictions:
        cap = restriction.new_hours_4w
        kind = "no new work" if cap is None else f"new work capped at {float(cap):g} hours per four weeks"
        where = f" in {restriction.area_id}" if restriction.area_id else ""
        known = restriction.restriction_id, name[restriction.provider_id]
        yield restriction.starts, "restriction", *known, f"begins: {kind}{where}"
        yield restriction.ends, "restriction", *known, f"ends: {kind}{where}"
    for contract in snapshot.contracts:
        where = f" in {contract.area_id}" if contract.area_id else ", county-wide"
        yield contract.starts, "contract", contract.contract_id, name[contract.provider_id], f"begins: {contract.tier}{where}"
        yield contract.ends, "contract", contract.contract_id, name[contract.provider_id], f"ends: {contract.tier}{where}"
    for area in snapshot.areas:
        yield area.go_live, "area", area.area_id, area.name, "goes live"
