"""From a problem and the prices of its relaxation to the arrays that are annealed over, and back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from optimiser.solving.integer_objective import Measure
from optimiser.solving.linear_program import FloatArray, row_of_each
from optimiser.solving.placing_anew.along_prices import LONGEST, NONE, Aims, Board, Scratch, Standing
from optimiser.solving.placing_anew.sifted_relaxation import Priced
from optimiser.solving.problem import UNPLACED, IntArray, Problem

OPTIONS = 12
"""So many choices an item are searched, those with the lowest floors."""
LEAST_PRICE = 0.2
"""A limit counts at least so many times the usual price."""
LEAST_LEVEL_PRICE = 10.0
"""An earlier level counts at least so many times what it is to the last one in proportion."""
NEVER = 1e300
"""What the best comes to before there is one."""


@dataclass(frozen=True)
class Search:
    """What is annealed over, with the way back to the problem."""

    board: Board
    aims: Aims
    kept: IntArray
    """Per choice of the board: the problem's."""
    constants: FloatArray
    """Per part."""

    def plan_of(self, at: IntArray) -> IntArray:
        """The problem's plan."""
        return np.where(at == NONE, UNPLACED, self.kept[np.maximum(at, 0)])

    def standing(self, plan: IntArray) -> Standing:
        """To begin from a plan whose choices are all on the board."""
        number = np.full(int(self.kept.max(initial=0)) + 1, NONE, dtype=np.int64)
        number[self.kept] = np.arange(len(self.kept))
        at = np.where(plan == UNPLACED, NONE, number[np.maximum(plan, 0)])
        board, places = self.board, int(self.board.place.max(initial=-1)) + 1
        limits = len(board.capacity)
        used = np.concatenate((np.zeros(limits), self.constants))
        placed = at[at != NONE]
        for choice in placed.tolist():
            entries = slice(board.start[choice], board.start[choice + 1])
            used[board.row[entries]] += board.amount[entries]
        value = board.cost[placed].sum(axis=0) + np.einsum("p,pl->l", np.maximum(0.0, used[limits:]), board.part_cost)
        at_place = np.where(at == NONE, places, board.place[np.maximum(at, 0)] if len(board.place) else places)
        count = np.bincount(at_place, minlength=places + 1).astype(np.int64)
        members, seat = np.full((places + 1, len(at)), NONE, dtype=np.int32), np.zeros(len(at), dtype=np.int64)
        for place in range(places + 1):
            there = np.flatnonzero(at_place == place)
            members[place, : len(there)] = there
            seat[there] = np.arange(len(there))
        passed = int((used[:limits] > board.capacity).sum())
        return Standing(at, used, value, members, count, seat, np.array([passed], dtype=np.int64), at.copy(), np.array([NEVER]))

    def scratch(self) -> Scratch:
        rows = len(self.board.capacity) + len(self.board.part_cost)
        return Scratch(
            change=np.zeros(rows),
            touched=np.zeros(rows, dtype=np.int64),
            marked=np.zeros(rows, dtype=np.bool_),
            gain=np.zeros(self.board.cost.shape[1]),
            who=np.zeros(LONGEST, dtype=np.int64),
            new=np.zeros(LONGEST, dtype=np.int64),
            passed=np.zeros(len(self.board.capacity) + 1, dtype=np.int64),
        )


