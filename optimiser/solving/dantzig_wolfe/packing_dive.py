"""Plans by diving over whole packings: a few rooms are filled for good, the relaxation is solved again, and so on.

The pure diving heuristic of branch and price (Sadykov and others 2019, *Primal heuristics for branch and price*), with a way
back: where filling some rooms so leaves no plan better than the one in hand, fewer rooms or other packings are tried, then half
of the steps are taken back. Where rooms have to come out to the unit, a whole packing says at once what choices say by dozens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.solving.constraint_search import search_among
from optimiser.solving.dantzig_wolfe.knapsack_master import Branch, KnapsackMaster, Packing, Relaxed, beyond
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.linear_program import FloatArray

AT_ONCE = 0.15
"""The part of the rooms still open that a step fills."""
MOST_MISSES = 3
"""So many ways of filling rooms are tried at one step, each time half as many rooms, before half of the steps are taken back."""
FEW_ROOMS = 4
"""So few rooms are left to constraint programming, with whatever is in no room."""
TAKEN = 1e-6
WHOLE = 1e-5
FEW_WORK = 0.3
"""Counted time of constraint programming for that."""


@dataclass
class _Step:
    """Some rooms are filled for good."""

    branch: Branch
    relaxed: Relaxed
    filled: frozenset[int]
    misses: int = 0
    """How many ways on from here led nowhere."""


class PackingDive:
    """Lowers a level's best; effort is counted in relaxations solved."""

    def __init__(self, stage: LevelState, watch: Watch, master: KnapsackMaster, root: _Step, relaxations: int) -> None:
        self._stage, self._watch, self._master, self._root = stage, watch, master, root
        self._left = relaxations
        self._item = stage.problem.choice_item
        self._random = np.random.default_rng(stage.problem.item_count)
        self._detours = 0

    def run(self) -> None:
        """Dive after dive until the level is proven or the effort is spent."""
        while self._left > 0 and not self._stage.goal.proven:
            self._dive()
            self._detours += 1

    def _dive(self) -> None:
        """To the next plan that is better than the one in hand, as long as there is effort left."""
        path = [replace(self._root, misses=0)]
        while self._left > 0:
            here = path[-1]
            further = self._filled_further(here) if here.misses < MOST_MISSES else None
            if further is None:
                if here.misses < MOST_MISSES and self._finish(here):
                    return
                # Half of the way back: what is filled last is seldom what went wrong, and it costs little to fill it again.
                del path[1 + (len(path) - 1) // 2 :]
                path[-1].misses = 0
                self._detours += 1
                self._left -= 1
                continue
            branch, filled = further
            self._left -= 1
            found = self._master.solve(self._watch, branch, here.relaxed.packings, self._top() + self._stage.measured.step)
            if found is None or beyond(found.bound, self._stage.measured.step, self._top()):
                here.misses += 1
            else:
                path.append(_Step(branch, found, filled))

    def _top(self) -> float:
        return self._stage.goal.cap()

    def _filled_further(self, here: _Step) -> tuple[Branch, frozenset[int]] | None:
        """Some more rooms filled with the likeliest packings that have nobody in common; None where all rooms are filled."""
        packings, weights = here.relaxed.packings, here.relaxed.weights
        drawn = weights * (0.5 + self._random.random(len(weights))) if self._detours or here.misses else weights
        open_rooms = len(self._master.blocks) - len(here.filled)
        if open_rooms <= FEW_ROOMS:
            return None
        most = min(open_rooms - FEW_ROOMS, max(1, round(AT_ONCE * open_rooms / 2**here.misses)))
        chosen: list[Packing] = []
        rooms: set[int] = set()
        items: set[int] = set()
        for place in np.argsort(-drawn, kind="stable").tolist():
            room, choices = packings[place]
            own = set(self._item[list(choices)].tolist())
            if weights[place] > TAKEN and room not in here.filled and room not in rooms and not own & items:
                chosen.append(packings[place])
                rooms.add(room)
                items |= own
                if len(chosen) == most:
                    break
        return (self._with(here.branch, chosen, items), here.filled | rooms) if chosen else None

    def _with(self, branch: Branch, packings: Sequence[Packing], items: set[int]) -> Branch:
        """Only plans with these packings as they are."""
        taken = branch.taken.union(*(choices for _, choices in packings))
        banned = branch.banned.copy()
        for room, _ in packings:
            banned[self._master.blocks[room].choice] = True
        banned[: len(self._item)] |= np.isin(self._item, list(items))
        banned[list(taken)] = False
        return replace(branch, taken=taken, banned=banned)

    def _finish(self, here: _Step) -> bool:
        """The rooms that are left, and what is in none. Returns whether the plan in hand is another."""
        held, taken = self._stage.incumbent.held, list(here.branch.taken)
        point = here.relaxed.point.copy()
        point[taken] = 1.0
        if self._is_whole(point):
            self._stage.offer(point)
        if self._stage.incumbent.held is held:
            offered = self._stage.usable() & ~here.branch.banned[: len(self._item)]
            offered[taken] = True
            search_among(self._stage, self._watch, offered, FEW_WORK, hinted=False)
        return self._stage.incumbent.held is not held

    def _is_whole(self, point: FloatArray) -> bool:
        choices = point[: len(self._item)]
        return bool(np.abs(choices - np.round(choices)).max(initial=0) < WHOLE)


def dive_over_packings(
    stage: LevelState, watch: Watch, master: KnapsackMaster, root: Relaxed, branch: Branch, relaxations: int
) -> None:
    """Lower the level's best with so many relaxations at most. ``root``: what column generation told of ``branch``."""
    if relaxations > 0 and master.blocks and not stage.goal.proven:
        PackingDive(stage, watch, master, _Step(branch, root, frozenset()), relaxations).run()
