"""Branch and price on one level: plans by diving, proofs by branching on aggregated counts.

Branches count how many choices of one cost are taken (Vanderbeck 2000, *On Dantzig-Wolfe decomposition in integer programming
and ways to perform branching*); dives fix a few choices at a time (Sadykov and others 2019, *Primal heuristics for branch and
price*).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.solving.dantzig_wolfe.knapsack_master import Branch, KnapsackMaster, Packing, Relaxed, beyond, next_value
from optimiser.solving.interruptible import Watch
from optimiser.solving.linear_program import FloatArray, Rows
from optimiser.solving.problem import BoolArray, IntArray

WHOLE = 1e-5
MOST_AT_ONCE = 6
"""A dive takes one choice in so many of those that are split, the nearest to whole ones, at a time."""
MOST_DEAR = 3
"""... and ends when more of its steps than this have raised the bound."""
BRANCHES = 16
"""So many branches are split, then a dive from the most promising one: that is a turn."""


@dataclass(frozen=True)
class Purpose:
    """What a level tells the search, and is told by it."""

    step: int
    top: Callable[[], float]
    """The largest whole value that a proof has to rule out: a little below the best plan's."""
    offer: Callable[[FloatArray], bool]
    """Given the columns of a plan."""
    note: Callable[[float], None]
    """Given a bound for all plans."""


