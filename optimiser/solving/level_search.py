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
from optimiser.solving.lns import large_neighbourhood_search, relaxation_neighbourhood, search_few_rooms
from optimiser.solving.lns_neighbourhoods import Neighbourhoods
from optimiser.solving.outcome import Effort
from optimiser.solving.plain_search import search_plainly
from optimiser.solving.problem import UNPLACED
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
FEWEST_TO_BRANCH, FEW_TO_BRANCH = 50, 1_500
"""Between so many choices, branching on single ones is quicker than on packings, which end fewer in a moment."""
AT_ONCE_SHARE = 4.0
"""Of the branching nodes of a search, what a plain solver has where so few choices are left: it ends most of them."""
MOST_TOGETHER = 12
"""Where the rooms hold more items than this each, packings say little that the limits do not, and there are too many of them."""
MANY_WAIT = 1
"""Where more people than this to a room are with nobody, a proof has no end among the ways to leave some out: plans first."""
MOST_TURNS, FEW_TURNS = 15, 4
"""Turns of branches and dives over packings; the second where single choices were branched on before."""
FEW_ROOM_SEARCHES = 12
ROOM_SEARCHES = 40
"""So often a few rooms are emptied before dives over packings, and after them."""
FEW_OF_PATTERNS = 4_000
"""The same where what is whole counts: there is no other way among more."""
FINE = 0.02
"""Prices are right when they leave less than this share of what a proof may leave open, or of a step."""
LAST_SHARE = 1 / 2
"""Of the branching nodes of a search, what a plain solver has that is asked behind all of ours."""
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
        at_once = self._are_few_to_branch(effort)
        first, last = self._plain_nodes(effort, at_once=at_once)
        search_plainly(stage, watch, first)
        if work > 0 and (packed or few):
            self._by_constraints(watch, effort, few=few)
        if packed and at_once:
            self._branch_at_once(watch, effort)
        if packed and (few or not effort.dives):  # where dives over packings ended, branches of single choices begin far behind
            self._by_packings(watch, effort, at_once=at_once)
        if goal.proven or nodes <= 0:
            return
        self._first_plans(watch, effort)
        self._in_neighbourhoods(watch, effort)
        if not packed:
            if at_once:
                raise_bound(stage, watch, MOST_SEARCHES, FULL_REACH, self._proof_nodes(effort))
            self._by_packings(watch, effort, at_once=at_once)
        raise_bound(stage, watch, MOST_SEARCHES, FULL_REACH, self._proof_nodes(effort))
        if at_once and not packed:
            self._in_neighbourhoods(watch, effort)
        search_plainly(stage, watch, last)
        if work > 0 and packed and not few:
            search_all(stage, watch, work)

    def _first_plans(self, watch: Watch, effort: Effort) -> None:
        """Plans where the relaxation points to, and the bound as far as a few searches raise it."""
        stage, goal = self._stage, self._stage.goal
        if goal.slack() == 0:
            relaxation_neighbourhood(stage, watch, effort)
            if goal.top() - stage.relaxation.bound <= NEAR * stage.rise():
                raise_bound(stage, watch, QUICK_SEARCHES, QUICK_REACH, min(effort.nodes, effort.search_nodes))
            return
        largest = SMALL_SIZE if self._knapsack_blocks else USUAL_SIZE
        likely = goal.scaled_slack < stage.rise() and not self._many_wait()
        if likely and restricted_mip_plan(stage, watch, effort.search_nodes, largest):
            raise_bound(stage, watch, MOST_SEARCHES, WHOLE_REACH, effort.nodes)
        relaxation_neighbourhood(stage, watch, effort)

    def _in_neighbourhoods(self, watch: Watch, effort: Effort) -> None:
        patience = PATIENCE_BEFORE_PACKINGS if self._knapsack_blocks else PATIENCE
        large_neighbourhood_search(self._stage, watch, self._neighbourhoods, effort, patience)

    def _branch_at_once(self, watch: Watch, effort: Effort) -> None:
        """Branch on single choices before any packing is looked at; where many wait, fill a few rooms anew at a time instead."""
        stage = self._stage
        relaxation_neighbourhood(stage, watch, effort)
        raise_bound(stage, watch, MOST_SEARCHES, QUICK_REACH, self._proof_nodes(effort))
        self._in_neighbourhoods(watch, effort)
        if not self._many_wait():
            search_plainly(stage, watch, round(AT_ONCE_SHARE * effort.nodes))
        search_few_rooms(stage, watch, self._knapsack_blocks, effort)

    def _by_packings(self, watch: Watch, effort: Effort, *, at_once: bool) -> None:
        """Whole packings, where rooms hold few people; else rooms as they are, a few at a time."""
        stage, blocks = self._stage, self._knapsack_blocks
        if self._few_together():
            turns = 0 if effort.nodes <= 0 or self._many_wait() else FEW_TURNS if at_once else MOST_TURNS
            relax_by_knapsacks(stage, watch, blocks, turns, self._rows_of_no_block)
        elif effort.nodes > 0:
            relaxation_neighbourhood(stage, watch, effort)
            search_few_rooms(stage, watch, blocks, effort)

    def _proof_nodes(self, effort: Effort) -> int:
        """Branching nodes of a search for a proof."""
        return min(effort.nodes, effort.search_nodes) if self._many_wait() else effort.nodes

    def _many_wait(self) -> bool:
        """Whether more people are with nobody than there are rooms (in a small county never: it is proven all the same)."""
        if self._stage.is_small():
            return False
        waiting = int((self._stage.incumbent.held.plan == UNPLACED).sum())
        return waiting > MANY_WAIT * len(self._knapsack_blocks) > 0

    def _few_together(self) -> bool:
        """Whether the rooms hold few items each where the relaxation sends everybody."""
        point, blocks = self._stage.relaxation.point, self._knapsack_blocks
        return sum(float(point[block.choice].sum()) for block in blocks) <= MOST_TOGETHER * len(blocks)

    def _plain_nodes(self, effort: Effort, *, at_once: bool) -> tuple[int, int]:
        """Branching nodes of a plain solver before our own searches, and behind them."""
        left, nodes = self._stage.choices_left(), effort.plain_nodes
        if nodes <= 0:
            return 0, 0 if effort.constraint_work > 0 else self._last_nodes(effort, at_once=at_once)
        if left > FEW_CHOICES:
            return 0, nodes
        return nodes if left > VERY_FEW else 0, 0

    def _last_nodes(self, effort: Effort, *, at_once: bool) -> int:
        """What a plain solver has behind our own searches, where it was not asked at once."""
        if self._many_wait() or (at_once and self._stage.pattern_master is None):
            return 0
        whole = at_once and self._stage.goal.slack() == 0
        return round((AT_ONCE_SHARE if whole else LAST_SHARE) * effort.nodes)

    def _are_few_to_branch(self, effort: Effort) -> bool:
        """Whether so few choices are left that branching on single ones comes before packings."""
        if effort.nodes <= 0 or effort.constraint_work > 0 or effort.plain_nodes > 0:
            return False
        return FEWEST_TO_BRANCH <= self._stage.choices_left() <= FEW_TO_BRANCH

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
