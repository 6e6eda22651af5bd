"""One level: the relaxation says which choices can matter, searches do the rest on those alone."""

from __future__ import annotations

import contextlib

import numpy as np

from optimiser.solving.climbing import USUAL_SIZE, climb, likely_plan
from optimiser.solving.engine import EngineError
from optimiser.solving.filling_level import fill
from optimiser.solving.fillings import Bag
from optimiser.solving.improving import improve, search_where_sent
from optimiser.solving.linear import FloatArray
from optimiser.solving.neighbourhood import Neighbourhoods
from optimiser.solving.outcome import Effort
from optimiser.solving.pattern_relaxation import PatternRelaxation
from optimiser.solving.stage import Stage
from optimiser.solving.watch import Watch

NEAR = 20
"""A level whose best is within so many times what the cuts won is tried from the bound upwards at once."""
QUICK_SEARCHES = 3
MOST_SEARCHES = 6
QUICK_REACH = 1 / 16
FULL_REACH = 1 / 2
WHOLE_REACH = 1.0
"""How far the first search of a climb goes, as a share of the way from the bound to the best: little while the best is far
from good, half once neighbourhoods have been searched, all of it from a best that a search of likely columns left."""
PATIENCE = 6
PATIENCE_BEFORE_FILLINGS = 15
"""So many neighbourhoods in a row may be of no use; where rooms are small, a better plan saves many branches."""
SMALL_SIZE = 10_000
"""Coefficients of the largest such search where rooms are small: fillings are looked at instead."""
FIRST_ROUNDS = 12
PATTERN_ROUNDS = 12
"""Cut rounds before whole patterns or fillings are mixed, and while patterns are; small levels get all theirs before fillings."""
FINE = 0.02
"""Prices are right when they leave less than this share of what a proof may leave open, or of a step."""
WHOLE = 1e-6


class LevelSearch:
    """Lowers the best of one level and raises its bound until they meet or the effort is spent."""

    def __init__(self, stage: Stage, neighbourhoods: Neighbourhoods, bags: list[Bag]) -> None:
        self._stage = stage
        self.relaxation = stage.relaxation
        self._neighbourhoods = neighbourhoods
        self._bags = bags

    def run(self, watch: Watch, effort: Effort) -> None:
        stage, goal, nodes = self._stage, self._stage.goal, effort.nodes
        if effort.cut_rounds <= 0:
            return
        self._relax(watch, effort.cut_rounds)
        if stage.mixture is None:
            fill(stage, watch, self._bags, nodes)
        if goal.proven or nodes <= 0:
            return
        if goal.slack() == 0:
            search_where_sent(stage, watch, effort)
            if goal.top() - stage.relaxation.bound <= NEAR * stage.rise():
                climb(stage, watch, QUICK_SEARCHES, QUICK_REACH, min(nodes, effort.search_nodes))
        else:
            largest = SMALL_SIZE if self._bags else USUAL_SIZE
            if goal.scaled_slack < stage.rise() and likely_plan(stage, watch, effort.search_nodes, largest):
                climb(stage, watch, MOST_SEARCHES, WHOLE_REACH, nodes)
            search_where_sent(stage, watch, effort)
        improve(stage, watch, self._neighbourhoods, effort, PATIENCE_BEFORE_FILLINGS if self._bags else PATIENCE)
        if stage.mixture is not None:
            fill(stage, watch, self._bags, nodes)
        climb(stage, watch, MOST_SEARCHES, FULL_REACH, nodes)

    def _relax(self, watch: Watch, rounds: int) -> None:
        """The linear relaxation with cuts, then over whole patterns; where the engine fails, what is proven stays so."""
        stage = self._stage
        with contextlib.suppress(EngineError):
            mixed = stage.mixture is not None or (bool(self._bags) and not stage.is_small())
            stage.relaxation.tighten(watch, min(rounds, FIRST_ROUNDS) if mixed else rounds, stage.goal.gap)
            self._mix(watch, rounds - FIRST_ROUNDS)
        stage.goal.note(stage.relaxation.bound)

    def _mix(self, watch: Watch, rounds: int) -> None:
        """The relaxation once more, over whole patterns."""
        stage = self._stage
        if stage.mixture is None or rounds <= 0 or stage.goal.proven:
            return
        patterns = PatternRelaxation(stage.relaxation, stage.mixture, stage.plan_columns())
        stage.pattern_floors = patterns.floors
        fine = FINE * max(stage.goal.scaled_slack, stage.measured.step)
        patterns.tighten(watch, min(rounds, PATTERN_ROUNDS), fine, stage.goal.gap, self._try_point)

    def _try_point(self, point: FloatArray) -> None:
        """A point of the relaxation is sometimes whole."""
        choices = point[: self._stage.problem.choice_count]
        if np.abs(choices - np.round(choices)).max(initial=0) < WHOLE:
            self._stage.offer(point)
