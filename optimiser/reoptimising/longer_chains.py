"""What a plan needs longer chains for than a step may hold: for the search, which goes around it, and for people, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.words import people
from optimiser.reoptimising.headroom import Change
from optimiser.reoptimising.steps import Steps, in_steps
from optimiser.rules.book import RuleBook
from optimiser.solving.formulation import Model
from optimiser.solving.problem import IntArray
from optimiser.solving.with_moves import LongChain, Reached, StepsOf


@dataclass(frozen=True)
class LongerChain:
    """People who still wait, whom one chain of more moves than a step may hold would place."""

    packages: tuple[int, ...]
    moves: int

    def __repr__(self) -> str:
        return f"<LongerChain of {self.moves} moves>"

    def words(self, step_moves: int) -> str:
        """What is said of each of them, as the end of a sentence."""
        return (
            f"a longer chain would make room: {people(self.moves)} would have to change provider in one step, and a step may move"
            f" {people(step_moves)} at most (setting step_moves)."
        )


def reaching(county: County, rules: RuleBook, step_moves: int) -> Callable[[Model], StepsOf]:
    """How far steps lead, as the search with moves asks: in the choices of its model."""

    def of_model(model: Model) -> StepsOf:
        choice_of = {(package, contract): choice for choice, package, contract in model.pairs()}

        def chosen(changes: tuple[Change, ...], *, moves: bool) -> IntArray:
            found = {choice_of[change.package, change.after] for change in changes if moves or not change.is_move}
            return np.array(sorted(found), dtype=np.int64)

        def reached(plan: IntArray) -> Reached:
            steps = in_steps(county, rules, model.plan_of(plan), step_moves)
            combinations = [step.changes for step in steps.longer] or [steps.left_out]
            too_long = [
                LongChain(chosen(changes, moves=False), chosen(changes, moves=True))
                for changes in combinations
                if any(not change.is_move for change in changes)
            ]
            return Reached(model.choices_of(steps.plan), too_long)

        return reached

    return of_model


def whom_longer_chains_would_place(
    county: County, rules: RuleBook, any_length: Plan, made: Steps, step_moves: int
) -> tuple[LongerChain, ...]:
    """Those whom the best plan found with steps of any length places by a longer chain, and who wait in the one made."""
    waiting = {package for package, contract in enumerate(made.plan.contracts) if contract is None}
    found = []
    for step in in_steps(county, rules, any_length, step_moves).longer:
        packages = tuple(change.package for change in step.placements if change.package in waiting)
        if packages and len(step.moves) > step_moves:
            found.append(LongerChain(packages, len(step.moves)))
    return tuple(found)
