"""Kernel search against brute force: its plan is legal and its bounds hold for all plans, whatever stops it or gives up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.rules.vocabulary import Group
from optimiser.solving import UNPLACED, Level, Problem, Progress, Solution, kernel_search, solve
from optimiser.solving.engine import Answer, EngineError, LinearEngine, Vertex, WholeEngine
from optimiser.solving.engine_highs import HighsEngine
from optimiser.solving.kernel_search import KernelResult, KernelSearch
from tests.solving.brute_force import legal_plans
from tests.solving.dantzig_wolfe.test_knapsacks import UNHURRIED
from tests.solving.test_lexicographic import holds_together
from tests.solving.tiny import StopAfter, problems

FEW = settings(UNHURRIED, max_examples=20)


@st.composite
def with_moves(draw: st.DrawFn) -> Problem:
    """The first level counts who waits, the second who moves of those that have care, and the rest come after."""
    drawn = draw(problems())
    moved = drawn.must_place[drawn.choice_item].astype(np.int64)
    moved[drawn.start[drawn.must_place]] = 0
    waiting, *others = drawn.levels
    moves = Level("moves", Fraction(0), moved, (Fraction(0),) * len(drawn.parts), group=Group.MOVES)
    return replace(drawn, levels=(replace(waiting, group=Group.WAITING), moves, *others))


def search(problem: Problem, seconds: float | None = None, levels: int = 3, **asked: Any) -> KernelSearch:
    return KernelSearch(problem, min(levels, len(problem.levels)), seconds=seconds, **asked)


def is_true(problem: Problem, kernel: KernelResult) -> None:
    """What the search says of the first levels holds for all plans."""
    first = replace(problem, levels=problem.levels[: len(kernel.outcomes)])
    holds_together(first, Solution(kernel.plan, kernel.outcomes, kernel.stopped))


@settings(UNHURRIED, max_examples=40)
@given(with_moves(), st.integers(2, 5), st.booleans(), st.booleans())
def test_what_is_found_and_proven_is_true(problem: Problem, levels: int, weighed: bool, from_below: bool) -> None:
    """Whichever of its searches it makes: with all levels weighed in one before, from the bound upwards, or both."""
    news: list[Progress] = []
    with pytest.MonkeyPatch.context() as patch:
        if weighed:
            patch.setattr(kernel_search, "FEW_CHOICES", 0)
        if not from_below:
            patch.setattr(kernel_search, "SMALL_PROOF", 0)
        kernel = search(problem, levels=levels, report=news.append).run()
    is_true(problem, kernel)
    assert kernel.stopped == "no"
    assert {each.level for each in news} <= {"making room", *(outcome.name for outcome in kernel.outcomes)}
    assert all(each.gap == each.value - each.bound for each in news)
    most = [outcome.best + outcome.tolerance for outcome in kernel.outcomes]
    for plan in legal_plans(problem):
        if all(value <= limit for value, limit in zip(problem.values(plan), most, strict=False)):
            assert kernel.usable[plan[plan != UNPLACED]].all()


@FEW
@given(with_moves())
def test_a_proof_over_the_likeliest_choices_alone_is_none_for_all(problem: Problem) -> None:
    """So small a kernel and so small a proof that most choices are left out: plans may be missed, bounds are never false."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel_search, "FEW_CHOICES", 0)
        patch.setattr(kernel_search, "KERNELS", (1, 2))
        patch.setattr(kernel_search, "SMALL_PROOF", 0)
        patch.setattr(kernel_search, "LARGEST_PROOF", 0)
        patch.setattr(kernel_search, "CUT_ROUNDS", 0)
        is_true(problem, search(problem).run())


@FEW
@given(with_moves())
def test_whom_the_likeliest_choices_leave_waiting_is_looked_for_among_all(problem: Problem) -> None:
    """A county with many people and few who wait: which move makes room for somebody, no price may tell."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel_search, "KERNELS", (1, 2))
        patch.setattr(kernel_search, "SMALL_PROOF", 0)
        patch.setattr(kernel_search, "LARGEST_PROOF", 0)
        patch.setattr(kernel_search, "CUT_ROUNDS", 0)
        kernel = search(problem).run()
    is_true(problem, kernel)
    assert kernel.outcomes[0].proven


@pytest.mark.parametrize("failing", ["relaxations", "searches", "both"])
@FEW
@given(problem=with_moves())
def test_an_engine_that_gives_up_costs_proofs_never_the_plan(failing: str, problem: Problem) -> None:
    def no_vertex(_: LinearEngine) -> Vertex:
        raise EngineError("the engine gave up")

    def no_answer(_: HighsEngine | WholeEngine) -> Answer:
        raise EngineError("the engine gave up")

    with pytest.MonkeyPatch.context() as patch:
        if failing != "searches":
            patch.setattr(LinearEngine, "solve", no_vertex)
        if failing != "relaxations":
            patch.setattr(HighsEngine, "solve", no_answer)
            patch.setattr(WholeEngine, "solve", no_answer)
        kernel = search(problem).run()
    is_true(problem, kernel)
    if failing == "both":
        assert (kernel.plan == problem.start).all()


@pytest.mark.parametrize("asked", [0, 2, 4])
@FEW
@given(problem=with_moves())
def test_stopped_after_a_while(asked: int, problem: Problem) -> None:
    stop = StopAfter(asked)
    kernel = search(problem, should_stop=stop).run()
    is_true(problem, kernel)
    assert kernel.stopped == ("cancelled" if stop.calls > asked else "no")


@FEW
@given(with_moves())
def test_the_clock_and_the_keyboard_end_it_with_what_is_known(problem: Problem) -> None:
    late = search(problem, seconds=0.0).run()
    is_true(problem, late)
    assert late.stopped == "wall"

    def interrupting() -> bool:
        raise KeyboardInterrupt

    interrupted = search(problem, should_stop=interrupting).run()
    is_true(problem, interrupted)
    assert interrupted.stopped == "cancelled"


@FEW
@given(with_moves(), st.booleans())
def test_bounds_of_the_levels_after_it_hold_for_all(problem: Problem, cancelled: bool) -> None:
    """The levels after it, solved from its plan on, are told with bounds for all plans; after an interrupt with none."""
    first = search(problem, levels=2)
    kernel = first.run()
    solution = solve(replace(problem, start=kernel.plan), dealt_with=kernel.outcomes)
    known = [outcome.bound for outcome in kernel.outcomes]
    outcomes = first.bounds_after(solution.plan, solution.levels, known, None, further=not cancelled)
    holds_together(problem, Solution(solution.plan, outcomes, "no"))
    if cancelled:
        assert all(outcome.bound == 0 for outcome in outcomes[2:])
