"""A plan made better by hand-sized steps: one person to another contract, or two changing together. No solver, plain arrays.

Every step keeps every limit and makes the plan better in the strict order of levels. Steps are counted, never timed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.rules.vocabulary import FOREMOST, up_to
from optimiser.solving.problem import UNPLACED, IntArray, Problem, Terms

Floats = NDArray[np.float64]

EQUAL = 1e-6
"""Two values of a level closer than this are one."""
MOST_SWEEPS = 4
MOST_TRIES = 12
MOST_TRIES_IN_ALL = 12_000
"""So many pairs are tried to make room for one person, and so many for everybody together."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One item's choices as dense blocks over the few parts and limits that they touch. The last line stands for none."""

    choices: IntArray
    parts: IntArray
    pull: Floats
    """(choices + 1, parts): what each choice adds to each part's row."""
    limits: IntArray
    size: Floats
    """(choices + 1, limits): what each choice takes of each limit."""
    cost: Floats
    """(choices + 1, levels): what each choice costs by itself."""


class Polisher:
    """Improves one plan of one problem."""

    def __init__(self, problem: Problem, plan: IntArray) -> None:
        self._problem = problem
        self._tries_left = MOST_TRIES_IN_ALL
        self._foremost = up_to(problem.levels, *FOREMOST)
        """A step for two is tried for whoever costs something on so many first levels: unmet need and exception."""
        chosen = problem.chosen(plan)
        self._room = (problem.limit_capacity - problem.limits.totals(chosen)).astype(np.float64)
        self._rows = (problem.parts.totals(chosen) + problem.part_constant).astype(np.float64)
        self._part_cost = np.array([[float(cost) for cost in level.part_cost] for level in problem.levels]).T
        self._part_cost = self._part_cost.reshape(len(problem.parts), len(problem.levels))
        self._items = _items(problem)
        self._now = [_line_of(item, int(choice)) for item, choice in zip(self._items, plan, strict=True)]
        self._users = [set[int]() for _ in range(len(problem.limits))]
        for number, item in enumerate(self._items):
            for limit in item.limits[item.size[self._now[number]] > 0].tolist():
                self._users[limit].add(number)

    def polish(self) -> IntArray:
        """The plan when no step that is tried makes it better, or when the sweeps are used up."""
        for number in self._unhappy():
            if not self._move_one(number):
                self._make_room(number)
        for _ in range(MOST_SWEEPS):
            moved = sum(self._move_one(number) for number in range(len(self._items)))
            moved += sum(self._make_room(number) for number in self._unhappy())
            if not moved:
                break
        return self.plan()

    def plan(self) -> IntArray:
        return np.array(
            [
                UNPLACED if line == len(item.choices) else item.choices[line]
                for item, line in zip(self._items, self._now, strict=True)
            ],
            dtype=np.int64,
        )

    def _take_off(self, number: int) -> None:
        """Take an item off its line; it still counts as standing there until it is settled again."""
        item, line = self._items[number], self._now[number]
        self._rows[item.parts] -= item.pull[line]
        self._room[item.limits] += item.size[line]

    def _try_on(self, number: int, line: int, sign: int = 1) -> None:
        """Count an item on a line, or no longer (sign -1)."""
        item = self._items[number]
        self._rows[item.parts] += sign * item.pull[line]
        self._room[item.limits] -= sign * item.size[line]

    def _settle(self, number: int, line: int) -> None:
        """An item that is counted on a line stands there from now on."""
        item = self._items[number]
        for limit in item.limits[item.size[self._now[number]] > 0].tolist():
            self._users[limit].discard(number)
        for limit in item.limits[item.size[line] > 0].tolist():
            self._users[limit].add(number)
        self._now[number] = line

    def _values(self, number: int) -> Floats:
        """Per line of a lifted item: what it makes of every level, up to a constant."""
        item = self._items[number]
        parts = np.maximum(0.0, self._rows[item.parts] + item.pull)
        return np.asarray(item.cost + parts @ self._part_cost[item.parts])

    def _fits(self, number: int) -> NDArray[np.bool_]:
        item = self._items[number]
        fits = np.asarray((item.size <= self._room[item.limits] + EQUAL).all(axis=1))
        fits[-1] = not self._problem.must_place[number]
        return fits

    def _move_one(self, number: int) -> bool:
        """The best place for one item, everybody else where they are."""
        before = self._now[number]
        self._take_off(number)
        values = self._values(number)
        open_to = self._fits(number)
        open_to[before] = True
        best = _first(values, np.flatnonzero(open_to))
        better = _better(values[best] - values[before])
        self._try_on(number, best if better else before)
        if better:
            self._settle(number, best)
        return better

    def _unhappy(self) -> list[int]:
        """Whom a step for two may help: who costs something on one of the first levels, in the strict order, dearest first."""
        paying = []
        for number, item in enumerate(self._items):
            extra = item.cost[self._now[number]] - item.cost.min(axis=0)
            for level, amount in enumerate(extra[: self._foremost].tolist()):
                if amount > EQUAL:
                    paying.append((level, -amount, number))
                    break
        return [number for _, _, number in sorted(paying)]

    def _make_room(self, number: int) -> bool:
        """A better place for one item by moving one other, where that makes the plan better as a whole."""
        before = self._now[number]
        self._take_off(number)
        item, values = self._items[number], self._values(number)
        gains = values - values[before]
        tries = min(MOST_TRIES, self._tries_left)
        for line in np.lexsort(gains.T[::-1]).tolist():
            if not _better(gains[line]) or tries <= 0:
                break
            if line == len(item.choices) and self._problem.must_place[number]:
                continue
            tight = item.limits[item.size[line] > self._room[item.limits] + EQUAL]
            if not len(tight):
                continue
            users = set.intersection(*(self._users[limit] for limit in tight.tolist())) - {number}
            for other in sorted(users)[:tries]:
                tries -= 1
                self._tries_left -= 1
                if self._pair(number, line, other, gains[line]):
                    return True
        self._try_on(number, before)
        return False

    def _pair(self, number: int, line: int, other: int, gain: Floats) -> bool:
        """Put an item that is off its line on another, and somebody else elsewhere, if that fits and gains; undone if not."""
        self._take_off(other)
        self._try_on(number, line)
        if (self._room[self._items[number].limits] >= -EQUAL).all():
            values, there = self._values(other), self._now[other]
            open_to = np.flatnonzero(self._fits(other))
            best = _first(values, open_to) if len(open_to) else there
            if len(open_to) and _better(gain + values[best] - values[there]):
                self._try_on(other, best)
                self._settle(number, line)
                self._settle(other, best)
                return True
        self._try_on(number, line, sign=-1)
        self._try_on(other, self._now[other])
        return False


