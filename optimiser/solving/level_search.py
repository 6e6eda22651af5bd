"""One level: the relaxation says which choices can matter, branch and bound does the rest on those alone."""

from __future__ import annotations

import contextlib
import math

import numpy as np

from optimiser.solving.clusters import Cluster
from optimiser.solving.cut_pool import CutPool
from optimiser.solving.engine import Answer, EngineError, WholeEngine
from optimiser.solving.filling_program import FillingProgram
from optimiser.solving.filling_search import FillingSearch, Purpose
from optimiser.solving.fillings import Bag
from optimiser.solving.goal import Goal
from optimiser.solving.knapsack import Knapsack
from optimiser.solving.linear import FloatArray, Program, Rows, column_costs, on_columns, plan_columns
from optimiser.solving.measure import SLACK
from optimiser.solving.mixture import Mixture
from optimiser.solving.neighbourhood import Neighbourhoods
from optimiser.solving.outcome import Effort
from optimiser.solving.pattern_relaxation import PatternRelaxation
from optimiser.solving.problem import BoolArray, IntArray, Problem
from optimiser.solving.relaxation import Relaxation
from optimiser.solving.search_program import SearchProgram, over_choices, over_patterns
from optimiser.solving.standing import Standing
from optimiser.solving.watch import Watch

NEAR = 20
"""A level whose best is within so many times what the cuts won is tried from the bound upwards at once."""
QUICK_SEARCHES = 3
MOST_SEARCHES = 6
QUICK_REACH = 1 / 16
FULL_REACH = 1 / 2
WHOLE_REACH = 1.0
"""The first search goes at least this share of the way from the bound to the best: a small one while the best is far
from good, half once neighbourhoods have been searched, all of it from a best that a search of likely columns left ..."""
GROWTH = 3
"""... and each next one so many times as far."""
FIRST_FLOORS = 1 / 16
FLOORS_GROWTH = 1.5
CEILING_FLOORS = 4
"""A first plan is looked for among columns with floors up to a sixteenth of what the cuts won, half as far again each time,
and not above four times as far: in good plans, few columns have floors of more than a quarter of the plan's own rise."""
THOROUGH = 0.75
"""It is to be so much nearer to the best of its columns than a proof would ask ..."""
LIKELY_NODES = 3
"""... and gets so many times the nodes of a neighbourhood: from a worse plan the last search takes up to three times as long."""
FIRST_FREE = 0.25
FEWEST_FREE = 12
USUAL_FREE = 40
WIDEN = 1.1
NARROW = 0.7
MOST_FREE = 0.5
PATIENCE = 6
WORTH_WHILE = 0.01
"""Neighbourhoods hold a quarter of the items, 40 at first, and grow up to half when one pays less than a hundredth of the
gap, or shrink when a search does not finish; so many such in a row are the end of it."""
SMALL_SIZE = 10_000
USUAL_SIZE = 20_000
LARGEST_SIZE = 60_000
"""Coefficients: up to the first a search has all its nodes, beyond it fewer; beyond the second it would not end."""
SMALL = 500
"""Choices that may still be taken: with no more, all are searched at once instead of neighbourhoods, and all
rounds of cuts come first even where whole fillings follow."""
USUAL_PART = 8_000
"""The same for the search of a neighbourhood."""
NEARLY_TIGHT = 0.98
FIRST_ROUNDS = 12
PATTERN_ROUNDS = 12
"""Cut rounds before whole patterns are mixed, and while they are."""
FINE = 0.02
"""Prices are right when they leave less than this share of what a proof may leave open, or of a step."""
WHOLE = 1e-6


