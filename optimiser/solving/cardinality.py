"""A problem with one more limit: so many of some items may be placed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimiser.solving.problem import IntArray, Problem, Terms


def at_most_placed(problem: Problem, count: int, start: IntArray) -> Problem:
    """The same problem with at most ``count`` of the items that may stay out placed; ``start``: a plan that keeps that."""
    choices = np.flatnonzero(~problem.must_place[problem.choice_item])
    limits = Terms(
        np.append(problem.limits.start, problem.limits.start[-1] + len(choices)),
        np.concatenate((problem.limits.choice, choices)),
        np.concatenate((problem.limits.coefficient, np.ones(len(choices), dtype=np.int64))),
    )
    return replace(problem, limits=limits, limit_capacity=np.append(problem.limit_capacity, count), start=start)