def _first(values: Floats, lines: IntArray) -> int:
    """The line that is best in the strict order; values closer than ``EQUAL`` count as one."""
    for level in range(values.shape[1]):
        column = values[lines, level]
        lines = lines[column <= column.min() + EQUAL]
        if len(lines) == 1:
            break
    return int(lines[0])


def _better(difference: Floats) -> bool:
    counted = np.flatnonzero(np.abs(difference) > EQUAL)
    return bool(len(counted)) and bool(difference[counted[0]] < 0)


def _line_of(item: _Item, choice: int) -> int:
    return len(item.choices) if choice == UNPLACED else int(np.searchsorted(item.choices, choice))


def _items(problem: Problem) -> list[_Item]:
    """Every item's blocks. A problem's choices are sorted by item."""
    ends = np.searchsorted(problem.choice_item, np.arange(problem.item_count + 1))
    parts, limits = _by_choice(problem.parts, problem.choice_count), _by_choice(problem.limits, problem.choice_count)
    costs = np.stack([level.choice_cost for level in problem.levels], axis=1).astype(np.float64)
    made = []
    for first, last in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        touched, pull = _block(parts, first, last)
        held, size = _block(limits, first, last)
        cost = np.concatenate((costs[first:last], np.zeros((1, costs.shape[1]))))
        made.append(_Item(np.arange(first, last, dtype=np.int64), touched, pull, held, size, cost))
    return made


def _by_choice(terms: Terms, count: int) -> tuple[IntArray, IntArray, IntArray]:
    """Rows turned into columns: per choice its entries, as (start, row, coefficient)."""
    row = np.repeat(np.arange(len(terms), dtype=np.int64), np.diff(terms.start))
    order = np.argsort(terms.choice, kind="stable")
    start = np.searchsorted(terms.choice[order], np.arange(count + 1))
    return start.astype(np.int64), row[order], terms.coefficient[order]


def _block(columns: tuple[IntArray, IntArray, IntArray], first: int, last: int) -> tuple[IntArray, Floats]:
    """The entries of some neighbouring choices as a dense block, with a line of zeros for none of them."""
    start, row, coefficient = columns
    span = slice(int(start[first]), int(start[last]))
    touched, place = np.unique(row[span], return_inverse=True)
    block = np.zeros((last - first + 1, len(touched)))
    line = np.repeat(np.arange(last - first), np.diff(start[first : last + 1]))
    block[line, place.reshape(-1)] = coefficient[span]
    return touched, block