class LevelSearch:
    """Lowers the best of one level and raises its bound until they meet or the effort is spent."""

    def __init__(
        self,
        standing: Standing,
        index: int,
        rows: Rows,
        upper: FloatArray,
        neighbourhoods: Neighbourhoods,
        pool: CutPool,
        knapsacks: list[Knapsack],
        clusters: list[Cluster],
        bags: list[Bag],
    ) -> None:
        self._standing = standing
        self._problem: Problem = standing.problem
        self._index = index
        self._measured = standing.measures[index]
        self._goal = Goal(standing, index)
        self._pool = pool
        self._neighbourhoods = neighbourhoods
        costs = column_costs(self._measured)
        whole = np.arange(len(upper)) < self._problem.choice_count
        self.program = Program(np.zeros(len(upper)), upper, whole, costs, rows)
        self.relaxation = Relaxation(
            self._problem, self.program, pool, knapsacks, plan_columns(self._problem, standing.held.plan)
        )
        self._mixture = Mixture(self.program, clusters, self._part_rows()) if clusters else None
        self._pattern_floors: list[FloatArray] = []
        self._bags = bags

    def _part_rows(self) -> IntArray:
        """Per row of the program: the column of the part that it measures, or -1."""
        column = np.full(len(self.program.rows), -1, dtype=np.int64)
        parts = np.flatnonzero(self._standing.wanted_parts(self._index))
        first = self._problem.item_count + len(self._problem.limits)
        column[first : first + len(parts)] = self._problem.choice_count + parts
        return column

    def run(self, watch: Watch, effort: Effort) -> None:
        if effort.cut_rounds <= 0:
            return
        # A linear program that the engine cannot solve ends the tightening; what was proven before it stays true.
        with contextlib.suppress(EngineError):
            mixed = self._mixture is not None or (bool(self._bags) and not self._is_small())
            self.relaxation.tighten(watch, min(effort.cut_rounds, FIRST_ROUNDS) if mixed else effort.cut_rounds, self._goal.gap)
            self._mix(watch, effort.cut_rounds - FIRST_ROUNDS)
        self._goal.note(self.relaxation.bound)
        if self._mixture is None:
            self._fill(watch, effort)
        if self._goal.proven or effort.nodes <= 0:
            return
        if self._goal.slack() == 0:
            self._search_where_sent(watch, effort)
            if self._goal.top() - self.relaxation.bound <= NEAR * self._rise():
                self._climb(watch, QUICK_SEARCHES, QUICK_REACH, min(effort.nodes, effort.search_nodes))
        else:
            if self._goal.scaled_slack < self._rise() and self._likely_plan(watch, effort.search_nodes):
                self._climb(watch, MOST_SEARCHES, WHOLE_REACH, effort.nodes)
            self._search_where_sent(watch, effort)
        self._improve(watch, effort)
        if self._mixture is not None:
            self._fill(watch, effort)
        self._climb(watch, MOST_SEARCHES, FULL_REACH, effort.nodes)

    def _mix(self, watch: Watch, rounds: int) -> None:
        """The relaxation once more, over whole patterns."""
        if self._mixture is None or rounds <= 0 or self._goal.proven:
            return
        patterns = PatternRelaxation(self.relaxation, self._mixture, plan_columns(self._problem, self._standing.held.plan))
        self._pattern_floors = patterns.floors
        fine = FINE * max(self._goal.scaled_slack, self._measured.step)
        patterns.tighten(watch, min(rounds, PATTERN_ROUNDS), fine, self._goal.gap, self._try_point)

    def _fill(self, watch: Watch, effort: Effort) -> None:
        """The same over whole fillings of small rooms, and branch and price on top."""
        if not self._bags or self._goal.proven:
            return
        items, limits = self._problem.item_count, len(self._problem.limits)
        step = self._measured.step
        program = FillingProgram(self.program, self._bags, slice(items, items + limits), step)
        known = program.fillings_of(plan_columns(self._problem, self._standing.held.plan))
        purpose = Purpose(step, self._goal.top, self._offer_point, self._goal.note)
        search = FillingSearch(watch, program, self._problem.choice_item, self._counted(), purpose, known)
        relaxation = self.relaxation
        # Where whole patterns and cuts tell more than whole fillings, branching on fillings leads nowhere.
        if search.root is None or search.root.bound < relaxation.bound - SLACK * max(1.0, abs(relaxation.bound)):
            return
        above, price = program.worth(search.root)
        bound = search.root.bound
        relaxation.bound = max(relaxation.bound, bound)
        np.maximum(relaxation.floors, bound + above[: len(relaxation.floors)], out=relaxation.floors)
        np.maximum(relaxation.left_out, bound - np.minimum(0, price[:items]), out=relaxation.left_out)
        relaxation.set_point(search.root.point)
        self._goal.note(bound)
        if effort.nodes > 0 and not self._goal.proven:
            loses = np.zeros(len(self.program.cost), dtype=np.bool_)
            loses[: len(relaxation.floors)] = relaxation.floors > self._goal.cap() + SLACK * max(1.0, abs(self._goal.cap()))
            search.run(loses)

    def _counted(self) -> list[IntArray]:
        """Choice costs of this level and of those before it that are proven to the unit: few costs, each of many choices."""
        levels = self._problem.levels
        exact = [level.choice_cost for level in levels[: self._index] if not level.proof_gap and not level.proof_share]
        return [*exact, levels[self._index].choice_cost]

    def _offer_point(self, point: FloatArray) -> None:
        self._standing.offer(self._standing.plan_from(point))

    def _try_point(self, point: FloatArray) -> None:
        """A point of the relaxation is sometimes whole."""
        choices = point[: self._problem.choice_count]
        if np.abs(choices - np.round(choices)).max(initial=0) < WHOLE:
            self._offer_point(point)

    def _likely_plan(self, watch: Watch, nodes: int) -> bool:
        """Search among the columns with the lowest floors, more of them and higher up until there is a plan.

        Returns whether that plan is nearly the best of those columns.
        """
        bottom, reach, ceiling = self.relaxation.bound, FIRST_FLOORS * self._rise(), -np.inf
        largest = SMALL_SIZE if self._bags else USUAL_SIZE
        while ceiling < self._goal.cap():
            ceiling = min(self._goal.cap(), bottom + CEILING_FLOORS * reach)
            asked = self._asked(bottom + reach, ceiling)
            if len(asked.program.rows.value) > largest:
                return False
            gap = THOROUGH * self._goal.allowed(ceiling)
            answer = self._ask(watch, asked.program, None, gap, LIKELY_NODES * nodes, asked.cost)
            if answer.columns is not None and self._standing.offer(self._standing.plan_from(asked.columns(answer.columns))):
                return float(answer.columns @ asked.program.cost) - answer.bound <= self._goal.allowed(ceiling)
            reach *= FLOORS_GROWTH
        return False

    def _climb(self, watch: Watch, searches: int, least_reach: float, nodes: int) -> None:
        """Search from the bound upwards: a search that finds nothing raises the bound, the first plan found is best."""
        bottom = self.relaxation.bound
        reach = max(self._rise(), (self._goal.top() - bottom) * least_reach)
        for _ in range(searches):
            top = self._goal.top()
            if self._goal.proven:
                return
            before = self._standing.bests[self._index]
            ceiling = min(top, math.floor(bottom + reach))
            proved, best = self._search(watch, ceiling, nodes), self._standing.bests[self._index]
            bottom = max(bottom, proved)
            if best == before and (ceiling >= top or proved < ceiling):
                return
            reach *= GROWTH

    def _rise(self) -> float:
        """What the cuts won: the truth is about as far again."""
        return max(self.relaxation.bound - self.relaxation.plain_bound, 2.0 * self._measured.step)

    def _improve(self, watch: Watch, effort: Effort) -> None:
        """Set some items free at a time, the others as they are, while that keeps paying."""
        size = min(max(FEWEST_FREE, round(FIRST_FREE * self._problem.item_count)), USUAL_FREE)
        most = max(size, round(MOST_FREE * self._problem.item_count))
        idle = 0
        for _ in range(effort.searches - 1):
            if self._goal.proven or idle >= PATIENCE or self._is_small():
                return
            plan = self._standing.held.plan
            losses = np.where(self._usable(), self.relaxation.floors - self.relaxation.bound, np.inf)
            free = self._neighbourhoods.draw(plan, losses, self.relaxation.point, size)
            before = self._standing.held.values[self._index]
            finished = self._search_around(watch, plan, free, self._usable(), effort.search_nodes)
            won = before - self._standing.held.values[self._index]
            gap = self._standing.bests[self._index] - self._standing.bounds[self._index]
            idle = 0 if won > WORTH_WHILE * gap else idle + 1
            if idle:
                size = min(round(size * WIDEN), most) if finished else max(round(size * NARROW), FEWEST_FREE)

    def _search_where_sent(self, watch: Watch, effort: Effort) -> None:
        """The first neighbourhood: everybody free, but only to where the relaxation sends them, or as they are."""
        if self._goal.proven or effort.searches <= 0:
            return
        everyone = np.ones(self._problem.item_count, dtype=np.bool_)
        likely = self.relaxation.point[: self._problem.choice_count] > 0
        self._search_around(watch, self._standing.held.plan, everyone, likely, effort.search_nodes)

    def _is_small(self) -> bool:
        """Whether so few choices are left that searching all of them costs no more than a few neighbourhoods."""
        return int((self._usable() & (self.relaxation.floors <= self._goal.top())).sum()) <= SMALL

    def _tight_cuts(self) -> Rows:
        return self._pool.rows(np.flatnonzero(self._pool.fill(self.relaxation.point) > NEARLY_TIGHT))

    def _usable(self) -> BoolArray:
        return np.asarray(self.program.upper[: self._problem.choice_count] > 0)

    def _search_around(self, watch: Watch, plan: IntArray, free: BoolArray, offered: BoolArray, nodes: int) -> bool:
        """Better plans in which only the free items change, and only to choices offered; whether all were looked at."""
        problem = self._problem
        hint = plan_columns(problem, plan)
        choices = problem.choice_count
        selected = np.ones(len(hint), dtype=np.bool_)
        selected[:choices] = (hint[:choices] > 0.5) | (
            free[problem.choice_item] & offered & self._usable() & (self.relaxation.floors <= self._goal.cap())
        )
        lower = self.program.lower.copy()
        lower[:choices][(hint[:choices] > 0.5) & ~free[problem.choice_item]] = 1.0
        program = Program(
            lower[selected],
            np.maximum(lower, self.program.upper)[selected],
            self.program.whole[selected],
            self.program.cost[selected],
            on_columns(self.program.rows.and_then(self._tight_cuts()), selected),
        )
        nodes = max(1, round(nodes * min(1.0, (USUAL_PART / max(1, len(program.rows.value))) ** 2)))
        gap = self._goal.allowed(self._goal.cap())
        answer = self._ask(watch, program, hint[selected], gap, nodes)
        self._take(answer, selected)
        return answer.columns is not None and float(answer.columns @ program.cost) - answer.bound <= self._goal.allowed(
            self._goal.cap()
        )

    def _ask(self, watch: Watch, program: Program, hint: FloatArray | None, gap: float, nodes: int, paid: float = 0.0) -> Answer:
        """Branch and bound; ``paid`` is what is not in the program's costs."""
        enough = self._goal.enough() - paid
        try:
            engine = WholeEngine(program, hint=hint, gap=gap, nodes=nodes, enough=enough)
            return watch.run(engine)
        except EngineError:
            return Answer(None, -np.inf)

    def _take(self, answer: Answer, selected: BoolArray) -> None:
        """Offer the plan that a search found, if it found one."""
        if answer.columns is not None:
            columns = np.zeros(len(self.program.cost))
            columns[selected] = answer.columns
            self._standing.offer(self._standing.plan_from(columns))

    def _search(self, watch: Watch, ceiling: float, nodes: int) -> float:
        """Branch and bound among the plans of a scaled value up to ``ceiling``, over the choices that they can take.

        Returns what it proved: a bound for all plans.
        """
        measured = self._measured
        margin = SLACK * max(1.0, abs(ceiling))
        asked = self._asked(ceiling + margin, ceiling + margin)
        size = len(asked.program.rows.value)
        if size > LARGEST_SIZE:
            return -np.inf
        nodes = max(1, round(nodes * min(1.0, (USUAL_SIZE / max(1, size)) ** 2)))
        answer = self._ask(watch, asked.program, None, self._goal.allowed(ceiling), nodes, asked.cost)
        if answer.columns is not None:
            self._standing.offer(self._standing.plan_from(asked.columns(answer.columns)))
        bound = answer.bound + asked.cost
        if bound <= ceiling:
            self._goal.note(bound)
            return bound
        self._standing.raise_bound(self._index, measured.whole_value(math.floor(ceiling) + 1))
        return ceiling

    def _asked(self, reach: float, ceiling: float) -> SearchProgram:
        """The plans up to a ceiling of columns with floors up to ``reach``: over whole patterns if they are not too many."""
        choices = self._problem.choice_count
        selected = np.ones(len(self.program.cost), dtype=np.bool_)
        selected[:choices] = self._usable() & (self.relaxation.floors <= reach)
        cuts = self._tight_cuts()
        if self._mixture is not None and self._pattern_floors:
            found = over_patterns(self._mixture, cuts, selected, self._pattern_floors, reach, ceiling)
            if found is not None:
                return found
        return over_choices(self.program, cuts, selected, ceiling)
