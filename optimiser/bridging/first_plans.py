"""Plans by hand: to begin with, one for each alternative, and to end with, from nearer.

To begin with, contract after contract is filled with the visits that use most of its room.

What fills a contract best is a subset sum (Kellerer, Pferschy and Pisinger 2004, *Knapsack Problems*, chapter 4): every sum that
people's visits can reach, and how. Where people wait with more than there is room for, such a plan is often the best there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from optimiser.bridging.alternatives import NONE_EMPTY, WHOLE_FIRST, Alternative
from optimiser.bridging.formulation import Model
from optimiser.bridging.options import Option
from optimiser.domain.records import HARMS
from optimiser.solving.problem import UNPLACED, IntArray

UNLIMITED = 10**9
"""Minutes left where nothing limits a contract."""


def first_plan(model: Model, alternative: Alternative) -> IntArray:
    """A legal plan with the alternative in mind: who is to have something (or everything) has it before the room is filled."""
    filling = Filling(model)
    if alternative.begins_with == NONE_EMPTY:
        filling.seed(lambda options: options)
    elif alternative.begins_with == WHOLE_FIRST:
        filling.seed(lambda options: [choice for choice in options if model.options[choice].is_whole])
    for harm in HARMS:
        filling.fill(harm)
    return filling.plan


def brought_nearer(model: Model, plan: IntArray) -> IntArray:
    """The same visits of the same people, each from the nearest office that has room, and alike on every level.

    One after the other, most harm first: no level tells these plans apart, and none claims to be the nearest of all.
    """
    filling = Filling(model)
    for item in np.flatnonzero(plan != UNPLACED).tolist():
        filling.take(item, int(plan[item]))
    filling.bring_nearer()
    return filling.plan


class Filling:
    """A plan as it grows, with what is left of every limit."""

    def __init__(self, model: Model) -> None:
        problem = model.problem
        self.plan: IntArray = problem.start.copy()
        self._model = model
        self._left = problem.limit_capacity.tolist()
        self._uses: dict[int, list[tuple[int, int]]] = defaultdict(list)
        terms = problem.limits
        for row in range(len(terms)):
            for place in range(int(terms.start[row]), int(terms.start[row + 1])):
                self._uses[int(terms.choice[place])].append((row, int(terms.coefficient[place])))
        self.of_item: dict[int, list[int]] = defaultdict(list)
        """Per item its choices."""
        for choice, item in enumerate(problem.choice_item.tolist()):
            self.of_item[item].append(choice)
        self._item_of = {self._option(choices[0]).person.person_id: item for item, choices in self.of_item.items()}
        """Of everybody who can have anything at all."""

    def _option(self, choice: int) -> Option:
        return self._model.options[choice]

    def take(self, item: int, choice: int) -> None:
        """One choice for a person (or none), in place of the one that they have."""
        held = int(self.plan[item])
        for taken, sign in ((held, 1), (choice, -1)):
            for row, amount in self._uses[taken] if taken != UNPLACED else ():
                self._left[row] += sign * amount
        self.plan[item] = choice

    @property
    def is_legal(self) -> bool:
        """Whether every limit holds."""
        return min(self._left, default=0) >= 0

    def _room(self, choice: int, without: int = UNPLACED) -> int:
        """What is left once a choice is taken, of the limit with the least; below 0: it does not fit.

        ``without``: a choice that is given up for it.
        """
        back = dict(self._uses[without]) if without != UNPLACED else {}
        return min((self._left[row] + back.get(row, 0) - amount for row, amount in self._uses[choice]), default=UNLIMITED)

    def seed(self, allowed: Callable[[list[int]], list[int]]) -> None:
        """Many people have one of the choices allowed: most harm first, the smallest first, in the tightest room."""
        smallest = []
        for place, person in enumerate(self._model.case.people):
            item = self._item_of.get(person.person_id, UNPLACED)
            if item != UNPLACED and (choices := allowed(self.of_item[item])):
                least = min(self._option(choice).minutes_per_week for choice in choices)
                smallest.append((HARMS.index(person.counted_as), least, place, item, choices))
        for *_, item, choices in sorted(smallest, key=lambda each: each[:3]):
            fitting = [
                (self._option(choice).minutes_per_week, room, choice) for choice in choices if (room := self._room(choice)) >= 0
            ]
            if fitting:
                self.take(item, min(fitting)[2])

    def bring_nearer(self) -> None:
        """Everybody who has visits has them from the nearest office that can make the same ones."""
        county, ruled = self._model.case.county, [each for each in self._model.problem.levels if each.name in self._model.by_rule]

        def metres(choice: int) -> tuple[float, int]:
            option = self._option(choice)
            return float(county.office_metres[option.person.packages[0], county.provider_of[option.contract]]), choice

        for person in self._model.case.people:
            item = self._item_of.get(person.person_id, UNPLACED)
            held = UNPLACED if item == UNPLACED else int(self.plan[item])
            if held == UNPLACED:
                continue
            alike = [
                choice
                for choice in self.of_item[item]
                if self._option(choice).places == self._option(held).places
                and all(level.choice_cost[choice] == level.choice_cost[held] for level in ruled)
                and self._room(choice, held) >= 0
            ]
            self.take(item, min(alike, key=metres))

    def fill(self, harm: str) -> None:
        """Every contract, those first for which the fewest can be asked, is filled with visits of people of one harm."""
        people = [
            self._item_of[p.person_id] for p in self._model.case.people if p.counted_as == harm and p.person_id in self._item_of
        ]
        on: dict[int, dict[int, list[int]]] = defaultdict(dict)
        for item in people:
            for choice in self.of_item[item]:
                on[self._option(choice).contract].setdefault(item, []).append(choice)
        for contract in sorted(on, key=lambda k: (len(on[k]), k)):
            self._fill_one(on[contract])

    def _fill_one(self, choices: dict[int, list[int]]) -> None:
        """People who have nothing may come to a contract; those who are on it may have more there."""
        here = {choice for each in choices.values() for choice in each}
        open_to = [item for item in choices if self.plan[item] == UNPLACED or int(self.plan[item]) in here]
        held = sum(self._minutes(int(self.plan[item])) for item in open_to)
        loosest = max((self._room(choice) + self._minutes(choice) for choice in sorted(here)), default=0)
        for item, choice in self._fullest(open_to, choices, held + max(0, loosest)):
            if choice != int(self.plan[item]) and self._room(choice, int(self.plan[item])) >= 0:
                self.take(item, choice)

    def _minutes(self, choice: int) -> int:
        return 0 if choice == UNPLACED else self._option(choice).minutes_per_week

    def _fullest(self, people: Sequence[int], choices: dict[int, list[int]], room: int) -> Iterable[tuple[int, int]]:
        """Per person the choice by which all together come nearest to the room; whoever has something keeps at least as much."""
        most = {item: max(choices[item], key=lambda choice: (self._minutes(choice), -choice)) for item in people}
        if sum(map(self._minutes, most.values())) <= room:
            yield from most.items()
            return
        reached: list[dict[int, int]] = []
        sums = {0}
        for item in people:
            least = self._minutes(int(self.plan[item]))
            ways = {self._minutes(choice): choice for choice in reversed(choices[item]) if self._minutes(choice) >= least}
            if not least:
                ways[0] = UNPLACED
            by_sum: dict[int, int] = {}
            for before in sorted(sums):
                for minutes, choice in sorted(ways.items()):
                    if before + minutes <= room:
                        by_sum.setdefault(before + minutes, choice)
            reached.append(by_sum)
            sums = set(by_sum)
        if not sums:
            return
        total = max(sums)
        for item, by_sum in zip(reversed(people), reversed(reached), strict=True):
            choice = by_sum[total]
            total -= self._minutes(choice)
            if choice != UNPLACED:
                yield item, choice
