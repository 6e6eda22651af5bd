"""One eligibility rule: the smallest change of a person's own that places them, if others who wait may go elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimiser.allocating.waiting_alone import Answer, Waiting, broken_rows, without_moving
from optimiser.county import County, Ints
from optimiser.rules.base import EligibilityRule, Remedy
from optimiser.rules.book import RuleBook
from optimiser.solving.interruptible import Watch
from optimiser.solving.one_more import OneMoreItem
from optimiser.solving.problem import UNPLACED, IntArray, Terms

Pairs = Sequence[tuple[int, int]]
"""Items, each with a contract."""


def pairs_failing_one_rule(county: County, rules: RuleBook, waiting: Waiting) -> Mapping[str, Pairs]:
    """Per eligibility rule: those who wait unplaced, each with the contracts that they may not go to by that rule alone.

    Those who are placed together with others are left out: a change would have to be one for all of them.
    """
    items = [item for item in waiting.unplaced() if len(waiting.item_packages[item]) == 1]
    packages = np.array([waiting.item_packages[item][0] for item in items], dtype=np.int64)
    order = np.argsort(packages)
    failing = {rule.name: ~rule.passes(county, packages[order]) for rule in rules.eligibility} if items else {}
    count = sum(
        (each.astype(np.int64) for each in failing.values()), np.zeros((len(items), len(county.contracts)), dtype=np.int64)
    )
    return {
        name: [(items[order[row]], contract) for row, contract in np.argwhere(each & (count == 1)).tolist()]
        for name, each in failing.items()
    }


class OwnChanges:
    """Answers for one item after the other."""

    def __init__(self, county: County, waiting: Waiting, rule: EligibilityRule, pairs: Pairs, watch: Watch) -> None:
        self._waiting = waiting
        found = [
            (item, contract, remedy)
            for item, contract in pairs
            for remedy in rule.smallest_change(county, waiting.item_packages[item][0], contract)
        ]
        self._items = {item for item, _, _ in found}
        if not found:
            return
        self._scale = math.lcm(*(remedy.amount.denominator for _, _, remedy in found))
        self._widen(county, found)
        self._answers = OneMoreItem(self._problem, self._plan, self._cost, (), watch)
        self._known = {item: self._with_others_in_place(item) for item in sorted(self._items)}
        self._nobody: bool | None = None

    def smallest(self, item: int) -> Answer | None:
        """None where no change of this kind was found."""
        if item not in self._items:
            return None
        known = self._known[item]
        if known is None and self._nobody_fits():
            return None
        if known is not None:
            best, below = without_moving(self._plan, item, known), float(self._cost[known])
            told = self._answers.cheapest(item, below, (best, None))
        else:
            told = self._answers.cheapest(item, math.inf)
        if told.found is not None:
            best = told.found.plan
        elif known is None:
            return None
        cost = int(self._cost[best[item]])
        at_least = cost if told.at_least is None else min(cost, told.at_least)
        return Answer(
            self._remedy[int(best[item])],
            Fraction(at_least, self._scale),
            self._waiting.whole_plan(best, self._contract),
        )

    def _widen(self, county: County, found: Sequence[tuple[int, int, Remedy]]) -> None:
        """The problem with a choice more for each change."""
        waiting, count = self._waiting, self._waiting.problem.choice_count
        item = np.concatenate((waiting.problem.choice_item, np.array([each[0] for each in found], dtype=np.int64)))
        contract = np.concatenate((waiting.choice_contract, np.array([each[1] for each in found], dtype=np.int64)))
        order = np.argsort(item, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        cost = np.zeros(len(order), dtype=np.int64)
        cost[count:] = [int(remedy.amount * self._scale) for _, _, remedy in found]
        self._cost, self._contract = cost[order], contract[order]
        self._remedy = {int(place[count + number]): remedy for number, (_, _, remedy) in enumerate(found)}
        self._plan = np.where(waiting.plan == UNPLACED, UNPLACED, place[waiting.plan])
        self._problem = replace(
            waiting.problem, choice_item=item[order], limits=self._limits(county, found, place), start=self._plan
        )

    def _limits(self, county: County, found: Sequence[tuple[int, int, Remedy]], place: IntArray) -> Terms:
        old, count = self._waiting.problem.limits, self._waiting.problem.choice_count
        packages = np.array([self._waiting.item_packages[item][0] for item, _, _ in found], dtype=np.int64)
        contracts: Ints = np.array([contract for _, contract, _ in found], dtype=np.int64)
        choices, sizes, lengths = [], [], []
        for row in range(len(old)):
            span = slice(old.start[row], old.start[row + 1])
            counted = (
                np.flatnonzero(self._waiting.limits[row].counts_many(county, packages, contracts))
                if row < len(self._waiting.limits)
                else np.zeros(0, dtype=np.int64)
            )
            choices.append(place[np.concatenate((old.choice[span], count + counted))])
            sizes.append(np.concatenate((old.coefficient[span], county.minutes[packages[counted]])))
            lengths.append(len(choices[-1]))
        return Terms(np.concatenate(([0], np.cumsum(lengths))).astype(np.int64), np.concatenate(choices), np.concatenate(sizes))

    def _with_others_in_place(self, item: int) -> int | None:
        """The choice of the smallest change that places an item with everybody else where they are."""
        own = np.flatnonzero((self._problem.choice_item == item) & (self._cost > 0))
        fits = [
            choice for choice in own.tolist() if not broken_rows(self._problem, without_moving(self._plan, item, choice)).any()
        ]
        return min(fits, key=lambda choice: int(self._cost[choice]), default=None)

    def _nobody_fits(self) -> bool:
        if self._nobody is None:
            self._nobody = self._answers.nobody([item for item, known in self._known.items() if known is None])
        return self._nobody
