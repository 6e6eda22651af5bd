"""Everybody placed at once, in the strict order: a bound of each level, and one plan close to all of them.

With thousands free the levels cannot be solved to the unit one after the other: a minute of unmet need more or less is worth
hundreds of minutes of the next level, and no branching settles it. So each level is relaxed with every earlier one held within a
share of its bound; the prices of the last relaxation say what all levels are worth in each other, and one search follows them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.domain.level_result import LevelResult
from optimiser.solving.engine import EngineError
from optimiser.solving.integer_objective import Measure, measure
from optimiser.solving.interruptible import Halt, Watch
from optimiser.solving.lexicographic import solve
from optimiser.solving.linear_program import hopeless_choices
from optimiser.solving.outcome import Effort, Progress, Solution, Stopped
from optimiser.solving.placing_anew.along_prices import Heat, Scratch, Standing, anneal
from optimiser.solving.placing_anew.boards import NEVER, Search, search_of
from optimiser.solving.placing_anew.rooms_kept import within_rooms
from optimiser.solving.placing_anew.sifted_relaxation import Priced, SiftedRelaxation
from optimiser.solving.problem import UNPLACED, BoolArray, IntArray, Problem

HELD_TO, HELD_PART = 1_000, 10
"""A level may be passed by later ones by one part in so many of its bound, or of its tolerance if that is more."""
FEW_CHOICES = 3_000
"""With no more choices than this the levels are solved one after the other, as an allocation is."""
STEPS_PER_ITEM, FEWEST_STEPS = 9_000, 25_000_000
"""So many steps an item, and never fewer in all than these: small counties have the tighter rooms."""
LOT = 500_000
"""Steps between two looks at whether to go on."""
HOT, WARM = 0.005, 1.0
"""The first temperature: a share of what the room of one is worth, at least so many times what one costs on the last level."""


@dataclass(frozen=True)
class Phase:
    """A part of the search. Temperatures are in what one costs on the last level; prices are counted so many times."""

    part: float
    """Of all steps."""
    warmest: float
    coldest: float
    limit_prices: tuple[float, float]
    level_prices: tuple[float, float]
    hot: bool = False
    """Whether it begins as hot as can be."""


PHASES = (
    Phase(0.4, 0.0, 0.3, (1.5, 12.0), (1.5, 5.0), hot=True),
    Phase(0.25, 1.0, 0.3, (12.0, 1_000.0), (5.0, 5.0)),
    Phase(0.35, 1.0, 0.01, (1_000.0, 1_000.0), (5.0, 5.0)),
)
"""Wide, with limits passed at their prices and more; then these dearer until none is passed; then within them."""


@dataclass(frozen=True)
class _Relaxed:
    """The levels that a choice changes, each with its bound and the most that later ones may take it to, in its own unit."""

    levels: list[int]
    bounds: list[int]
    allowed: list[int]
    priced: Priced | None
    """Of the last of them."""
    columns: BoolArray

    @property
    def last_bound(self) -> int:
        """Of the level that is searched for the least."""
        *_, last = self.bounds
        return last


def place_anew(
    problem: Problem,
    *,
    steps: int | None = None,
    seconds: float | None = None,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """A plan with every level and what no plan is below that keeps each earlier level within the value told and its tolerance.

    Nobody may have to be placed (``ValueError``). Counted work, so that runs repeat: ``steps`` of the search
    (None: as many as usual); ``seconds``: the last resort.
    """
    if problem.must_place.any():
        raise ValueError("everybody is free: nobody may have to be placed")
    if problem.choice_count <= FEW_CHOICES:
        return solve(problem, effort=Effort(wall_seconds=seconds), report=report, should_stop=should_stop)
    return _Run(problem, steps, seconds, report, should_stop).run()


class _Run:
    def __init__(
        self,
        problem: Problem,
        steps: int | None,
        seconds: float | None,
        report: Callable[[Progress], None] | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self._problem, self._report = problem, report
        self._steps = max(FEWEST_STEPS, STEPS_PER_ITEM * problem.item_count) if steps is None else steps
        self._measures = [measure(problem, level) for level in problem.levels]
        self._watch = Watch(should_stop, seconds, lambda: None)
        self._usable = ~hopeless_choices(problem)
        self._began = time.monotonic()
        self._plan = problem.start.copy()

    def run(self) -> Solution:
        stopped: Stopped = "no"
        relaxed = again = _Relaxed([], [], [], None, np.zeros(0, dtype=np.bool_))
        try:
            relaxed = self._relaxed(None, None)
            if relaxed.priced is not None:
                self._search(relaxed, relaxed.priced)
            again = self._relaxed(self._problem.values(self._plan), relaxed.columns)
        except Halt as halt:
            stopped = halt.reason
        except KeyboardInterrupt:
            stopped = "cancelled"
        levels = self._results(again)
        if stopped == "no" and not all(level.proven for level in levels):
            stopped = "work"
        return Solution(self._plan, levels, stopped)

    def _relaxed(self, values: Sequence[int] | None, columns: BoolArray | None) -> _Relaxed:
        """Level after level. ``values``: of the plan in hand; no level is held below what it has."""
        relaxation = SiftedRelaxation(self._problem, self._usable, self._watch, columns)
        found = _Relaxed([], [], [], None, relaxation.columns)
        priced: Priced | None = None
        live = [index for index, measured in enumerate(self._measures) if measured.step]
        for index in live:
            measured, level = self._measures[index], self._problem.levels[index]
            self._watch.check()
            try:
                priced = relaxation.relax(measured)
                bound = measured.whole_bound(priced.bound)
            except EngineError:
                priced, bound = None, 0
            most = bound + max(bound // HELD_TO, level.tolerance // HELD_PART)
            if values is not None:
                bound, most = min(bound, values[index]), max(most, values[index])
            found.levels.append(index)
            found.bounds.append(bound)
            found.allowed.append(most)
            self._tell(index, values, bound)
            if priced is None:
                break
            if index != live[-1]:
                relaxation.hold(measured, self._scaled(measured, most, priced))
        return _Relaxed(found.levels, found.bounds, found.allowed, priced, relaxation.columns)

    def _scaled(self, measured: Measure, most: int, priced: Priced) -> int:
        """The row's side for a level that may come to this; the relaxation itself has to keep it, rounding and all."""
        return max(measured.scale * most + measured.scale // 2 - measured.constant, int(np.ceil(priced.value)))

    def _search(self, relaxed: _Relaxed, priced: Priced) -> None:
        """Anneal from the rounded relaxation, then within all limits from what that comes to."""
        measures = [self._measures[index] for index in relaxed.levels]
        begin = self._rounded(priced)
        search = search_of(self._problem, measures, relaxed.allowed, priced, [begin, self._problem.start])
        each = max(relaxed.last_bound, 1) / self._problem.item_count
        hot = max(HOT * self._room_worth(priced) / measures[-1].scale, WARM * each)
        now, room = search.standing(begin), search.scratch()
        for number, phase in enumerate(PHASES):
            begin_at = hot if phase.hot else phase.warmest * each
            temperatures = (begin_at, phase.coldest * each)
            self._anneal(search, now, room, phase, temperatures, number)
        plan = search.plan_of(now.best_at if now.best[0] < NEVER else now.at)
        self._take(within_rooms(self._problem, plan, priced.floors, priced.left_out))

    def _anneal(
        self, search: Search, now: Standing, room: Scratch, phase: Phase, temperatures: tuple[float, float], number: int
    ) -> None:
        """A part of all steps, from one temperature to another."""
        steps = round(self._steps * phase.part)
        lots = max(1, -(-steps // LOT))
        for lot in range(lots):
            self._watch.check()
            gone = lot / lots
            heat = Heat(
                temperatures[0] * (temperatures[1] / temperatures[0]) ** gone,
                phase.limit_prices[0] * (phase.limit_prices[1] / phase.limit_prices[0]) ** gone,
                phase.level_prices[0] * (phase.level_prices[1] / phase.level_prices[0]) ** gone,
            )
            anneal(search.board, search.aims, now, room, heat, min(LOT, steps - lot * LOT), 1_000 * number + lot)

    def _take(self, plan: IntArray) -> None:
        """A legal plan in hand."""
        if self._problem.is_legal(plan):
            self._plan = plan

    def _rounded(self, priced: Priced) -> IntArray:
        """Everybody where the relaxation has most of them."""
        problem = self._problem
        plan = np.full(problem.item_count, UNPLACED, dtype=np.int64)
        most = np.zeros(problem.item_count)
        np.maximum.at(most, problem.choice_item, priced.point)
        placed = np.bincount(problem.choice_item, weights=priced.point, minlength=problem.item_count)
        best = np.flatnonzero(priced.point >= np.maximum(1e-9, np.maximum(most, 1 - placed)[problem.choice_item] - 1e-12))
        plan[problem.choice_item[best]] = best
        return plan

    def _room_worth(self, priced: Priced) -> float:
        """What the room that one takes is worth, on average."""
        taken = np.bincount(
            np.repeat(np.arange(len(self._problem.limits)), np.diff(self._problem.limits.start)),
            weights=self._problem.limits.coefficient * priced.point[self._problem.limits.choice],
            minlength=len(self._problem.limits),
        )
        return float((taken * priced.limit_prices).sum()) / self._problem.item_count

    def _results(self, relaxed: _Relaxed) -> tuple[LevelResult[int], ...]:
        """A level that was not relaxed has the bound that costs nothing."""
        values = self._problem.values(self._plan)
        known = {index: (bound, most) for index, bound, most in zip(relaxed.levels, relaxed.bounds, relaxed.allowed, strict=True)}
        results = []
        for index, (level, measured, value) in enumerate(zip(self._problem.levels, self._measures, values, strict=True)):
            bound, most = known.get(index, (0, value)) if measured.step else (value, value)
            results.append(
                LevelResult(
                    name=level.name,
                    unit=level.unit,
                    value=value,
                    best=value,
                    bound=min(bound, value),
                    tolerance=max(most, value) - value,
                    proven=level.is_proven(value, min(bound, value)),
                )
            )
        return tuple(results)

    def _tell(self, index: int, values: Sequence[int] | None, bound: int) -> None:
        if self._report is not None:
            value = (values or self._problem.values(self._plan))[index]
            elapsed = time.monotonic() - self._began
            self._report(Progress(self._problem.levels[index].name, value, bound, value - bound, elapsed))
