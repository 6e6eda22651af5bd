"""One level: the relaxation says which choices can matter, searches do the rest on those alone."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import numpy as np

from optimiser.solving.constraint_search import search_all, search_where_relaxed
from optimiser.solving.dantzig_wolfe.knapsack_relaxation import relax_by_knapsacks
from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock
from optimiser.solving.dantzig_wolfe.pattern_relaxation import PatternRelaxation
from optimiser.solving.destructive_bounds import USUAL_SIZE, raise_bound, restricted_mip_plan
from optimiser.solving.engine import EngineError
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.linear_program import FloatArray
from optimiser.solving.lns import large_neighbourhood_search, relaxation_neighbourhood
from optimiser.solving.lns_neighbourhoods import Neighbourhoods
from optimiser.solving.outcome import Effort
from optimiser.solving.plain_search import search_plainly
from optimiser.solving.room_search import search_room_by_room

NEAR = 20
"""A level whose best is within so many times what the cuts won is tried from the bound upwards at once."""
QUICK_SEARCHES = 3
MOST_SEARCHES = 6
QUICK_REACH = 1 / 16
FULL_REACH = 1 / 2
WHOLE_REACH = 1.0
"""How far the first search of a raise_bound goes, as a share of the way from the bound to the best: little while the best is far
from good, half once neighbourhoods have been searched, all of it from a best that a search of likely columns left."""
PATIENCE = 6
PATIENCE_BEFORE_PACKINGS = 15
"""So many neighbourhoods in a row may be of no use; where capacities are small, a better plan saves many branches."""
SMALL_SIZE = 10_000
"""Coefficients of the largest such search where capacities are small: packings are looked at instead."""
FIRST_ROUNDS = 12
PATTERN_ROUNDS = 12
"""Cut rounds before whole patterns or packings are mixed, and while patterns are; small levels get all theirs before packings."""
FEW_CHOICES = 2_500
"""So few choices are searched by constraint programming before anything else; more, where the relaxation sends everybody. Of
more than these a plain solver is asked behind that, not before (a bridge's 6,000: four seconds instead of seventy)."""
VERY_FEW = 100
"""So few choices our own searches end at once: no plain solver is asked before them."""
FEW_ROOM_SEARCHES = 12
ROOM_SEARCHES = 40
"""So often a few rooms are emptied before dives over packings, and after them."""
FEW_OF_PATTERNS = 4_000
"""The same where what is whole counts: there is no other way among more."""
FINE = 0.02
"""Prices are right when they leave less than this share of what a proof may leave open, or of a step."""
WHOLE = 1e-6


class LevelSearch:
    """Lowers the best of one level and raises its bound until they meet or the effort is spent."""

    def __init__(
        self,
        stage: LevelState,
        neighbourhoods: Neighbourhoods,
        knapsack_blocks: list[KnapsackBlock],
        rows_of_no_block: Sequence[int] = (),
    ) -> None:
        self._stage = stage
        self.relaxation = stage.relaxation
        self._neighbourhoods = neighbourhoods
        self._knapsack_blocks = knapsack_blocks
        self._rows_of_no_block = rows_of_no_block

    def run(self, watch: Watch, effort: Effort) -> None:
        stage, goal, nodes = self._stage, self._stage.goal, effort.nodes
        if effort.cut_rounds <= 0:
            return
        self._relax(watch, effort.cut_rounds)
        packed, few, work = stage.pattern_master is None, self._are_few(), effort.constraint_work
        many = stage.choices_left() > FEW_CHOICES
        if not many and stage.choices_left() > VERY_FEW:
            search_plainly(stage, watch, effort.plain_nodes)
        if work > 0 and (packed or few):
            self._by_constraints(watch, effort, few=few)
        if packed and (few or not effort.dives):  # where dives over packings ended, branches of single choices begin far behind
            relax_by_knapsacks(stage, watch, self._knapsack_blocks, nodes, self._rows_of_no_block)
        if goal.proven or nodes <= 0:
            return
        if goal.slack() == 0:
            relaxation_neighbourhood(stage, watch, effort)
            if goal.top() - stage.relaxation.bound <= NEAR * stage.rise():
                raise_bound(stage, watch, QUICK_SEARCHES, QUICK_REACH, min(nodes, effort.search_nodes))
        else:
            largest = SMALL_SIZE if self._knapsack_blocks else USUAL_SIZE
            if goal.scaled_slack < stage.rise() and restricted_mip_plan(stage, watch, effort.search_nodes, largest):
                raise_bound(stage, watch, MOST_SEARCHES, WHOLE_REACH, nodes)
            relaxation_neighbourhood(stage, watch, effort)
        large_neighbourhood_search(
            stage, watch, self._neighbourhoods, effort, PATIENCE_BEFORE_PACKINGS if self._knapsack_blocks else PATIENCE
        )
        if not packed:
            relax_by_knapsacks(stage, watch, self._knapsack_blocks, nodes, self._rows_of_no_block)
        raise_bound(stage, watch, MOST_SEARCHES, FULL_REACH, nodes)
        if many:
            search_plainly(stage, watch, effort.plain_nodes)
        if work > 0 and packed and not few:
            search_all(stage, watch, work)

    def _are_few(self) -> bool:
        """Whether so few choices are left that constraint programming is given all of them."""
        return self._stage.choices_left() <= (FEW_CHOICES if self._stage.pattern_master is None else FEW_OF_PATTERNS)

    def _by_constraints(self, watch: Watch, effort: Effort, *, few: bool) -> None:
        """Constraint programming around what packings tell; among many choices, small parts of them and dives over packings."""
        stage, work, blocks = self._stage, effort.constraint_work, self._knapsack_blocks
        if few:
            relax_by_knapsacks(stage, watch, blocks, 0, self._rows_of_no_block)
            search_where_relaxed(stage, watch, work)
            search_all(stage, watch, work)
        else:
            search_room_by_room(stage, watch, work, FEW_ROOM_SEARCHES)  # where rooms have much to spare that is all it takes
            relax_by_knapsacks(stage, watch, blocks, 0, self._rows_of_no_block, effort.dives)
            search_room_by_room(stage, watch, work, ROOM_SEARCHES)

    def _relax(self, watch: Watch, rounds: int) -> None:
        """The linear relaxation with cuts, then over whole patterns; where the engine fails, what is proven stays so."""
        stage = self._stage
        with contextlib.suppress(EngineError):
            mixed = stage.pattern_master is not None or (bool(self._knapsack_blocks) and not stage.is_small())
            stage.relaxation.tighten(watch, min(rounds, FIRST_ROUNDS) if mixed else rounds, stage.goal.gap)
            self._mix(watch, rounds - FIRST_ROUNDS)
        stage.goal.note(stage.relaxation.bound)

    def _mix(self, watch: Watch, rounds: int) -> None:
        """The relaxation once more, over whole patterns."""
        stage = self._stage
        if stage.pattern_master is None or rounds <= 0 or stage.goal.proven:
            return
        patterns = PatternRelaxation(stage.relaxation, stage.pattern_master, stage.plan_columns())
        stage.pattern_floors = patterns.floors
        fine = FINE * max(stage.goal.scaled_slack, stage.measured.step)
        patterns.tighten(watch, min(rounds, PATTERN_ROUNDS), fine, stage.goal.gap, self._try_point)

    def _try_point(self, point: FloatArray) -> None:
        """A point of the relaxation is sometimes whole."""
        choices = point[: self._stage.problem.choice_count]
        if np.abs(choices - np.round(choices)).max(initial=0) < WHOLE:
            self._stage.offer(point)
