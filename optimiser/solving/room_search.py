"""Search of a level room by room: a few are emptied at a time, and filled again with whoever was there and whoever waits.

A large neighbourhood search (Shaw 1998) for packings that have to come out to the unit: so small a part is searched to the end by
constraint programming in a moment, where it improves a packing of hundreds hardly at all. A *room* is what choices share that are
under the same limits; to *wait* is to have a choice that costs more on the level than another would.
"""

from __future__ import annotations

import numpy as np

from optimiser.solving.constraint_search import is_dear, search_among, within_reach
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.linear_program import FloatArray, row_of_each
from optimiser.solving.problem import BoolArray, IntArray, Problem

ROOM_SHARE = 1 / 30
"""The part of the work that may go into one search; most end long before."""
ROOMS_AT_ONCE = 4
LEAST_SPARE = 15
"""Rooms with much to spare are drawn more often; full ones too, as if they had so much."""
PATIENCE = 10
"""So many searches in a row may be of no use."""


def search_room_by_room(stage: LevelState, watch: Watch, work: float, searches: int) -> None:
    """Lower the level's best by emptying a few rooms at a time, so often at most, each time with a part of the counted work."""
    problem = stage.problem
    room, dear, random = _rooms(problem), is_dear(stage), np.random.default_rng(problem.item_count)
    idle = 0
    for _ in range(searches):
        plan = stage.incumbent.held.plan
        waiting = problem.choice_item[np.flatnonzero(problem.chosen(plan) & dear)]
        if stage.goal.proven or idle >= PATIENCE or not len(waiting):
            return
        seed = int(waiting[random.integers(len(waiting))])
        before = stage.goal.best
        search_among(stage, watch, _offered(stage, room, waiting, seed, random), work * ROOM_SHARE, hinted=True)  # others stay
        idle = 0 if stage.goal.best < before else idle + 1


def _offered(stage: LevelState, room: IntArray, waiting: IntArray, seed: int, random: np.random.Generator) -> BoolArray:
    """The choices in a few rooms where one item could go, for all items that wait or are there."""
    problem, items, within = stage.problem, stage.problem.choice_item, within_reach(stage)
    taken = problem.chosen(stage.incumbent.held.plan)
    rooms = np.unique(room[(items == seed) & within & (room >= 0)])
    spare = _spare(problem, room, taken)[rooms]
    drawn = rooms[np.argsort(-(spare + LEAST_SPARE) * random.random(len(rooms)), kind="stable")[:ROOMS_AT_ONCE]]
    there = np.isin(room, drawn)
    free = np.zeros(problem.item_count, dtype=np.bool_)
    free[waiting] = True
    free[items[taken & there]] = True
    return np.asarray(free[items] & (there | (room < 0)) & within)


def _rooms(problem: Problem) -> IntArray:
    """Per choice a number for the limits that it is under, taken together, or -1 where it is under none."""
    under: dict[int, list[int]] = {}
    for row, choice in zip(row_of_each(problem.limits).tolist(), problem.limits.choice.tolist(), strict=True):
        under.setdefault(choice, []).append(row)
    numbers: dict[tuple[int, ...], int] = {}
    room = np.full(problem.choice_count, -1, dtype=np.int64)
    for choice in sorted(under):
        room[choice] = numbers.setdefault(tuple(under[choice]), len(numbers))
    return room


def _spare(problem: Problem, room: IntArray, taken: BoolArray) -> FloatArray:
    """Per room: what its tightest limit has left beside the choices taken."""
    left = problem.limit_capacity - problem.limits.totals(taken)
    spare = np.full(int(room.max(initial=-1)) + 1, np.inf)
    np.minimum.at(spare, room[problem.limits.choice], left[row_of_each(problem.limits)])
    return spare
