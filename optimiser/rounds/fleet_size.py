"""The size of the fleet, how many rounds a shift needs: the fewest with which a short search serves everything.

It is looked for from a bound upwards: care that has to be done between two times (energetic reasoning, as in Baptiste, Le Pape
and Nuijten 2001, *Constraint-Based Scheduling*).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from optimiser.rounds.problem import ALONE, Day
from optimiser.rounds.shift_problem import ShiftProblem, StoppedEarlyError, day_of, that_fit
from optimiser.rounds.solve.annealing import Effort, improve
from optimiser.rounds.solve.capacitated_clustering import clustered_roster
from optimiser.rounds.solve.day_routes import starts_with_breaks, violating
from optimiser.rounds.visits_by_shift import Line

HOT, COLD = 300.0, 10.0
STEP = 0.1
"""The number grows by such a part of itself until it is enough."""


def rounds_needed(problem: ShiftProblem, lines: Sequence[Line]) -> int:
    """The fewest rounds with which a short search serves every visit of a day."""
    least = 2 if any(line.workers == 2 for line in lines) else 1
    most = max(least, sum(line.workers for line in lines))
    fit, _ = that_fit(problem, lines, most)
    low = high = min(most, max(least, least_at_work(day_of(problem, fit, most)) if fit else least))
    while high < most and not _serves(problem, lines, high):
        low, high = high + 1, min(most, high + math.ceil(STEP * high))
    while low < high:
        middle = (low + high) // 2
        if _serves(problem, lines, middle):
            high = middle
        else:
            low = middle + 1
    return high


def least_at_work(day: Day) -> int:
    """So many workers it takes at least: what must begin and end between two times is care for that long, ways left out."""
    care = day.duration[:, 0] + np.where(day.pairing == ALONE, 0, day.duration[:, 1])
    ends = day.latest + day.duration.max(axis=1)
    least = 1.0
    for opens in np.unique(day.earliest):
        within = day.earliest >= opens
        order = np.argsort(ends[within], kind="stable")
        done, by = np.cumsum(care[within][order]), ends[within][order]
        least = max(least, float((done / np.maximum(by - opens, 1.0)).max()))
    return math.ceil(least - 1e-9)


def _serves(problem: ShiftProblem, lines: Sequence[Line], rounds: int) -> bool:
    fit, _ = that_fit(problem, lines, rounds)
    if not fit:
        return True
    day = day_of(problem, fit, rounds)
    effort = Effort(problem.thoroughness.counting * day.calls, HOT, COLD, beginnings=1, returns=2)
    roster = improve(day, effort, start=clustered_roster(day), should_stop=problem.should_stop).roster
    if problem.should_stop():
        raise StoppedEarlyError
    return not violating(day, roster, starts_with_breaks(day, roster))
