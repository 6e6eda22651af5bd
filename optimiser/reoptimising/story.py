"""The whole story of a re-optimisation: solve with moves allowed, part the plan into steps, check, explain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from optimiser.allocating.asked import Levels, Pricing, Report
from optimiser.allocating.story import Allocation, explained, with_others
from optimiser.county import County
from optimiser.domain.brief import Brief
from optimiser.domain.level_result import LevelResult
from optimiser.domain.plan import EarlierMove
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.grid import TravelSource
from optimiser.judging.briefing import briefed, pinned_as_one
from optimiser.reoptimising.best_few import BestFew, best_few
from optimiser.reoptimising.check import verify_steps
from optimiser.reoptimising.explain import why, why_moved, why_still_waiting
from optimiser.reoptimising.headroom import Change
from optimiser.reoptimising.longer_chains import LongerChain, reaching, whom_longer_chains_would_place
from optimiser.reoptimising.steps import Steps, in_steps
from optimiser.rules.book import RuleBook
from optimiser.rules.longest_first.book_of_a_county import rules_for
from optimiser.rules.moving.books_that_move import moving_rules
from optimiser.solving.formulation import Model
from optimiser.solving.outcome import Effort, Progress, Solution, Stopped
from optimiser.solving.with_moves import solve_with_moves

if TYPE_CHECKING:
    from pandas import DataFrame

FEW = (5, 10)
"""The list's first so many steps are shown beside the best so many found by a search of their own."""


@dataclass(frozen=True)
class Reoptimisation:
    """A verified plan with few moves, and the steps that lead to it."""

    allocation: Allocation
    max_moves: int
    step_moves: int
    history_given: bool
    steps: Steps
    values: tuple[Mapping[str, int], ...]
    """The levels on entry, and after each step."""
    few: tuple[BestFew, ...]
    longer: tuple[LongerChain, ...] = ()
    """Whom a chain of more moves than a step may hold would place."""

    def __repr__(self) -> str:
        return f"<Reoptimisation in {len(self.steps.steps)} steps with {self.moves} moves: {self.allocation!r}>"

    @property
    def moves(self) -> int:
        return sum(len(step.moves) for step in self.steps.steps)

    def to_frame(self) -> DataFrame:
        """A row per change, those of a step together, for pandas. Personal data."""
        from optimiser.io.frames import changes_frame

        return changes_frame(self)

    def reason(self, number: int, change: Change) -> str:
        """Why a change of the step of this number (from 1 on) is made."""
        return why(self.allocation.county, number, self.steps.steps[number - 1], change)


def reoptimise(
    snapshot: Snapshot,
    *,
    brief: Brief | None = None,
    max_moves: int | None = None,
    step_moves: int | None = None,
    history: Sequence[EarlierMove] | None = None,
    rules: RuleBook | None = None,
    travel: TravelSource | None = None,
    effort: Effort | None = None,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    if_others_move: bool = False,
) -> Reoptimisation:
    """Who should deliver each waiting package, when up to ``max_moves`` people may change provider to make room.

    ``step_moves``: of them in one step. None for the settings. ``history``: moves made before; given, even if empty, the share
    moved from any one provider is limited. ``rules``: the book of an allocation. ``brief``: as for ``allocate``; pinned
    placements are there before the first step. ``if_others_move``: as for ``allocate``; whoever is moved, or stays, is where the
    plan has them. Raises as ``allocate`` does.
    """
    effort, plain, base = effort or Effort(), County.of(snapshot, travel), rules or rules_for(snapshot.policy)
    pricing = Pricing(effort.wall_seconds, report, should_stop)

    def solved(asked: Brief, effort: Effort, report: Report, few: Sequence[int]) -> tuple[Reoptimisation, Brief]:
        county, book, whole = briefed(plain, base, asked, may_move=True)
        others = if_others_move and bool(few)
        made = _reoptimised(county, book, max_moves, step_moves, history, effort, report, should_stop, few, others)
        return made, whole

    made, whole = solved(brief or Brief(), effort, report, FEW)
    if not brief:
        return made

    def without(asked: Brief, seconds: float | None, report: Report) -> tuple[Levels, Stopped]:
        other, _ = solved(asked, replace(effort, wall_seconds=seconds), report, ())
        return other.allocation.levels, other.allocation.stopped

    found = made.allocation
    asked = pricing.priced(whole, pinned_as_one(plain, brief), found.levels, found.stopped, without)
    return replace(made, allocation=replace(found, asked=asked, stopped=pricing.stopped))


def _reoptimised(
    county: County,
    rules: RuleBook,
    max_moves: int | None,
    step_moves: int | None,
    history: Sequence[EarlierMove] | None,
    effort: Effort,
    report: Callable[[Progress], None] | None,
    should_stop: Callable[[], bool] | None,
    first_steps: Sequence[int],
    if_others_move: bool,
) -> Reoptimisation:
    """``first_steps``: how many of the list's first are compared with the best so many."""
    most = county.policy.max_moves if max_moves is None else max_moves
    most_in_step = county.policy.step_moves if step_moves is None else step_moves
    book = moving_rules(rules, max_moves=most, history=history)
    still = moving_rules(rules, max_moves=0, history=history)
    model, solution, any_length = solve_with_moves(
        county,
        book,
        still,
        effort=effort,
        steps_of=reaching(county, book, most_in_step),
        report=report,
        should_stop=should_stop,
    )
    steps = in_steps(county, book, model.plan_of(solution.plan), most_in_step)
    solution = _as_far_as_steps_go(model, solution, steps)
    longer = whom_longer_chains_would_place(county, book, model.plan_of(any_length), steps, most_in_step)
    allocation = explained(county, book, model, solution, why_moved(steps), why_still_waiting(longer, most_in_step))
    if if_others_move:
        allocation = with_others(allocation, model, effort, should_stop)
    names = [rule.name for rule in book.levels]
    values = tuple(
        dict(zip(names, model.problem.values(model.choices_of(steps.after(county, count))), strict=True))
        for count in range(len(steps.steps) + 1)
    )
    verify_steps(county, book, steps, most_in_step)
    few = (
        ()
        if solution.stopped == "cancelled"
        else tuple(
            best_few(county, book, model, solution, steps, count, most_in_step, effort.wall_seconds, should_stop)
            for count in first_steps
        )
    )
    return Reoptimisation(allocation, most, most_in_step, history is not None, steps, values, few, longer)


def _as_far_as_steps_go(model: Model, solution: Solution, steps: Steps) -> Solution:
    """The solution of the plan that the steps lead to, where that is not the one found: what is no longer known is not said.

    A search that was ended early may leave a plan that needs longer chains than steps may have: it loses what those would place.
    The bounds of the first level that gets worse by it still hold, those of the levels after it do not.
    """
    plan = model.choices_of(steps.plan)
    if (plan == solution.plan).all():
        return solution
    outcomes: list[LevelResult[int]] = []
    open_from_here = False
    for level, outcome, value in zip(model.problem.levels, solution.levels, model.problem.values(plan), strict=True):
        if not open_from_here and outcome.best <= value <= outcome.best + level.tolerance:
            outcomes.append(outcome)
            continue
        bound = 0 if open_from_here else min(outcome.bound, value)
        proven = level.is_proven(value, bound)
        outcomes.append(replace(outcome, value=value, best=value, bound=bound, proven=proven, given_to=()))
        open_from_here = True
    return replace(solution, plan=plan, levels=tuple(outcomes), stopped="work" if solution.stopped == "no" else solution.stopped)
