"""Annealing over plans of thousands, compiled: one to another choice, or two at once, as prices of the relaxation say.

Rooms and earlier levels may be passed on the way, at their prices and more and more dearly (strategic oscillation, Glover 1977;
for assignments to rooms Yagiura, Ibaraki and Glover 2004, *An ejection chain approach for the generalized assignment problem*).
The prices make the search; what a plan is worth is counted elsewhere, in whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimiser.kept_code import kept
from optimiser.solving.linear_program import FloatArray
from optimiser.solving.problem import IntArray

F = TypeVar("F", bound=Callable[..., Any])

NONE = -1
"""In a list of options or a plan: none of the choices."""
LONGEST = 3
"""At most so many change in one step."""
FURTHER = 0.65
"""So often one that comes to a place has another leave it."""
EXCHANGED = 0.6
"""And so often whoever leaves goes to where the first one was, if it can."""
FROM_PASSED = 0.4
"""While a room is passed, so many steps begin with somebody in one."""
FROM_NONE = 0.1
"""So many begin with somebody who has no place."""
LOOK_AGAIN = 512
"""Which rooms are passed is looked at every so many steps."""
FREEZING = 15.0
"""A loss of so many temperatures is not drawn for."""

HELD = 2.0
"""How many times its price a unit of an earlier level counts that is passed, where plans are compared."""
LEAST_GAIN = 1e-9


def compiled(function: F) -> F:
    """A function as machine code, which is kept for later runs."""
    made: F = kept(njit(function))
    return made


def part(function: F) -> F:
    """A part of one: put in its place, since a call that hands on thirty arrays takes longer than a step."""
    made: Any = njit(inline="always")
    inlined: F = made(function)
    return inlined


class Board(NamedTuple):
    """A problem over the choices that are searched: what never changes."""

    start: IntArray
    row: IntArray
    amount: FloatArray
    """Choice c adds ``amount[e]`` to ``row[e]``, e from ``start[c]`` on: limits first, then parts."""
    cost: FloatArray
    """Per choice and level."""
    part_cost: FloatArray
    """Per part and level."""
    capacity: FloatArray
    """Per limit."""
    first: IntArray
    option: IntArray
    """Item i may have ``option[first[i]:first[i + 1]]``: choices, or NONE."""
    place: IntArray
    """Per choice a number, the same for choices that touch the same rows."""
    limit_first: IntArray
    limit_place: IntArray
    """The places that touch each limit."""


class Aims(NamedTuple):
    """What is sought: the least of the last level, the others held at these or below."""

    most: FloatArray
    level_price: FloatArray
    limit_price: FloatArray


class Standing(NamedTuple):
    """A plan with what follows from it, changed in place."""

    at: IntArray
    used: FloatArray
    value: FloatArray
    members: NDArray[np.int32]
    """Who is at each place, the last of which is none."""
    held: IntArray
    """Per place how many."""
    seat: IntArray
    passed: IntArray
    """One number: how many limits are passed."""
    best_at: IntArray
    best: FloatArray
    """One number: what the best plan comes to that passes no limit."""


class Heat(NamedTuple):
    """Of some steps: the temperature, and how many times their prices the limits and the earlier levels count."""

    temperature: float
    limits: float
    levels: float


class Scratch(NamedTuple):
    """Room to work in."""

    change: FloatArray
    touched: IntArray
    marked: NDArray[np.bool_]
    gain: FloatArray
    who: IntArray
    new: IntArray
    passed: IntArray


@part
def _passed(board: Board, now: Standing, room: Scratch) -> int:
    """How many limits are passed; which, in ``room.passed``."""
    found = 0
    for limit in range(len(board.capacity)):
        if now.used[limit] > board.capacity[limit]:
            room.passed[found] = limit
            found += 1
    return found


@part
def _somebody(board: Board, now: Standing, room: Scratch, known: int) -> int:
    """Whom a step begins with; -1 where the draw was empty."""
    drawn, nowhere = np.random.random(), len(now.held) - 1
    if now.passed[0] > 0 and known > 0 and drawn < FROM_PASSED:
        limit = room.passed[np.random.randint(known)]
        first, end = board.limit_first[limit], board.limit_first[limit + 1]
        if now.used[limit] > board.capacity[limit] and end > first:
            place = board.limit_place[first + np.random.randint(end - first)]
            if now.held[place] > 0:
                return int(now.members[place, np.random.randint(now.held[place])])
    elif drawn > 1 - FROM_NONE and now.held[nowhere] > 0:
        return int(now.members[nowhere, np.random.randint(now.held[nowhere])])
    return int(np.random.randint(len(now.at)))


@part
def _place(board: Board, now: Standing, choice: int) -> int:
    return int(board.place[choice]) if choice != NONE else len(now.held) - 1


@part
def _drawn(board: Board, now: Standing, room: Scratch, item: int) -> int:
    """How many change in a step, who and to what in ``room``; 0 where nothing would."""
    many, free = 0, _place(board, now, now.at[item])
    while many < LONGEST:
        first, options = board.first[item], board.first[item + 1] - board.first[item]
        choice = board.option[first + np.random.randint(options)]
        if many > 0 and np.random.random() < EXCHANGED:
            for each in range(first, first + options):
                if _place(board, now, board.option[each]) == free:
                    choice = board.option[each]
        if choice == now.at[item]:
            break
        room.who[many], room.new[many] = item, choice
        many += 1
        place = _place(board, now, choice)
        if place == free or now.held[place] == 0 or np.random.random() >= FURTHER:
            break
        item = int(now.members[place, np.random.randint(now.held[place])])
        again = board.first[item + 1] - board.first[item] < 2
        for each in range(many):
            again = again or room.who[each] == item
        if again:
            break
    return many


@part
def _changes(board: Board, now: Standing, room: Scratch, many: int) -> int:
    """What the step changes of rows and of the levels' own costs; how many rows it touches."""
    touched = 0
    room.gain[:] = 0.0
    for each in range(many):
        for choice, sign in ((now.at[room.who[each]], -1.0), (room.new[each], 1.0)):
            if choice == NONE:
                continue
            for entry in range(board.start[choice], board.start[choice + 1]):
                row = board.row[entry]
                if not room.marked[row]:
                    room.marked[row], room.change[row] = True, 0.0
                    room.touched[touched] = row
                    touched += 1
                room.change[row] += sign * board.amount[entry]
            for level in range(len(room.gain)):
                room.gain[level] += sign * board.cost[choice, level]
    return touched


