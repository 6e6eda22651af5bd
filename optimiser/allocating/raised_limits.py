"""One kind of limit: the smallest raise of any one of them that places somebody, if others who wait may go elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from optimiser.allocating.waiting_alone import Answer, Waiting, broken_rows, without_moving
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.explaining.remedies import RAISE_AT_EASE, in_proportion
from optimiser.rules.base import LimitRule, Remedy
from optimiser.solving.dantzig_wolfe.raised_knapsacks import Raise
from optimiser.solving.interruptible import Watch
from optimiser.solving.one_more import OneMoreItem
from optimiser.solving.problem import IntArray
from optimiser.solving.rhs_tightening import sums_between

FEW_LIMITS = 4
"""So few limits of a kind are looked at one by one."""
FIRST_REACH = 120
"""Raises are looked for up to so many minutes a week, or twice as many, and so on, as it takes: small ones are soon found."""


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
    """Every raise of some limits up to a reach, each with its remedy and by how many minutes it raises its limit."""

    remedies: list[Remedy]
    minutes: list[Fraction]
    raises: list[Raise]
    scale: int
    """Costs are amounts times this: whole numbers."""
    answers: OneMoreItem

    def point(self, known: _Known) -> tuple[IntArray, int] | None:
        """The plan of a raise that is known, with its number; None where its limit is not one of these."""
        numbers = (n for n, each in enumerate(self.raises) if (each.limit, each.more) == (known.row, known.more))
        return next(((known.plan, number) for number in numbers), None)

    def dearest(self, minutes: Fraction) -> int:
        """The cost of the largest raise up to so many minutes."""
        return max((each.cost for each, more in zip(self.raises, self.minutes, strict=True) if more <= minutes), default=0)


class RaisedLimits:
    """Answers for one item after the other."""

    def __init__(self, county: County, waiting: Waiting, rule: LimitRule, watch: Watch) -> None:
        self._county, self._waiting, self._rule, self._watch = county, waiting, rule, watch
        self._rows = {
            row: sizes for row, limit in enumerate(waiting.limits) if limit.rule == rule.name and (sizes := waiting.sizes(row))
        }
        self._within: dict[int, list[_Asked]] = {}
        self._known = {item: self._with_others_in_place(item) for item in waiting.unplaced()} if self._rows else {}
        self._nobody: dict[int, list[bool]] = {}

    def smallest(self, item: int) -> Answer | None:
        """None where no raise of this kind was found; looked for, where there is none with others in place, up to
        ``RAISE_AT_EASE`` times the care.
        """
        if not self._rows:
            return None
        known, own = self._known[item], self._waiting.minutes(self._county, item)
        best = None if known is None else Answer(known.remedy, known.remedy.amount, self._whole(known.plan))
        minutes = Fraction(RAISE_AT_EASE * own) if known is None else known.minutes
        at_least: list[Fraction] = []
        # A remedy's amount may be up to a quarter of an hour more than what it has to be.
        reach = self._reach(minutes + 15)
        for which, asked in enumerate(self._asked(reach)):
            if known is None and self._nobody_fits(reach)[which]:
                continue
            below = asked.dearest(minutes) + 1 if best is None else math.ceil(best.remedy.amount * asked.scale)
            told = asked.answers.cheapest(item, below, None if known is None else asked.point(known))
            if told.at_least is not None:
                at_least.append(Fraction(told.at_least, asked.scale))
            if told.found is not None and told.found.raised is not None:
                number = told.found.raised
                remedy = in_proportion(asked.remedies[number], asked.minutes[number], own)
                best = Answer(remedy, remedy.amount, self._whole(told.found.plan))
        return None if best is None else replace(best, at_least=min([best.remedy.amount, *at_least]))

    def _whole(self, plan: IntArray) -> Plan:
        return self._waiting.whole_plan(plan, self._waiting.choice_contract)

    def _with_others_in_place(self, item: int) -> _Known | None:
        problem, plan = self._waiting.problem, self._waiting.plan
        own = self._waiting.minutes(self._county, item)
        best: _Known | None = None
        for choice in (problem.choice_item == item).nonzero()[0].tolist():
            placed = without_moving(plan, item, choice)
            over = broken_rows(problem, placed)
            rows = over.nonzero()[0].tolist()
            if len(rows) != 1 or rows[0] not in self._rows:
                continue
            for remedy, minutes in self._raised(rows[0], int(over[rows[0]])):
                if best is None or remedy.amount < best.remedy.amount:
                    best = _Known(in_proportion(remedy, minutes, own), minutes, rows[0], int(over[rows[0]]), placed)
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

    def _asked(self, reach: int) -> list[_Asked]:
        """The raises within reach: where there are few limits one by one, so that each is looked at as closely as can be."""
        if reach not in self._within:
            together = [list(self._rows)] if len(self._rows) > FEW_LIMITS else [[row] for row in self._rows]
            made = (self._made(rows, reach) for rows in together)
            self._within[reach] = [each for each in made if each.raises]
        return self._within[reach]

    def _made(self, rows: list[int], reach: int) -> _Asked:
        waiting = self._waiting
        found: list[tuple[int, int, Remedy, Fraction]] = []
        for row in rows:
            capacity = int(waiting.problem.limit_capacity[row])
            most = math.floor(reach - waiting.filled[row] + waiting.limits[row].minutes)
            for total in sums_between(self._rows[row], capacity, capacity + most):
                found += [(row, total - capacity, *made) for made in self._raised(row, total - capacity)]
        scale = math.lcm(*(remedy.amount.denominator for _, _, remedy, _ in found))
        raises = [Raise(row, more, int(remedy.amount * scale)) for row, more, remedy, _ in found]
        answers = OneMoreItem(waiting.problem, waiting.plan, 0 * waiting.problem.choice_item, raises, self._watch)
        return _Asked([each[2] for each in found], [each[3] for each in found], raises, scale, answers)

    def _nobody_fits(self, reach: int) -> list[bool]:
        """Of the raises within reach: whether none places any one of those for whom there is none with others in place."""
        if reach not in self._nobody:
            group = [item for item, known in self._known.items() if known is None]
            self._nobody[reach] = [asked.answers.nobody(group) for asked in self._asked(reach)]
        return self._nobody[reach]
