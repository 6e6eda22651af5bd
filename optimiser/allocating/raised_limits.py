"""One kind of limit: the smallest raise of any one of them that places somebody, if others who wait may go elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from optimiser.allocating.waiting_alone import Answer, Waiting, broken_rows, without_moving
from optimiser.county import County
from optimiser.explaining.remedies import RAISE_AT_EASE, in_proportion
from optimiser.rules.base import LimitRule, Remedy
from optimiser.solving.dantzig_wolfe.raised_knapsacks import Raise
from optimiser.solving.interruptible import Watch
from optimiser.solving.one_more import OneMoreItem
from optimiser.solving.problem import IntArray
from optimiser.solving.rhs_tightening import sums_between

FIRST_REACH = 120
"""Raises are looked for up to so many minutes a week, or twice as many, and so on, as somebody asks for: small ones are soon found."""


@dataclass(frozen=True)
class _Known:
    """A raise that places somebody with everybody else where they are."""

    remedy: Remedy
    minutes: Fraction
    row: int
    more: int
    plan: IntArray


@dataclass(frozen=True)
class _Asked:
    """Every raise up to a reach, each with its remedy and by how many minutes it raises its limit."""

    remedies: list[Remedy]
    minutes: list[Fraction]
    raises: list[Raise]
    scale: int
    """Costs are amounts times this: whole numbers."""
    answers: OneMoreItem


class RaisedLimits:
    """Answers for one item after the other."""

    def __init__(self, county: County, waiting: Waiting, rule: LimitRule, watch: Watch) -> None:
        self._county, self._waiting, self._rule, self._watch = county, waiting, rule, watch
        self._rows = {
            row: sizes for row, limit in enumerate(waiting.limits) if limit.rule == rule.name and (sizes := waiting.sizes(row))
        }
        self._within: dict[int, _Asked] = {}
        self._known = {item: self._with_others_in_place(item) for item in waiting.unplaced()} if self._rows else {}
        self._nobody: dict[int, bool] = {}

    def smallest(self, item: int) -> Answer | None:
        """None where no raise of this kind was found, up to ``RAISE_AT_EASE`` times the care where there is none with others in place."""
        if not self._rows:
            return None
        known = self._known[item]
        own = self._waiting.minutes(self._county, item)
        # A remedy's amount may be up to a quarter of an hour more than what it has to be.
        reach = self._reach(known.minutes + 15 if known else Fraction(RAISE_AT_EASE * own))
        asked = self._asked(reach)
        if known is not None:
            at_most = int(known.remedy.amount * asked.scale)
            number = next(n for n, each in enumerate(asked.raises) if (each.limit, each.more) == (known.row, known.more))
            found = asked.answers.cheapest(item, at_most, (known.plan, number))
        elif self._nobody_fits(reach, asked):
            return None
        else:
            in_reach = [cost.cost for cost, more in zip(asked.raises, asked.minutes, strict=True) if more <= RAISE_AT_EASE * own]
            found = asked.answers.cheapest(item, max(in_reach, default=0))
        if found.plan is None or found.raised is None:
            return None
        return Answer(
            in_proportion(asked.remedies[found.raised], asked.minutes[found.raised], own),
            Fraction(found.bound, asked.scale),
            self._waiting.whole_plan(found.plan, self._waiting.choice_contract),
        )

    def _with_others_in_place(self, item: int) -> _Known | None:
        problem, plan = self._waiting.problem, self._waiting.plan
        best: _Known | None = None
        for choice in (problem.choice_item == item).nonzero()[0].tolist():
            placed = without_moving(plan, item, choice)
            over = broken_rows(problem, placed)
            rows = over.nonzero()[0].tolist()
            if len(rows) != 1 or rows[0] not in self._rows:
                continue
            for remedy, minutes in self._raised(rows[0], int(over[rows[0]])):
                if best is None or remedy.amount < best.remedy.amount:
                    best = _Known(remedy, minutes, rows[0], int(over[rows[0]]), placed)
        return best

    def _raised(self, row: int, more: int) -> list[tuple[Remedy, Fraction]]:
        """What raises a row's capacity by so much, and by how many minutes it raises the limit itself."""
        limit, needed = self._waiting.limits[row], Fraction(self._waiting.filled[row] + more)
        return [(remedy, needed - limit.minutes) for remedy in self._rule.raised(self._county, limit, needed)]

    def _reach(self, minutes: Fraction) -> int:
        reach = FIRST_REACH
        while reach < minutes:
            reach *= 2
        return reach

    def _asked(self, reach: int) -> _Asked:
        if reach not in self._within:
            self._within[reach] = self._made(reach)
        return self._within[reach]

    def _made(self, reach: int) -> _Asked:
        waiting = self._waiting
        found: list[tuple[int, int, Remedy, Fraction]] = []
        for row, sizes in self._rows.items():
            capacity = int(waiting.problem.limit_capacity[row])
            most = math.floor(reach - waiting.filled[row] + waiting.limits[row].minutes)
            for total in sums_between(sizes, capacity, capacity + most):
                found += [(row, total - capacity, *made) for made in self._raised(row, total - capacity)]
        scale = math.lcm(*(remedy.amount.denominator for _, _, remedy, _ in found))
        raises = [Raise(row, more, int(remedy.amount * scale)) for row, more, remedy, _ in found]
        answers = OneMoreItem(waiting.problem, waiting.plan, 0 * waiting.problem.choice_item, raises, self._watch)
        return _Asked([each[2] for each in found], [each[3] for each in found], raises, scale, answers)

    def _nobody_fits(self, reach: int, asked: _Asked) -> bool:
        """Whether no raise within reach places any one of those for whom there is none with others in place."""
        if reach not in self._nobody:
            group = [item for item, known in self._known.items() if known is None]
            self._nobody[reach] = asked.answers.nobody(group)
        return self._nobody[reach]
