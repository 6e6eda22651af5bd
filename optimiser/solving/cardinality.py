"""A problem with one more limit: so many of some items may be placed, or not all of some choices taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimiser.solving.problem import IntArray, Problem, Terms


def at_most_placed(problem: Problem, count: int, start: IntArray) -> Problem:
    """The same problem with at most ``count`` of the items that may stay out placed; ``start``: a plan that keeps that."""
    return replace(_at_most(problem, count, np.flatnonzero(~problem.must_place[problem.choice_item])), start=start)


def not_together(problem: Problem, combinations: Sequence[IntArray], start: IntArray) -> Problem:
    """The same problem without the plans that take all choices of one of these combinations; ``start``: a plan that does not."""
    for choices in combinations:
        problem = _at_most(problem, len(choices) - 1, np.sort(choices))
    return replace(problem, start=start)


def _at_most(problem: Problem, count: int, choices: IntArray) -> Problem:
    limits = Terms(
        np.append(problem.limits.start, problem.limits.start[-1] + len(choices)),
        np.concatenate((problem.limits.choice, choices)),
        np.concatenate((problem.limits.coefficient, np.ones(len(choices), dtype=np.int64))),
    )
    return replace(problem, limits=limits, limit_capacity=np.append(problem.limit_capacity, count))
