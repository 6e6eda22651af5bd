"""A day's runs: who does what in which order, where a break lies, and what breaks a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from optimiser.rounds.problem import ALONE, Day, Floats, Ints, Roster
from optimiser.rounds.solve.annealing import starts_of


def routes_of(day: Day, roster: Roster) -> list[list[int]]:
    """Per round its calls in order."""
    routes: list[list[int]] = [[] for _ in range(day.workers)]
    for call in roster.order.tolist():
        routes[int(roster.first[call])].append(call)
        if day.pairing[call] != ALONE:
            routes[int(roster.second[call])].append(call)
    return routes


def starts_with_breaks(day: Day, roster: Roster) -> Floats:
    """When each call begins; shape (calls, 2).

    As early as can be; but where a long run has no wait that is long enough for its break, its visits from one on begin later,
    if there is one from which on they can without anything else being late or beyond a limit.
    """
    starts = starts_of(day, roster)
    for worker, route in enumerate(routes_of(day, roster)):
        if not _lacks_break(day, worker, route, starts):
            continue
        wrong = violating(day, roster, starts)
        for at, to in pairwise(route):
            later = day.earliest.copy()
            later[to] = starts[at, 0] + day.duration[at, 0] + way_between(day, worker, at, to) + day.limits.break_length
            trial = replace(day, earliest=later)
            pushed = starts_of(trial, roster)
            if violating(day, roster, pushed) < wrong:
                day, starts = trial, pushed
                break
    return starts


def _lacks_break(day: Day, worker: int, route: Sequence[int], starts: Floats) -> bool:
    if not route or _length(day, route, starts) <= day.limits.break_after:
        return False
    return longest_gap(day, worker, route, starts) < day.limits.break_length


def _length(day: Day, route: Sequence[int], starts: Floats) -> float:
    return float(starts[route[-1], 0] + day.duration[route[-1], 0] - starts[route[0], 0])


def violating(day: Day, roster: Roster, starts: Floats) -> set[int]:
    """Calls that begin late, and the last call of every run that breaks a limit."""
    late = {int(call) for call in np.flatnonzero(starts[:, 0] > day.latest)}
    for worker, route in enumerate(routes_of(day, roster)):
        if not route:
            continue
        ends = starts[route[-1], 0] + day.duration[route[-1], 0]
        home = day.travel[day.kind[worker], day.call_place[route[-1]], day.base[worker]]
        over = ends + home > day.shift_ends[worker] or _length(day, route, starts) > day.limits.longest_run
        if over or _lacks_break(day, worker, route, starts):
            late.add(route[-1])
    return late


def longest_gap(day: Day, worker: int, route: Sequence[int], starts: Floats) -> float:
    """The longest time between two calls of a run that is neither care nor way."""
    return max(
        (
            float(starts[to, 0] - starts[at, 0] - day.duration[at, 0] - way_between(day, worker, at, to))
            for at, to in pairwise(route)
        ),
        default=0.0,
    )


def way_between(day: Day, worker: int, at: int, to: int) -> float:
    return float(day.travel[day.kind[worker], day.call_place[at], day.call_place[to]])


def day_without(day: Day, roster: Roster, kept: Sequence[int]) -> tuple[Day, Roster]:
    """A day with only some of its calls."""
    keep: Ints = np.array(kept, dtype=np.int64)
    number = {call: index for index, call in enumerate(kept)}
    by_call = ("call_place", "earliest", "latest", "duration", "pairing", "least_gap", "most_gap", "may", "given")
    order = np.array([number[call] for call in roster.order.tolist() if call in number], dtype=np.int64)
    return (
        replace(day, **{name: getattr(day, name)[keep] for name in by_call}, care=None if day.care is None else day.care[keep]),
        Roster(order, roster.first[keep], roster.second[keep]),
    )
