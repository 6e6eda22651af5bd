"""Knapsack separation with lifting: from one limit at a time, what whole items can fill where a relaxation fills with fractions.

A limit row is a knapsack over items. The hull of its whole packings is much smaller than the row itself when a capacity
holds only a few items, which is the rule here: a provider's last hours. For a point of the relaxation, the most violated
inequality over the items it uses is found by a small linear program over all maximal packings (exact separation: Boyd 1994,
*Fenchel cutting planes for integer programs*), made whole, and then lifted in sequence to the items it does not use (Balas
1975, *Facets of the knapsack polytope*) by dynamic programming, all in integers: a cut is valid exactly, not up to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from optimiser.solving.engine import solve_small
from optimiser.solving.linear_program import FloatArray, Rows, row_of_each
from optimiser.solving.problem import BoolArray, IntArray, Problem

MOST_PACKINGS = 400
"""A capacity with more maximal packings than this is left alone: its hull is close to the row."""
LARGEST_DENOMINATOR = 24
VIOLATION = 1e-3


@dataclass(frozen=True, slots=True)
class Knapsack:
    """One limit: per item in it the weight (in the row's common unit), and which choices count as that item."""

    capacity: int
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
        capacity = int(problem.limit_capacity[row]) // unit
        if weight.sum() > capacity:
            found.append(Knapsack(capacity, weight, choices, member.astype(np.int64)))
    return found


def separate(knapsacks: Sequence[Knapsack], point: FloatArray) -> list[Cut]:
    """Of each knapsack the most violated cut at a point (column values), lifted, where there is one to speak of."""
    capacities = [used for used in (_used_knapsack(knapsack, point) for knapsack in knapsacks) if used is not None]
    cuts = (
        _lifted(used, weights)
        for used, weights in zip(capacities, _most_violated(capacities), strict=True)
        if weights is not None
    )
    return [cut for cut in cuts if cut is not None]


@dataclass(frozen=True, slots=True)
class _UsedKnapsack:
    """A knapsack that a point of the relaxation fills with fractions."""

    knapsack: Knapsack
    use: FloatArray
    """Per item: how much of it the point takes."""
    support: IntArray
    """The items that the cut is looked for on."""
    inside: IntArray
    """The items that are taken to be there."""
    packings: list[list[int]]
    """All maximal packings with items of the support (positions in it)."""


def _used_knapsack(knapsack: Knapsack, point: FloatArray) -> _UsedKnapsack | None:
    """None where no cut is to be had, or where there are too many packings."""
    use = np.bincount(knapsack.member, point[knapsack.choice], len(knapsack.weight)).astype(np.float64)
    support = np.flatnonzero(use > 1e-6)
    whole = use[support] > 1 - 1e-6
    if knapsack.weight[support].sum() <= knapsack.capacity or whole.all():
        return None
    packings = _maximal_packings(knapsack.weight[support].tolist(), knapsack.capacity)
    if packings is not None:
        return _UsedKnapsack(knapsack, use, support, np.zeros(0, dtype=np.int64), packings)
    # Too many: look only at the items that the point splits, as if the whole ones were there for good.
    support, inside = support[~whole], support[whole]
    capacity = knapsack.capacity - int(knapsack.weight[inside].sum())
    if capacity < 0 or knapsack.weight[support].sum() <= capacity:
        return None
    packings = _maximal_packings(knapsack.weight[support].tolist(), capacity)
    return None if packings is None else _UsedKnapsack(knapsack, use, support, inside, packings)


def _maximal_packings(weights: list[int], capacity: int) -> list[list[int]] | None:
    """All sets of items that fit and to which no other can be added; None when there are too many."""
    order = sorted(range(len(weights)), key=lambda item: -weights[item])
    rest = [0] * (len(order) + 1)
    for place in range(len(order) - 1, -1, -1):
        rest[place] = rest[place + 1] + weights[order[place]]
    found: list[list[int]] = []
    # (place in the order, capacity left, smallest item left out so far, items taken)
    stack: list[tuple[int, int, float, list[int]]] = [(0, capacity, math.inf, [])]
    while stack:
        place, left, left_out, taken = stack.pop()
        if rest[place] <= left:
            taken = taken + order[place:]
            if left - rest[place] < left_out:
                found.append(taken)
                if len(found) > MOST_PACKINGS:
                    return None
            continue
        item = order[place]
        stack.append((place + 1, left, min(left_out, weights[item]), taken))
        if weights[item] <= left:
            stack.append((place + 1, left - weights[item], left_out, [*taken, item]))
    return found


def _most_violated(capacities: Sequence[_UsedKnapsack]) -> list[list[Fraction] | None]:
    """Per capacity: item weights that add up to at most 1 over every packing, and to as much as possible over the point's use.

    None where that is not more than 1. All stand in one program: to set up one for each would take longer than to solve it.
    """
    if not capacities:
        return []
    first = np.cumsum([0, *(len(used.support) for used in capacities)]).tolist()
    packings = [
        [begin + item for item in packing] for used, begin in zip(capacities, first, strict=False) for packing in used.packings
    ]
    row = np.repeat(np.arange(len(packings), dtype=np.int64), [len(packing) for packing in packings])
    column = np.array([item for packing in packings for item in packing], dtype=np.int64)
    rows = Rows(np.full(len(packings), -np.inf), np.ones(len(packings)), row, column, np.ones(len(row)))
    answer = solve_small(-np.concatenate([used.use[used.support] for used in capacities]), rows)
    if answer is None:
        return [None] * len(capacities)
    found = [answer[begin:end] for begin, end in pairwise(first)]
    return [
        [Fraction(float(value)).limit_denominator(LARGEST_DENOMINATOR) for value in weights]
        if float(weights @ used.use[used.support]) >= 1 + VIOLATION
        else None
        for used, weights in zip(capacities, found, strict=True)
    ]


def _lifted(used: _UsedKnapsack, weights: list[Fraction]) -> Cut | None:
    """The cut in whole numbers over all items: the support's weights, exact right-hand side, others by lifting.

    Items inside were taken to be there: each gets what its leaving could make capacity for, largest first, and the right-hand
    side rises by as much, since it is there at this point.
    """
    knapsack, support, inside = used.knapsack, used.support, used.inside
    scale = math.lcm(*(weight.denominator for weight in weights))
    gain = np.zeros(len(knapsack.weight), dtype=np.int64)
    gain[support] = [int(weight * scale) for weight in weights]
    most = np.zeros(knapsack.capacity + 1, dtype=np.int64)
    for item in support.tolist():
        _add(most, int(knapsack.weight[item]), int(gain[item]))
    capacity = knapsack.capacity - int(knapsack.weight[inside].sum())
    for item in inside[np.argsort(-knapsack.weight[inside], kind="stable")].tolist():
        weight = int(knapsack.weight[item])
        gain[item] = int(most[capacity + weight] - most[capacity])
        _add(most, weight, int(gain[item]))
        capacity += weight
    upper = int(most[-1])
    if float(gain @ used.use) < upper * (1 + VIOLATION):
        return None
    outside = np.setdiff1d(np.arange(len(gain)), np.concatenate((support, inside)))
    for item in outside[np.argsort(-knapsack.weight[outside], kind="stable")].tolist():
        weight = int(knapsack.weight[item])
        gain[item] = upper - (int(most[knapsack.capacity - weight]) if weight <= knapsack.capacity else 0)
        if gain[item]:
            _add(most, weight, int(gain[item]))
    value = gain[knapsack.member]
    held = value > 0
    return Cut(knapsack.choice[held], value[held], upper)


def _add(most: IntArray, weight: int, gain: int) -> None:
    """``most[capacity]`` is the largest gain that fits the capacity; let it count one more item."""
    if weight <= len(most) - 1 and gain > 0:
        np.maximum(most[weight:], most[: len(most) - weight] + gain, out=most[weight:])