@part
def _loss(board: Board, aims: Aims, now: Standing, room: Scratch, heat: Heat, touched: int) -> float:
    """What the step costs, at these prices; ``room.gain`` then holds what each level rises by."""
    limits, loss = len(board.capacity), 0.0
    for each in range(touched):
        row = room.touched[each]
        room.marked[row] = False
        change = room.change[row]
        before = now.used[row] - (board.capacity[row] if row < limits else 0.0)
        if change == 0.0 or (before <= 0.0 and before + change <= 0.0):
            continue
        rise = max(0.0, before + change) - max(0.0, before)
        if row < limits:
            loss += heat.limits * aims.limit_price[row] * rise
        else:
            for level in range(len(room.gain)):
                room.gain[level] += board.part_cost[row - limits, level] * rise
    last = len(room.gain) - 1
    for level in range(last):
        if room.gain[level] != 0.0:
            before = now.value[level] - aims.most[level]
            over = max(0.0, before + room.gain[level]) - max(0.0, before)
            loss += heat.levels * aims.level_price[level] * over
    return loss + float(room.gain[last])


@part
def _take(board: Board, now: Standing, room: Scratch, many: int, touched: int) -> None:
    """Take the step."""
    limits = len(board.capacity)
    for each in range(touched):
        row = room.touched[each]
        before = row < limits and now.used[row] > board.capacity[row]
        now.used[row] += room.change[row]
        now.passed[0] += int(row < limits and now.used[row] > board.capacity[row]) - int(before)
    for level in range(len(room.gain)):
        now.value[level] += room.gain[level]
    for each in range(many):
        item = room.who[each]
        place = _place(board, now, now.at[item])
        now.held[place] -= 1
        last = now.members[place, now.held[place]]
        now.members[place, now.seat[item]] = last
        now.seat[last] = now.seat[item]
        now.at[item] = room.new[each]
        place = _place(board, now, room.new[each])
        now.members[place, now.held[place]] = item
        now.seat[item] = now.held[place]
        now.held[place] += 1


@part
def _keep(aims: Aims, now: Standing) -> None:
    """Keep the plan if it is the best one yet that passes no limit."""
    last = len(now.value) - 1
    worth = now.value[last]
    for level in range(last):
        worth += HELD * aims.level_price[level] * max(0.0, now.value[level] - aims.most[level])
    if worth < now.best[0] - LEAST_GAIN * max(1.0, abs(now.best[0])):
        now.best[0] = worth
        now.best_at[:] = now.at


@compiled
def anneal(board: Board, aims: Aims, now: Standing, room: Scratch, heat: Heat, steps: int, seed: int) -> int:
    """So many steps; how many were taken. The best plan that passes no limit is kept on the way."""
    np.random.seed(seed)
    taken, known, looked = 0, 0, -LOOK_AGAIN
    for step in range(steps):
        if now.passed[0] > 0 and step - looked >= LOOK_AGAIN:
            known, looked = _passed(board, now, room), step
        item = _somebody(board, now, room, known)
        if item < 0 or board.first[item + 1] - board.first[item] < 2:
            continue
        many = _drawn(board, now, room, item)
        if many == 0:
            continue
        touched = _changes(board, now, room, many)
        loss = _loss(board, aims, now, room, heat, touched)
        if loss <= 0 or (loss < FREEZING * heat.temperature and np.random.random() < np.exp(-loss / heat.temperature)):
            _take(board, now, room, many, touched)
            taken += 1
            if now.passed[0] == 0:
                _keep(aims, now)
    return taken