def search_of(problem: Problem, measures: list[Measure], allowed: list[int], priced: Priced, plans: list[IntArray]) -> Search:
    """A search for the least of the last of these levels. ``allowed``: the most of each, in its own unit. ``plans``: those that
    it may begin from.
    """
    option_of = np.zeros(problem.choice_count, dtype=np.bool_)
    rank = np.empty(problem.choice_count, dtype=np.int64)
    order = np.lexsort((priced.floors, problem.choice_item))
    rank[order] = np.arange(len(order)) - np.searchsorted(problem.choice_item, problem.choice_item[order])
    option_of[:] = (rank < OPTIONS) & np.isfinite(priced.floors)
    for plan in plans:
        option_of[plan[plan != UNPLACED]] = True
    kept = np.flatnonzero(option_of)
    free = np.flatnonzero(~problem.must_place)
    options = np.concatenate((np.arange(len(kept)), np.full(len(free), NONE)))
    whose = np.concatenate((problem.choice_item[kept], free))
    order = np.argsort(whose, kind="stable")
    first = np.searchsorted(whose[order], np.arange(problem.item_count + 1)).astype(np.int64)
    start, row, amount = _rows_by_choice(problem, kept)
    place = _places(start, row)
    limit_first, limit_place = _places_of_limits(len(problem.limits), start, row, place)
    board = Board(
        start=start,
        row=row,
        amount=amount,
        cost=np.ascontiguousarray(np.array([each.choice_cost[kept] / each.scale for each in measures], dtype=np.float64).T),
        part_cost=np.ascontiguousarray(
            np.array([each.part_cost / each.scale for each in measures], dtype=np.float64).T.reshape(-1, len(measures))
        ),
        capacity=problem.limit_capacity.astype(np.float64),
        first=first,
        option=options[order].astype(np.int64),
        place=place,
        limit_first=limit_first,
        limit_place=limit_place,
    )
    return Search(board, _aims(measures, allowed, priced), kept, problem.part_constant.astype(np.float64))


def _aims(measures: list[Measure], allowed: list[int], priced: Priced) -> Aims:
    last = measures[-1]
    most = np.array([most + 0.499 - float(each.level.constant) for each, most in zip(measures, allowed, strict=True)])
    prices = np.zeros(len(measures))
    for place, (each, most_of) in enumerate(zip(measures[:-1], allowed[:-1], strict=True)):
        prices[place] = priced.level_prices[place] * each.scale / last.scale
        prices[place] = max(prices[place], LEAST_LEVEL_PRICE * max(allowed[-1], 1) / max(most_of, 1))
    limits = priced.limit_prices / last.scale
    usual = float(np.median(limits[limits > 0])) if (limits > 0).any() else 1.0
    return Aims(most, prices, np.maximum(limits, LEAST_PRICE * usual))


def _rows_by_choice(problem: Problem, kept: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Per choice of the board the rows that it touches: limits, then parts."""
    number = np.full(problem.choice_count, NONE, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    row = np.concatenate((row_of_each(problem.limits), len(problem.limits) + row_of_each(problem.parts)))
    choice = number[np.concatenate((problem.limits.choice, problem.parts.choice))]
    amount = np.concatenate((problem.limits.coefficient, problem.parts.coefficient)).astype(np.float64)
    here = np.flatnonzero(choice != NONE)
    order = here[np.lexsort((row[here], choice[here]))]
    start = np.searchsorted(choice[order], np.arange(len(kept) + 1)).astype(np.int64)
    return start, row[order].astype(np.int64), amount[order]


def _places(start: IntArray, row: IntArray) -> IntArray:
    """A number per choice, the same for those that touch the same rows."""
    numbers: dict[bytes, int] = {}
    return np.array([numbers.setdefault(row[a:b].tobytes(), len(numbers)) for a, b in pairwise(start.tolist())], dtype=np.int64)


def _places_of_limits(limits: int, start: IntArray, row: IntArray, place: IntArray) -> tuple[IntArray, IntArray]:
    found: list[list[int]] = [[] for _ in range(limits)]
    _, examples = np.unique(place, return_index=True)
    for number, choice in enumerate(examples.tolist()):
        for each in row[start[choice] : start[choice + 1]].tolist():
            if each < limits:
                found[each].append(number)
    first = np.concatenate(([0], np.cumsum([len(each) for each in found]))).astype(np.int64)
    return first, np.array([number for each in found for number in each], dtype=np.int64)
