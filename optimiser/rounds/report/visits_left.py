"""Visits that nobody makes, put together for people: per visit its days and the reason; by what keeps them out of every shift."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from optimiser.domain.not_planned import Bar
from optimiser.domain.rounds_plan import UnservedVisit


@dataclass(frozen=True)
class NotPlanned:
    """A visit that nobody makes on some of its days, for one reason."""

    provider_id: str
    package_id: str
    visit_id: str
    days: tuple[str, ...]
    reason: str
    bar: Bar | None


def by_visit(unserved: Iterable[UnservedVisit]) -> list[NotPlanned]:
    """Visits in the order in which they are listed, those that no shift can hold first; packages without visits are not there."""
    days: dict[tuple[str, str, str, str, Bar | None], list[str]] = {}
    for each in unserved:
        if each.visit_id:
            days.setdefault((each.provider_id, each.package_id, each.visit_id, each.reason, each.bar), []).append(each.day)
    found = [NotPlanned(*key[:3], tuple(own), *key[3:]) for key, own in days.items()]
    return sorted(found, key=lambda each: each.bar is None)


def by_bar(unserved: Iterable[UnservedVisit]) -> list[tuple[Bar, int, int]]:
    """What keeps visits out of every shift, with how many visits a week and how many people it does; without names and times."""
    visits: dict[Bar, list[str]] = {}
    for each in unserved:
        if each.bar is not None:
            visits.setdefault(each.bar, []).append(each.package_id)
    return [(bar, len(people), len(set(people))) for bar, people in sorted(visits.items())]


def in_words(unserved: Iterable[UnservedVisit], most: int) -> list[str]:
    """Lines for a terminal: how many visits are not planned, and of each why; after ``most`` only how many more."""
    found = by_visit(unserved)
    if not found:
        return []
    visits = sum(len(each.days) for each in found)
    lines = [f"NOT PLANNED: {visits:,} visit(s) a week of {len({each.package_id for each in found}):,} package(s):"]
    lines += [f"  {each.package_id}, {each.visit_id} ({', '.join(each.days)}): {each.reason}" for each in found[:most]]
    return lines + ([f"  and {len(found) - most} more"] if len(found) > most else [])


def record_of(unserved: Iterable[UnservedVisit]) -> list[dict[str, Any]]:
    """Those that no shift can hold, for ``result.json``."""
    return [
        {"provider_id": each.provider_id, "package_id": each.package_id, "visit_id": each.visit_id, "days": list(each.days),
         "why": each.bar, "reason": each.reason}
        for each in by_visit(unserved)
        if each.bar is not None
    ]  # fmt: skip
