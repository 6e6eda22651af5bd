"""All plans of a tiny problem, and what the strict order says about them: the specification that the solver is held to."""

from __future__ import annotations

import itertools

import numpy as np

from optimiser.solving import UNPLACED, IntArray, Problem


def legal_plans(problem: Problem) -> list[IntArray]:
    """Every plan that the limits allow."""
    options = []
    for item in range(problem.item_count):
        own = np.flatnonzero(problem.choice_item == item).tolist()
        options.append(own if problem.must_place[item] else [UNPLACED, *own])
    plans = (np.array(plan, dtype=np.int64) for plan in itertools.product(*options))
    return [plan for plan in plans if problem.is_legal(plan)]


def all_values(problem: Problem) -> list[tuple[int, ...]]:
    return [problem.values(plan) for plan in legal_plans(problem)]


def least_within(problem: Problem, values: list[tuple[int, ...]], bests: tuple[int, ...]) -> int:
    """The true minimum of the level after ``bests``, among plans within best + tolerance of each of those."""
    index = len(bests)
    limits = [best + level.tolerance for best, level in zip(bests, problem.levels, strict=False)]
    return min(row[index] for row in values if all(value <= limit for value, limit in zip(row, limits, strict=False)))
