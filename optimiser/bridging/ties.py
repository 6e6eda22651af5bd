"""Who could have visits in whose place with every level as it is: between them no preference decides, and a reader is told.

One person's place is taken by one other, at the same provider. Plans in which more people change places may be alike, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from optimiser.bridging.first_plans import Filling
from optimiser.bridging.formulation import Model
from optimiser.bridging.options import Option
from optimiser.solving.problem import UNPLACED, IntArray, Problem

Costs = tuple[int, ...]
"""What something adds to each level."""


def visits_of(taken: Iterable[Option]) -> frozenset[str]:
    """The visits that are covered where these are taken."""
    return frozenset(each.visit.visit_id for option in taken for each in option.visits)


def alike_people(model: Model, problem: Problem, plan: IntArray) -> dict[str, tuple[str, ...]]:
    """Per person who is left with less those in whose place they could have more, sorted. ``problem``: in the order of a plan."""
    return _Exchanges(model, problem, plan).found()


class _Exchanges:
    def __init__(self, model: Model, problem: Problem, plan: IntArray) -> None:
        self._model, self._problem, self._plan = model, problem, plan
        self._costs = [tuple(each) for each in np.array([level.choice_cost for level in problem.levels]).T.tolist()]
        self._nothing: Costs = (0,) * len(problem.levels)
        self._values = problem.values(plan)
        self._exact = not any(any(level.part_cost) for level in problem.levels)
        """Whether what choices cost is all that levels count."""
        self._filling = Filling(model)
        for item in np.flatnonzero(plan != UNPLACED).tolist():
            self._filling.take(item, int(plan[item]))

    def found(self) -> dict[str, tuple[str, ...]]:
        """Of everybody who has not all."""
        given_up = self._given_up()
        found: dict[str, tuple[str, ...]] = {}
        for item, choices in self._filling.of_item.items():
            person = self._model.options[choices[0]].person
            if others := set(self._others(item, choices, given_up)):
                found[person.person_id] = tuple(sorted(others))
        return dict(sorted(found.items()))

    def _given_up(self) -> dict[tuple[str, Costs], list[tuple[int, int]]]:
        """Per provider, and what the levels lose by it: who has visits there, and what they would have instead (or nothing)."""
        found = defaultdict(list)
        for item in np.flatnonzero(self._plan != UNPLACED).tolist():
            held = int(self._plan[item])
            for less in (UNPLACED, *self._filling.of_item[item]):
                if self._minutes(less) < self._minutes(held):
                    found[self._provider(held), self._apart(held, less)].append((item, less))
        return found

    def _others(self, item: int, choices: list[int], given_up: dict[tuple[str, Costs], list[tuple[int, int]]]) -> Iterator[str]:
        """Who would make room for somebody so that every level stays as it is."""
        held, done = int(self._plan[item]), set()
        for more in choices:
            if self._minutes(more) <= self._minutes(held):
                continue
            for other, less in given_up.get((self._provider(more), self._apart(more, held)), ()):
                if other not in done and other != item and self._fits(item, more, other, less):
                    done.add(other)
                    yield self._model.options[int(self._plan[other])].person.person_id

    def _fits(self, item: int, more: int, other: int, less: int) -> bool:
        """Whether two people can change places so within every limit, and every level is as it was."""
        filling, before = self._filling, (int(self._plan[item]), int(self._plan[other]))
        filling.take(other, less)
        filling.take(item, more)
        alike = filling.is_legal and (self._exact or self._problem.values(filling.plan) == self._values)
        filling.take(item, before[0])
        filling.take(other, before[1])
        return alike

    def _apart(self, one: int, other: int) -> Costs:
        """What one choice costs more than another."""
        costs = [self._nothing if each == UNPLACED else self._costs[each] for each in (one, other)]
        return tuple(a - b for a, b in zip(*costs, strict=True))

    def _provider(self, choice: int) -> str:
        return self._model.case.county.contracts[self._model.options[choice].contract].provider_id

    def _minutes(self, choice: int) -> int:
        return 0 if choice == UNPLACED else self._model.options[choice].minutes_per_week
