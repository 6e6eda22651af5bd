"""What one shift of a provider is planned from, and its days as the search takes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from optimiser.domain.staffing import DAY_SECONDS, DAYS, Shift, Staffing
from optimiser.rounds.problem import ALONE, TOGETHER, Day, Floats, Limits, Prices
from optimiser.rounds.round_hours import tolerance_of
from optimiser.rounds.visits_by_shift import Line

PRICES = Prices(travel=1.0, waiting=0.1, lateness=20.0, overtime=20.0, uneven=0.3)
"""A second late, or beyond a limit, costs more than any way saved. Care that is uneven costs little on a single day, so that the
search can pass through uneven days; single visits are moved at the end (``workload_balance.py``)."""
SMALL = 60
"""Calls below which a day is searched as long as one of so many."""


@dataclass(frozen=True)
class Thoroughness:
    """How much is tried; all counted in changes a call, so that equal input gives equal rounds on every machine."""

    counting: int = 6_000
    """For each number of rounds that is tried."""
    week: int = 84_000
    """For the days of a week together."""
    stranger_seconds: float = 30.0
    """What it may cost on the road that a person sees, on a day that differs, the care worker whom they know."""
    afresh: bool = False
    """Every day is planned in full and knows no other; who takes which run is drawn by lot: to compare master rounds with."""
    rounds: Mapping[str, int] = field(default_factory=dict)
    """Per shift so many rounds, no fewer and no more; of a shift that is not named as few as it takes."""


@dataclass(frozen=True)
class Slot:
    """What is known of the care worker of a round: skills (None: all the provider has), how they travel, where they begin."""

    skills: frozenset[str] | None = None
    kind: int = 0
    place: int | None = None
    """Their base among the places; None: not known, so they begin where their first visit is."""


@dataclass(frozen=True)
class ShiftProblem:
    """What a shift is planned from. ``travel``: seconds, shape (kinds, places, places); the last place is nowhere, 0 from all."""

    lines: tuple[Line, ...]
    place_of: Mapping[str, int]
    """Per package its place."""
    travel: Floats
    shift: Shift
    staffing: Staffing
    slots: Sequence[Slot]
    """The care workers known, who take rounds first."""
    thoroughness: Thoroughness
    should_stop: Callable[[], bool]

    def slot(self, number: int) -> Slot:
        return self.slots[number] if number < len(self.slots) else Slot()


class StoppedEarlyError(Exception):
    """Somebody asked to stop before it was known how many rounds a shift needs."""


def kinds_of_days(lines: Sequence[Line], *, apart: bool = False) -> list[tuple[tuple[str, ...], tuple[Line, ...]]]:
    """Days with the same visits, together (or ``apart``); those with most care first (of equal ones the earlier in the week)."""
    kinds: dict[tuple[str, tuple[Line, ...]], list[str]] = {}
    for day in DAYS:
        here = tuple(line for line in lines if day in line.days)
        if here:
            kinds.setdefault((day if apart else "", here), []).append(day)
    return sorted(
        ((tuple(days), here) for (_, here), days in kinds.items()),
        key=lambda kind: (-care_seconds(kind[1]), DAYS.index(kind[0][0])),
    )


def care_seconds(lines: Sequence[Line]) -> int:
    """The care of some visits on one day; a visit for two counts twice."""
    return sum(line.seconds * line.workers for line in lines)


def day_of(problem: ShiftProblem, lines: Sequence[Line], rounds: int) -> Day:
    """The calls of some lines and so many rounds as the search takes them, with even parts of the day's care."""
    opens, closes = problem.shift.opens, problem.shift.closes
    nowhere = problem.travel.shape[1] - 1
    slots = [problem.slot(number) for number in range(rounds)]
    seconds = np.array([line.seconds for line in lines], dtype=np.float64)
    care = care_seconds(lines) / rounds
    staffing = problem.staffing
    return Day(
        travel=problem.travel,
        call_place=np.array([problem.place_of[line.package_id] for line in lines], dtype=np.int64),
        earliest=np.array([max(line.earliest, opens) for line in lines], dtype=np.float64),
        latest=np.array([_latest(line, staffing, closes) for line in lines], dtype=np.float64),
        duration=np.column_stack((seconds, seconds)),
        pairing=np.array([TOGETHER if line.workers == 2 else ALONE for line in lines], dtype=np.int64),
        least_gap=np.zeros(len(lines)),
        most_gap=np.zeros(len(lines)),
        may=may_of(problem, lines, rounds),
        given=np.zeros((len(lines), rounds)),
        base=np.array([nowhere if slot.place is None else slot.place for slot in slots], dtype=np.int64),
        kind=np.array([slot.kind for slot in slots], dtype=np.int64),
        shift_starts=np.full(rounds, float(opens)),
        shift_ends=np.full(rounds, float(closes)),
        prices=PRICES,
        limits=Limits(
            longest_run=float(staffing.shift_hours_limit * 3600),
            break_after=float(staffing.break_after_hours * 3600),
            break_length=staffing.break_minutes * 60.0,
            even_part=care,
            even_tolerance=tolerance_of(care, float(np.median(seconds)) / 2),
        ),
    )


def _latest(line: Line, staffing: Staffing, closes: int) -> int:
    late = 0 if line.is_critical else staffing.lateness_minutes * 60
    # Not so late that it would be the next day's visit, where a window is nearly a day long.
    return min(line.latest + late, line.earliest + DAY_SECONDS - 1, closes - line.seconds)


def may_of(problem: ShiftProblem, lines: Sequence[Line], rounds: int) -> np.ndarray:
    """Who has the skills for what; shape (calls, 2, rounds)."""
    skills = [problem.slot(number).skills for number in range(rounds)]
    able = [[have is None or have >= set(line.skills) for have in skills] for line in lines]
    return np.repeat(np.array(able, dtype=np.bool_).reshape(len(lines), 1, rounds), 2, axis=1)


def that_fit(problem: ShiftProblem, lines: Sequence[Line], rounds: int) -> tuple[list[Line], list[Line]]:
    """The visits for which there are enough care workers with the skills; and the others."""
    able = may_of(problem, lines, rounds)[:, 0].sum(axis=1)
    fit = [line for line, count in zip(lines, able.tolist(), strict=True) if count >= line.workers]
    return fit, [line for line, count in zip(lines, able.tolist(), strict=True) if count < line.workers]
