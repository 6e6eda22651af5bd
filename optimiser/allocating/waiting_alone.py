"""A run's model with those who wait alone free: what may go elsewhere where somebody more is to be placed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.plan import Plan
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.base import Limit, Remedy
from optimiser.rules.book import RuleBook
from optimiser.solving.formulation import Model
from optimiser.solving.presolve import presolved
from optimiser.solving.problem import UNPLACED, IntArray, Problem, Terms


@dataclass(frozen=True)
class Waiting:
    """The packages that wait, each alone or with those placed together with it, on what running care leaves of every limit."""

    problem: Problem
    plan: IntArray
    item_packages: tuple[tuple[int, ...], ...]
    choice_contract: Ints
    before: Plan
    """The plan of the whole county."""
    limits: tuple[Limit, ...]
    """Those of the county: the first rows of the problem's limits."""
    filled: tuple[int, ...]
    """Per limit: the minutes a week that it holds once those who wait take up all of the row's capacity."""

    def __repr__(self) -> str:
        return f"<Waiting: {len(self.item_packages)} to be placed>"

    @staticmethod
    def of(county: County, rules: RuleBook, model: Model, plan: Plan) -> Waiting:
        nothing = np.zeros(0, dtype=np.int64)
        bare = replace(model.starting_from(plan).problem, levels=(), parts=Terms(np.zeros(1, dtype=np.int64), nothing, nothing))
        bare = replace(bare, part_constant=nothing)
        small = presolved(bare, ~bare.must_place[bare.choice_item])
        usage = Usage.of(county, rules, entry_plan(county))
        return Waiting(
            problem=small.problem,
            plan=small.problem.start,
            item_packages=tuple(model.item_packages[item] for item in small.item.tolist()),
            choice_contract=model.choice_contract[small.choice],
            before=plan,
            limits=usage.limits,
            filled=tuple(max(limit.whole_minutes, used) for limit, used in zip(usage.limits, usage.on_entry, strict=True)),
        )

    def unplaced(self) -> list[int]:
        """The items that the plan leaves waiting."""
        return np.flatnonzero(self.plan == UNPLACED).tolist()

    def minutes(self, county: County, item: int) -> int:
        """A week."""
        return int(county.minutes[list(self.item_packages[item])].sum())

    def sizes(self, row: int) -> list[set[int]]:
        """What the choices of each item take up of a limit: one set per item that counts under it."""
        problem = self.problem
        span = slice(problem.limits.start[row], problem.limits.start[row + 1])
        found: dict[int, set[int]] = {}
        for choice, size in zip(problem.limits.choice[span].tolist(), problem.limits.coefficient[span].tolist(), strict=True):
            if size:
                found.setdefault(int(problem.choice_item[choice]), set()).add(size)
        return list(found.values())

    def whole_plan(self, plan: IntArray, choice_contract: Ints) -> Plan:
        """The county's plan for one of those who wait. ``choice_contract``: of the choices that the plan names."""
        contracts = list(self.before.contracts)
        for item, choice in enumerate(plan.tolist()):
            for package in self.item_packages[item]:
                contracts[package] = None if choice == UNPLACED else int(choice_contract[choice])
        return Plan.of(contracts)


@dataclass(frozen=True, slots=True)
class Answer:
    """The smallest change of one kind that was found to place somebody."""

    remedy: Remedy
    at_least: Fraction
    plan: Plan


def without_moving(plan: IntArray, item: int, choice: int) -> IntArray:
    """The plan with an item on a choice, and everybody else where they are."""
    made = plan.copy()
    made[item] = choice
    return made


def broken_rows(problem: Problem, plan: IntArray) -> IntArray:
    """By how much a plan passes every limit."""
    return np.asarray(np.maximum(0, problem.limits.totals(problem.chosen(plan)) - problem.limit_capacity))
