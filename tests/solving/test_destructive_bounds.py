"""A first plan among the likeliest columns: found by it alone, and true against all plans there are."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from optimiser.solving import UNPLACED, Level, Problem, destructive_bounds, level_search, solve
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from tests.solving.tiny import numbers, terms

ITEMS, BINS, PROOF_GAP = 8, 3, 5


def tight(seed: int) -> Problem:
    """Everybody is to be placed, in rooms that leave next to nothing, at least cost; the start places nobody."""
    random = np.random.default_rng(seed)
    size = random.integers(20, 60, ITEMS).tolist()
    cost = random.integers(50, 400, ITEMS * BINS).tolist()
    choices = range(ITEMS * BINS)
    return Problem(
        ITEMS,
        np.zeros(ITEMS, dtype=np.bool_),
        numbers([choice // BINS for choice in choices]),
        terms([{item * BINS + room: size[item] for item in range(ITEMS)} for room in range(BINS)]),
        numbers([sum(size) * 11 // 10 // BINS] * BINS),
        terms([]),
        numbers([]),
        (
            Level("unmet", Fraction(sum(size)), numbers([-size[choice // BINS] for choice in choices]), ()),
            Level("travel", Fraction(0), numbers(cost), (), proof_gap=PROOF_GAP),
        ),
        np.full(ITEMS, UNPLACED, dtype=np.int64),
    )


def least(problem: Problem) -> tuple[int, int]:
    """The least of both levels over all plans, one after the other."""
    places = np.array(list(itertools.product(range(-1, BINS), repeat=ITEMS)))
    size = -problem.levels[0].choice_cost[::BINS]
    fits = np.ones(len(places), dtype=np.bool_)
    for room in range(BINS):
        fits &= (places == room) @ size <= problem.limit_capacity[room]
    places = places[fits]
    cost = np.append(problem.levels[1].choice_cost, 0)
    travel = cost[np.where(places < 0, -1, np.arange(ITEMS) * BINS + places)].sum(axis=1)
    return min(zip(((places < 0) @ size).tolist(), travel.tolist(), strict=True))


@pytest.mark.parametrize("seed", [*range(7), 8])  # cuts alone prove 7
def test_the_plan_is_the_best_there_is_or_within_the_proof_gap(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[tuple[int, int]] = []
    search = destructive_bounds.restricted_mip_plan

    def noted(stage: LevelState, watch: Watch, nodes: int, largest: int) -> bool:
        before = stage.goal.best
        nearly_best = search(stage, watch, nodes, largest)
        found.append((before, stage.goal.best))
        return nearly_best

    monkeypatch.setattr(level_search, "restricted_mip_plan", noted)
    monkeypatch.setattr(
        "optimiser.solving.lexicographic.knapsack_blocks", lambda *_: []
    )  # whole packings prove so small a level at once
    problem = tight(seed)
    unmet, travel = solve(problem).levels
    assert (unmet.best, unmet.bound) == (least(problem)[0],) * 2
    assert travel.proven and travel.bound <= least(problem)[1] <= travel.best <= travel.bound + PROOF_GAP
    ((before, after),) = found
    assert after < before
    assert after <= least(problem)[1] + PROOF_GAP