class BranchAndPrice:
    """Lowers a level's best and raises its bound; effort is counted in branches."""

    def __init__(
        self,
        watch: Watch,
        program: KnapsackMaster,
        item: IntArray,
        costs: Sequence[IntArray],
        purpose: Purpose,
        known: list[Packing],
    ) -> None:
        """``item`` and ``costs``: see ``kinds_of``. ``known``: the packings of the plan in hand."""
        self._watch = watch
        self._program = program
        self._item = item
        self._kinds = kinds_of(item, costs)
        self._purpose = purpose
        nothing = np.zeros(0, dtype=np.int64)
        rows = Rows(np.zeros(0), np.zeros(0), nothing, nothing, np.zeros(0))
        self.all = Branch(rows, frozenset(), np.zeros(len(program.program.cost), dtype=np.bool_))
        """All plans."""
        self.root = program.solve(watch, self.all, known, np.inf)
        self._open: list[tuple[float, int, int, Branch, Relaxed]] = []
        self._count = 0
        self._random = np.random.default_rng(len(item))

    def run(self, loses: BoolArray, turns: int) -> None:
        """Branches and dives in so many turns. ``loses``: columns that no better plan takes."""
        if self.root is None:
            return
        self._keep(Branch(self.all.rows, frozenset(), loses), self.root)
        for _ in range(turns):
            if not self._still_open():
                break
            if not self._branch() or not self._still_open():
                break
            _, _, _, branch, here = self._open[0]
            self._dive(branch, here)
        self._purpose.note(self._open[0][4].bound if self._still_open() else self._purpose.top() + 1)

    def _keep(self, branch: Branch, found: Relaxed) -> None:
        """A branch to be looked at: the lowest bound first, of those the narrowest."""
        self._count += 1
        value = next_value(found.bound, self._purpose.step)
        heapq.heappush(self._open, (value, -len(branch.rows), self._count, branch, found))

    def _still_open(self) -> bool:
        """Whether a branch is left that is not ruled out."""
        while self._open and self._ruled_out(self._open[0][4].bound):
            heapq.heappop(self._open)
        return bool(self._open)

    def _ruled_out(self, bound: float) -> bool:
        return beyond(bound, self._purpose.step, self._purpose.top())

    def _solve(self, branch: Branch, known: list[Packing]) -> Relaxed | None:
        """A branch as far as it matters: up to the values that a proof has to rule out. None when the engine gives up."""
        return self._program.solve(self._watch, branch, known, self._purpose.top() + self._purpose.step)

    def _dive(self, branch: Branch, here: Relaxed) -> None:
        """Take choices for good, a few at a time, until the point is whole; where one spoils the bound, try without it."""
        dear = 0
        while dear <= MOST_DEAR and not self._ruled_out(here.bound):
            split = self._split(here.point, branch)
            if not len(split):
                point = here.point.copy()
                point[list(branch.taken)] = 1.0  # a packing with such a choice may be mixed with nothing of its block
                self._purpose.offer(point)
                return
            ranked = split[np.argsort(-here.point[split] * (0.5 + self._random.random(len(split))), kind="stable")]
            step = self._step(branch, here, self._apart(ranked, max(1, len(split) // MOST_AT_ONCE)))
            if step is None:
                return
            dear += self._costs(here, step[1])
            branch, here = step

    def _costs(self, before: Relaxed, after: Relaxed) -> bool:
        """Whether a step of a dive raises the bound."""
        return beyond(after.bound, self._purpose.step, before.bound + self._purpose.step / 2)

    def _step(self, branch: Branch, here: Relaxed, choices: list[int]) -> tuple[Branch, Relaxed] | None:
        """The first way on that costs nothing: all these choices, or the first alone, or none of that; else the cheapest."""
        ways: list[tuple[float, int, Branch, Relaxed]] = []
        for way in self._ways(branch, choices):
            found = self._solve(way, here.packings)
            if found is None:
                continue
            if not self._costs(here, found):
                return way, found
            ways.append((found.bound, len(ways), way, found))
        cheapest = min(ways[-2:], default=None)
        return None if cheapest is None else cheapest[2:]

    def _ways(self, branch: Branch, choices: list[int]) -> Iterator[Branch]:
        several = branch
        for choice in choices:
            several = self._taking(several, choice)
        if len(choices) > 1:
            yield several
        yield self._taking(branch, choices[0])
        yield branch.without(choices[0])

    def _taking(self, branch: Branch, choice: int) -> Branch:
        return branch.with_taken(choice, np.flatnonzero(self._item == self._item[choice]))

    def _apart(self, choices: IntArray, most: int) -> list[int]:
        """The first of the choices that are of different items and blocks."""
        found: list[int] = []
        seen: set[tuple[str, int]] = set()
        for choice in choices.tolist():
            marks = {("item", int(self._item[choice])), ("block", int(self._program.block_of[choice]))}
            if len(found) < most and not marks & seen:
                seen |= marks
                found.append(choice)
        return found

    def _split(self, point: FloatArray, branch: Branch) -> IntArray:
        """The choices that a point takes in part, and that are not taken for good: to take one of those again would not end."""
        part = point[: len(self._item)]
        split = np.flatnonzero((part > WHOLE) & (part < 1 - WHOLE))
        return split[~np.isin(split, list(branch.taken))]

    def _branch(self) -> bool:
        """Split the most promising branches; False where that leads no further."""
        for _ in range(BRANCHES):
            if not self._still_open():
                return False
            _, _, _, branch, here = self._open[0]
            self._purpose.note(here.bound)
            parts = self._parts(branch, here.point)
            found = [self._solve(part, here.packings) for part in parts]
            if not parts or None in found:
                self._purpose.offer(here.point)
                return self._still_open() and self._open[0][3] is not branch
            heapq.heappop(self._open)
            for part, relaxed in zip(parts, found, strict=True):
                if relaxed is not None:
                    self._keep(part, replace(relaxed, bound=max(relaxed.bound, here.bound)))
        return True

    def _parts(self, branch: Branch, point: FloatArray) -> list[Branch]:
        """Two parts of a branch, by how many choices of one kind are taken: the kind that is furthest from a whole number."""
        part = point[: len(self._item)]
        for kind in self._kinds:
            total = np.bincount(kind[kind >= 0], part[kind >= 0])
            away = np.abs(total - np.round(total))
            most = int(np.argmax(away))
            if away[most] > WHOLE:
                columns, whole = np.flatnonzero(kind == most), float(np.floor(total[most]))
                return [branch.with_row(columns, -np.inf, whole), branch.with_row(columns, whole + 1, np.inf)]
        return []


def kinds_of(item: IntArray, costs: Sequence[IntArray]) -> list[IntArray]:
    """What to count, most telling first: choices of one cost on a level, those of one item among them, and single choices.

    ``item``: of each choice. ``costs``: of each choice, one level after the other. Told is each choice's kind, or -1.
    """
    found = []
    for cost in costs:
        counted = cost != 0
        if counted.any():
            for keys in (cost, np.column_stack((cost, item))):
                kind = np.full(len(item), -1, dtype=np.int64)
                kind[counted] = np.unique(keys[counted], axis=0, return_inverse=True)[1].ravel()
                found.append(kind)
    return [*found, np.arange(len(item), dtype=np.int64)]
