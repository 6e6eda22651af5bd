"""A day's rounds as they are planned, and what they tell other days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.rounds.problem import Day, Floats, Roster
from optimiser.rounds.solve.capacitated_clustering import clustered_roster
from optimiser.rounds.visits_by_shift import Line


@dataclass(frozen=True)
class DayPlan:
    """One kind of day. ``lines``: the calls of the day; ``starts``: of each call's parts, in whole seconds from midnight."""

    days: tuple[str, ...]
    lines: tuple[Line, ...]
    day: Day
    roster: Roster
    starts: Floats


@dataclass(frozen=True, slots=True)
class Kept:
    """What a day planned before tells of a visit: its rounds (the second -1 where it needs one) and its start."""

    first: int
    second: int
    start: float


def kept_from(plan: DayPlan) -> dict[str, Kept]:
    """Per visit of a day."""
    roster = plan.roster
    return {
        line.visit_id: Kept(int(roster.first[call]), int(roster.second[call]), float(plan.starts[call, 0]))
        for call, line in enumerate(plan.lines)
    }


def care_of_rounds(plan: DayPlan) -> Floats:
    """Per round its care on one such day, in seconds."""
    care = np.zeros(plan.day.workers)
    for whose, part in ((plan.roster.first, 0), (plan.roster.second, 1)):
        has = whose >= 0
        np.add.at(care, whose[has], plan.day.duration[has, part])
    return care


def with_one_face(day: Day, lines: Sequence[Line], roster: Roster, price: float) -> Day:
    """The same day, where it has a price that somebody's later visits are made by others than their first."""
    faces: dict[str, list[int]] = {}
    given = np.full((day.calls, day.workers), price)
    for call in np.argsort(day.earliest, kind="stable").tolist():
        own = [worker for worker in (int(roster.first[call]), int(roster.second[call])) if worker >= 0]
        given[call, faces.setdefault(lines[call].package_id, own)] = 0
    return replace(day, given=given)


def as_before(before: Mapping[str, Kept], day: Day, lines: Sequence[Line], price: float, band: float) -> tuple[Day, Roster]:
    """A day that knows days planned before, and where to begin: the same rounds for the same visits, at about their times.

    ``price``: of a visit by a stranger; time-critical visits keep within ``band`` of their time.
    """
    start = clustered_roster(day)
    key, given = day.earliest.copy(), np.zeros((day.calls, day.workers))
    earliest, latest = day.earliest.copy(), day.latest.copy()
    for call, line in enumerate(lines):
        kept = before.get(line.visit_id)
        if kept is None:
            continue
        start.first[call], start.second[call], key[call] = kept.first, kept.second, kept.start
        given[call] = price
        given[call, [worker for worker in (kept.first, kept.second) if worker >= 0]] = 0
        if line.is_critical:
            earliest[call], latest[call] = max(earliest[call], kept.start - band), min(latest[call], kept.start + band)
    order = np.argsort(key, kind="stable").astype(np.int64)
    return replace(day, earliest=earliest, latest=latest, given=given), Roster(order, start.first, start.second)
