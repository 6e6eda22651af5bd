"""Whole packings of knapsack_blocks: the best one is the best, and what the search over them finds and proves is true."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimiser.solving import UNPLACED, Effort, Level, Problem, level_search, solve
from optimiser.solving.dantzig_wolfe import knapsacks as fillings_module
from optimiser.solving.dantzig_wolfe.knapsack_pricing import KnapsackPricing
from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock, knapsack_blocks
from optimiser.solving.linear_program import hopeless_choices
from optimiser.solving.problem import BoolArray
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import numbers, problems, terms

UNHURRIED = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def everything(problem: Problem) -> BoolArray:
    return np.ones(problem.choice_count, dtype=np.bool_)


def packings_of(block: KnapsackBlock) -> list[list[int]]:
    """All packings, by positions."""
    found = []
    for taken in itertools.product((False, True), repeat=len(block.choice)):
        positions = np.flatnonzero(taken)
        once = len(set(block.item[positions].tolist())) == len(positions)
        if once and (block.size[positions].sum(axis=0) <= block.capacity).all():
            found.append(positions.tolist())
    return found


@UNHURRIED
@given(st.data())
def test_bags_side_by_side_are_filled_as_each_alone(data: st.DataObject) -> None:
    """Blocks with different numbers of limits, and items that have choices in several of them."""
    found: list[KnapsackBlock] = []
    for limits in data.draw(st.lists(st.integers(1, 2), min_size=2, max_size=4)):
        count, first = data.draw(st.integers(1, 5)), sum(len(block.choice) for block in found)
        one = st.lists(st.integers(0, 6), min_size=limits, max_size=limits)
        size = np.array(data.draw(st.lists(one, min_size=count, max_size=count)), dtype=np.int64)
        item = numbers(data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
        room = tuple(data.draw(st.lists(st.integers(0, 9), min_size=limits, max_size=limits)))
        found.append(KnapsackBlock(np.arange(first, first + count, dtype=np.int64), item, size, room))
    total = sum(len(block.choice) for block in found)
    profit = np.array(data.draw(st.lists(st.integers(-5, 20).map(float), min_size=total, max_size=total)))
    values, chosen = KnapsackPricing(found).at(profit, np.zeros(total, dtype=np.bool_))
    for block, value, choices in zip(found, values.tolist(), chosen, strict=True):
        assert value == profit[choices].sum() == max(profit[block.choice[packing]].sum() for packing in packings_of(block))
        assert np.searchsorted(block.choice, choices).tolist() in packings_of(block)


@UNHURRIED
@given(st.data())
def test_the_best_filling_is_the_best(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 7))
    limits = data.draw(st.integers(1, 2))
    one = st.lists(st.integers(0, 6), min_size=limits, max_size=limits)
    size = np.array(data.draw(st.lists(one, min_size=count, max_size=count)), dtype=np.int64)
    item = numbers(data.draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)))
    room = tuple(data.draw(st.lists(st.integers(0, 12), min_size=limits, max_size=limits)))
    block = KnapsackBlock(np.arange(count, dtype=np.int64), item, size, room)
    whole = st.integers(-5, 20).map(float) | st.just(-np.inf)
    profit = np.array(data.draw(st.lists(whole, min_size=count, max_size=count)))
    packings = packings_of(block)
    most = {tuple(packing): float(profit[packing].sum()) for packing in packings}
    taken = data.draw(st.sampled_from([packing for packing in packings if np.isfinite(profit[packing]).all()]))
    held = np.zeros(count, dtype=np.bool_)
    held[taken] = True
    [value], [positions] = KnapsackPricing([block]).at(profit, held)
    assert positions.tolist() in packings
    assert set(taken) <= set(positions.tolist())
    assert value == most[tuple(positions.tolist())] == max(most[tuple(f)] for f in packings if set(taken) <= set(f))
    for position, having in enumerate(block.having(profit).tolist()):
        assert having >= max((worth for packing, worth in most.items() if position in packing), default=-np.inf)


@UNHURRIED
@given(problems())
def test_every_limit_that_can_be_overfilled_is_kept_by_a_bag(problem: Problem) -> None:
    found = knapsack_blocks(problem, problem.limit_capacity, everything(problem))
    chosen = [choice for block in found for choice in block.choice.tolist()]
    assert len(chosen) == len(set(chosen))
    for taken in itertools.islice(itertools.product((False, True), repeat=problem.choice_count), 500):
        mask = np.array(taken, dtype=np.bool_)
        if (np.bincount(problem.choice_item[mask], minlength=1) > 1).any():
            continue
        fits = all((block.size[mask[block.choice]].sum(axis=0) <= block.capacity).all() for block in found)
        assert fits == bool((problem.limits.totals(mask) <= problem.limit_capacity).all())


def test_a_bag_with_too_many_states_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two packages of an hour, room for one and a quarter: in quarter hours, six ways to be partly full."""
    level = Level("unmet", Fraction(2), numbers([-1, -1]), ())
    nobody, nothing = numbers([UNPLACED, UNPLACED]), numbers([])
    limits = terms([{0: 60, 1: 45}])
    problem = Problem(
        2, np.zeros(2, dtype=np.bool_), numbers([0, 1]), limits, numbers([75]), terms([]), nothing, (level,), nobody
    )
    [block] = knapsack_blocks(problem, problem.limit_capacity, everything(problem))
    assert block.capacity == (5,)
    assert block.size.tolist() == [[4], [3]]
    monkeypatch.setattr(fillings_module, "MOST_STATES", 5)
    assert knapsack_blocks(problem, problem.limit_capacity, everything(problem)) == []


def packings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without cuts, neighbourhoods (asked of the effort) and other searches, all that is known comes from packings."""
    monkeypatch.setattr(level_search, "FIRST_ROUNDS", 0)
    monkeypatch.setattr(level_search, "FEW_TO_BRANCH", 0)
    monkeypatch.setattr(level_search, "MOST_TOGETHER", 1_000)
    monkeypatch.setattr(level_search, "MANY_WAIT", 1_000)
    monkeypatch.setattr(level_search, "raise_bound", lambda *_: None)
    monkeypatch.setattr(level_search, "restricted_mip_plan", lambda *_: False)


@settings(UNHURRIED, max_examples=150)
@given(problems(without_parts=True))
def test_what_fillings_find_and_prove_is_true(monkeypatch: pytest.MonkeyPatch, problem: Problem) -> None:
    packings_alone(monkeypatch)
    solution = solve(problem, effort=Effort(searches=0))
    holds_together(problem, solution)
    if knapsack_blocks(problem, problem.limit_capacity, ~hopeless_choices(problem)):
        assert solution.levels[0].proven
