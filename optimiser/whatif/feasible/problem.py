"""The question as a problem of plain arrays: each requirement a level, each limit one that may be lifted or priced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from optimiser.county import County
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.base import Limit
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.shares import minutes_on
from optimiser.rules.vocabulary import Group
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.problem import IntArray, Level, Problem, Terms
from optimiser.whatif.feasible.requirement import SHARE, Requirement


@dataclass(frozen=True)
class Question:
    """A county's model with one level per requirement, and the limits by number."""

    county: County
    rules: RuleBook
    model: Model
    requirements: tuple[Requirement, ...]
    levels: tuple[Level, ...]
    """One per requirement, over the parts of ``problem``."""
    problem: Problem
    """Without levels: ``asking`` puts them in."""
    limits: tuple[Limit, ...]
    on_entry: tuple[int, ...]
    """Per limit: the minutes used before anything is decided."""
    nobody_waits: tuple[Level, ...]
    """The levels of unmet need: brought down last, so that no plan told leaves people waiting without need."""
    should_stop: Callable[[], bool] | None = None
    """Asked while it is decided: what is not known by then stays so, and what is told is proven all the same."""

    @staticmethod
    def of(county: County, rules: RuleBook, requirements: Sequence[Requirement]) -> Question:
        model = build_model(county, rules)
        usage = Usage.of(county, rules, entry_plan(county))
        problem, levels = model.problem, []
        for asked in requirements:
            problem, level = _share_level(county, model, problem, asked) if asked.name == SHARE else (problem, None)
            levels.append(level or next(level for level in model.problem.levels if level.name == asked.name))
        problem = _with_excess_parts(problem)
        padded = tuple(_padded(replace(level, proof_gap=0, proof_share=Fraction(0)), problem) for level in levels)
        waiting = tuple(_padded(level, problem) for level in model.problem.levels if level.group is Group.WAITING)
        return Question(county, rules, model, tuple(requirements), padded, problem, usage.limits, usage.on_entry, waiting)

    def asking(self, levels: Sequence[Level], lifted: Collection[int] = ()) -> Problem:
        """These levels, without the limits that are lifted."""
        room = self.problem.limit_capacity.copy()
        for number in lifted:
            span = slice(self.problem.limits.start[number], self.problem.limits.start[number + 1])
            room[number] = max(int(room[number]), int(self.problem.limits.coefficient[span].sum()))
        return replace(self.problem, levels=tuple(levels), limit_capacity=room)

    def excess(self, limits: Collection[int]) -> Level:
        """What all of these limits together would be passed by, in minutes a week: what it takes to raise them."""
        cost = [Fraction(0)] * len(self.problem.parts)
        first = len(self.problem.parts) - len(self.problem.limits)
        for number in limits:
            cost[first + number] = Fraction(1)
        nothing = np.zeros(self.problem.choice_count, dtype=np.int64)
        return Level("minutes to raise", Fraction(0), nothing, tuple(cost))


def _share_level(county: County, model: Model, problem: Problem, asked: Requirement) -> tuple[Problem, Level]:
    """The minutes missing from a share, as new parts: one per area."""
    minutes = model.choice_minutes(county)
    rows, constants = [], []
    for _, contract, least in asked.least_minutes:
        rows.append(-minutes * (county.counts_with[model.choice_contract] == contract))
        settled = minutes_on(county, model.settled, contract)
        constants.append(least - settled)
    first = len(problem.parts)
    made = _with_parts(problem, rows, constants)
    cost = (*[Fraction(0)] * first, *[Fraction(1)] * len(rows))
    return made, Level(asked.text, Fraction(0), np.zeros(problem.choice_count, dtype=np.int64), cost)


def _with_excess_parts(problem: Problem) -> Problem:
    """A part per limit at the end: what the choices take beyond its room."""
    limits, parts = problem.limits, problem.parts
    terms = Terms(
        np.concatenate((parts.start, parts.start[-1] + limits.start[1:])),
        np.concatenate((parts.choice, limits.choice)),
        np.concatenate((parts.coefficient, limits.coefficient)),
    )
    return replace(
        problem, parts=terms, part_constant=np.concatenate((problem.part_constant, -problem.limit_capacity)), levels=()
    )


def _with_parts(problem: Problem, rows: list[IntArray], constants: list[int]) -> Problem:
    found = [np.flatnonzero(row) for row in rows]
    parts = problem.parts
    ends = parts.start[-1] + np.cumsum([len(row) for row in found])
    terms = Terms(
        np.concatenate((parts.start, ends)).astype(np.int64),
        np.concatenate((parts.choice, *found)),
        np.concatenate((parts.coefficient, *(row[where] for row, where in zip(rows, found, strict=True)))),
    )
    return replace(
        problem, parts=terms, part_constant=np.concatenate((problem.part_constant, np.array(constants, dtype=np.int64)))
    )


def _padded(level: Level, problem: Problem) -> Level:
    missing = len(problem.parts) - len(level.part_cost)
    return replace(level, part_cost=(*level.part_cost, *[Fraction(0)] * missing), tolerance=0)
