"""Cuts from one limit at a time: what whole items can fill of a room, where a relaxation fills it with fractions.

A limit row is a knapsack over items. The hull of its whole fillings is much smaller than the row itself when a room
holds only a few items, which is the rule here: a provider's last hours. For a point of the relaxation, the most violated
inequality over the items it uses is found by a small linear program over all maximal fillings, made whole, and then
lifted to the items it does not use by dynamic programming, all in integers: a cut is valid exactly, not up to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from optimiser.solving.engine import solve_small
from optimiser.solving.linear import FloatArray, Rows, row_of_each
from optimiser.solving.problem import BoolArray, IntArray, Problem

MOST_FILLINGS = 400
"""A room with more maximal fillings than this is left alone: its hull is close to the row."""
LARGEST_DENOMINATOR = 24
VIOLATION = 1e-3


@dataclass(frozen=True, slots=True)
class Knapsack:
    """One limit: per item in it the weight (in the row's common unit), and which choices count as that item."""

    room: int
    weight: IntArray
    choice: IntArray
    """The row's choices that can be taken, by item."""
    member: IntArray
    """Per choice: the position of its item in ``weight``."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Coefficients over choices, at most ``upper``, for every legal plan."""

    choice: IntArray
    value: IntArray
    upper: int


def knapsacks(problem: Problem, alive: BoolArray) -> list[Knapsack]:
    """The limits that the choices alive can overfill at all."""
    found = []
    row_of = row_of_each(problem.limits)
    usable = alive[problem.limits.choice] & (problem.limits.coefficient > 0)
    for row in range(len(problem.limits)):
        entries = np.flatnonzero(usable & (row_of == row))
        if not len(entries):
            continue
        choices, sizes = problem.limits.choice[entries], problem.limits.coefficient[entries]
        unit = math.gcd(*sizes.tolist())
        items, member = np.unique(problem.choice_item[choices], return_inverse=True)
        # Choices of one item may differ in size: the smallest is a valid, if weaker, weight for the item.
        weight = np.full(len(items), np.iinfo(np.int64).max)
        np.minimum.at(weight, member, sizes // unit)
        room = int(problem.limit_room[row]) // unit
        if weight.sum() > room:
            found.append(Knapsack(room, weight, choices, member.astype(np.int64)))
    return found


def separate(knapsacks: Sequence[Knapsack], point: FloatArray) -> list[Cut]:
    """Of each knapsack the most violated cut at a point (column values), lifted, where there is one to speak of."""
    rooms = [used for used in (_used_room(knapsack, point) for knapsack in knapsacks) if used is not None]
    cuts = (_lifted(used, weights) for used, weights in zip(rooms, _most_violated(rooms), strict=True) if weights is not None)
    return [cut for cut in cuts if cut is not None]


@dataclass(frozen=True, slots=True)
class _UsedRoom:
    """A knapsack that a point of the relaxation fills with fractions."""

    knapsack: Knapsack
    use: FloatArray
    """Per item: how much of it the point takes."""
    support: IntArray
    """The items that the cut is looked for on."""
    inside: IntArray
    """The items that are taken to be there."""
    fillings: list[list[int]]
    """All maximal fillings with items of the support (positions in it)."""


def _used_room(knapsack: Knapsack, point: FloatArray) -> _UsedRoom | None:
    """None where no cut is to be had, or where there are too many fillings."""
    use = np.bincount(knapsack.member, point[knapsack.choice], len(knapsack.weight)).astype(np.float64)
    support = np.flatnonzero(use > 1e-6)
    whole = use[support] > 1 - 1e-6
    if knapsack.weight[support].sum() <= knapsack.room or whole.all():
        return None
    fillings = _maximal_fillings(knapsack.weight[support].tolist(), knapsack.room)
    if fillings is not None:
        return _UsedRoom(knapsack, use, support, np.zeros(0, dtype=np.int64), fillings)
    # Too many: look only at the items that the point splits, as if the whole ones were there for good.
    support, inside = support[~whole], support[whole]
    room = knapsack.room - int(knapsack.weight[inside].sum())
    if room < 0 or knapsack.weight[support].sum() <= room:
        return None
    fillings = _maximal_fillings(knapsack.weight[support].tolist(), room)
    return None if fillings is None else _UsedRoom(knapsack, use, support, inside, fillings)


def _maximal_fillings(weights: list[int], room: int) -> list[list[int]] | None:
    """All sets of items that fit and to which no other can be added; None when there are too many."""
    order = sorted(range(len(weights)), key=lambda item: -weights[item])
    rest = [0] * (len(order) + 1)
    for place in range(len(order) - 1, -1, -1):
        rest[place] = rest[place + 1] + weights[order[place]]
    found: list[list[int]] = []
    # (place in the order, room left, smallest item left out so far, items taken)
    stack: list[tuple[int, int, float, list[int]]] = [(0, room, math.inf, [])]
    while stack:
        place, left, left_out, taken = stack.pop()
        if rest[place] <= left:
            taken = taken + order[place:]
            if left - rest[place] < left_out:
                found.append(taken)
                if len(found) > MOST_FILLINGS:
                    return None
            continue
        item = order[place]
        stack.append((place + 1, left, min(left_out, weights[item]), taken))
        if weights[item] <= left:
            stack.append((place + 1, left - weights[item], left_out, [*taken, item]))
    return found


def _most_violated(rooms: Sequence[_UsedRoom]) -> list[list[Fraction] | None]:
    """Per room: item weights that add up to at most 1 over every filling, and to as much as possible over the point's use.

    None where that is not more than 1. All rooms stand in one program: to set up one for each would take longer than to solve it.
    """
    if not rooms:
        return []
    first = np.cumsum([0, *(len(used.support) for used in rooms)]).tolist()
    fillings = [
        [begin + item for item in filling] for used, begin in zip(rooms, first, strict=False) for filling in used.fillings
    ]
    row = np.repeat(np.arange(len(fillings), dtype=np.int64), [len(filling) for filling in fillings])
    column = np.array([item for filling in fillings for item in filling], dtype=np.int64)
    rows = Rows(np.full(len(fillings), -np.inf), np.ones(len(fillings)), row, column, np.ones(len(row)))
    answer = solve_small(-np.concatenate([used.use[used.support] for used in rooms]), rows)
    if answer is None:
        return [None] * len(rooms)
    found = [answer[begin:end] for begin, end in pairwise(first)]
    return [
        [Fraction(float(value)).limit_denominator(LARGEST_DENOMINATOR) for value in weights]
        if float(weights @ used.use[used.support]) >= 1 + VIOLATION
        else None
        for used, weights in zip(rooms, found, strict=True)
    ]


def _lifted(used: _UsedRoom, weights: list[Fraction]) -> Cut | None:
    """The cut in whole numbers over all items: the support's weights, exact right-hand side, others by lifting.

    Items inside were taken to be there: each gets what its leaving could make room for, largest first, and the right-hand
    side rises by as much, since it is there at this point.
    """
    knapsack, support, inside = used.knapsack, used.support, used.inside
    scale = math.lcm(*(weight.denominator for weight in weights))
    gain = np.zeros(len(knapsack.weight), dtype=np.int64)
    gain[support] = [int(weight * scale) for weight in weights]
    most = np.zeros(knapsack.room + 1, dtype=np.int64)
    for item in support.tolist():
        _add(most, int(knapsack.weight[item]), int(gain[item]))
    room = knapsack.room - int(knapsack.weight[inside].sum())
    for item in inside[np.argsort(-knapsack.weight[inside], kind="stable")].tolist():
        weight = int(knapsack.weight[item])
        gain[item] = int(most[room + weight] - most[room])
        _add(most, weight, int(gain[item]))
        room += weight
    upper = int(most[-1])
    if float(gain @ used.use) < upper * (1 + VIOLATION):
        return None
    outside = np.setdiff1d(np.arange(len(gain)), np.concatenate((support, inside)))
    for item in outside[np.argsort(-knapsack.weight[outside], kind="stable")].tolist():
        weight = int(knapsack.weight[item])
        gain[item] = upper - (int(most[knapsack.room - weight]) if weight <= knapsack.room else 0)
        if gain[item]:
            _add(most, weight, int(gain[item]))
    value = gain[knapsack.member]
    held = value > 0
    return Cut(knapsack.choice[held], value[held], upper)


def _add(most: IntArray, weight: int, gain: int) -> None:
    """``most[room]`` is the largest gain that fits the room; let it count one more item."""
    if weight <= len(most) - 1 and gain > 0:
        np.maximum(most[weight:], most[: len(most) - weight] + gain, out=most[weight:])
