"""Rows by hand, and every plan of a few choices: what bounds are held to."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from optimiser.county import County
from optimiser.proving.exact_rows import CountyRows, LevelRow, LimitRow
from optimiser.rules.book import standard_rules
from tests.making import snapshot


def by_hand(items: Sequence[int], limits: Sequence[tuple[int, Mapping[int, int]]], levels: Sequence[LevelRow]) -> CountyRows:
    """Items with so many choices each; limits with their room and the minutes of choices."""
    ends = list(itertools.accumulate(items, initial=0))
    return CountyRows(
        county=County.of(snapshot([], [])),
        items=tuple((item,) for item in range(len(items))),
        choices=tuple((item, 0) for item, count in enumerate(items) for _ in range(count)),
        choices_of=tuple(itertools.starmap(range, itertools.pairwise(ends))),
        limits=tuple(LimitRow("hours", f"C{number}", room, minutes) for number, (room, minutes) in enumerate(limits)),
        levels=tuple(levels),
    )


def level_of(costs: Mapping[int, int], *, constant: int = 0, step: int = 1) -> LevelRow:
    """A level of whole costs without parts."""
    return LevelRow(standard_rules().levels[0], 1, constant, costs, (), step)


def legal_plans(rows: CountyRows) -> list[tuple[int, ...]]:
    """The choices taken by every plan that the limits allow."""
    options = [[None, *choices] for choices in rows.choices_of]
    plans = (tuple(choice for choice in plan if choice is not None) for plan in itertools.product(*options))
    return [plan for plan in plans if all(sum(limit.minutes.get(c, 0) for c in plan) <= limit.room for limit in rows.limits)]


def bests(rows: CountyRows, tolerances: Sequence[int]) -> list[int]:
    """Of each level the least among plans that keep the levels before it within best + tolerance."""
    left, found = legal_plans(rows), []
    for level, tolerance in zip(rows.levels, tolerances, strict=True):
        values = {plan: level.whole(level.scaled(plan)) for plan in left}
        found.append(min(values.values()))
        left = [plan for plan in left if values[plan] <= found[-1] + tolerance]
    return found
