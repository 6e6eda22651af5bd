"""The relaxation of the reformulation by provider on a level, and branch and price on top of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.solving.dantzig_wolfe.branch_and_price import BranchAndPrice, Purpose
from optimiser.solving.dantzig_wolfe.knapsack_master import PENALTY, KnapsackMaster
from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock
from optimiser.solving.dantzig_wolfe.packing_dive import dive_over_packings
from optimiser.solving.integer_objective import SLACK
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.problem import IntArray

OVERALL = 150.0
"""Breaking a row by its smallest coefficient costs so many times what the level has open; by a third of it, all of that."""


def relax_by_knapsacks(
    stage: LevelState, watch: Watch, blocks: Sequence[KnapsackBlock], turns: int, rows: Sequence[int] = (), dives: int = 0
) -> None:
    """Raise the bound and the floors of the level's relaxation; search as well, in so many ``turns`` of branches and dives.

    ``rows``: the limits that are of none of the blocks. ``dives``: so many relaxations may go into dives over whole packings.
    """
    if not blocks or stage.goal.proven:
        return
    items, limits = stage.problem.item_count, len(stage.problem.limits)
    step, goal, relaxation = stage.measured.step, stage.goal, stage.relaxation
    penalty = _penalty(stage) if dives else PENALTY
    program = KnapsackMaster(stage.program, blocks, slice(items, items + limits), step, penalty=penalty, rows=rows)
    known = program.packings_of(stage.plan_columns())
    purpose = Purpose(step, goal.top, stage.offer, goal.note)
    search = BranchAndPrice(watch, program, stage.problem.choice_item, _counted(stage), purpose, known)
    # Where whole patterns and cuts tell more than whole packings, branching on packings leads nowhere.
    if search.root is None or search.root.bound < relaxation.bound - SLACK * max(1.0, abs(relaxation.bound)):
        return
    above, price = program.worth(search.root)
    bound = search.root.bound
    choices = len(relaxation.floors)
    relaxation.bound = max(relaxation.bound, bound)
    np.maximum(relaxation.floors, bound + above[:choices], out=relaxation.floors)
    np.maximum(relaxation.left_out, bound - np.minimum(0, price[:items]), out=relaxation.left_out)
    relaxation.set_point(search.root.point)
    goal.note(bound)
    dive_over_packings(stage, watch, program, search.root, search.all, dives)
    if turns > 0 and not goal.proven:
        loses = np.zeros(len(stage.program.cost), dtype=np.bool_)
        loses[:choices] = relaxation.floors > goal.cap() + SLACK * max(1.0, abs(goal.cap()))
        search.run(loses, turns)


def _penalty(stage: LevelState) -> float:
    """What breaking a row costs where plans are to be dived for, in largest costs.

    A little of an earlier level must never be worth all that is still to be won on this one: a dive would end beside it.
    """
    open_to = stage.goal.cap() - stage.relaxation.bound
    return max(PENALTY, OVERALL * open_to / float(np.abs(stage.program.cost).max(initial=1.0)))


def _counted(stage: LevelState) -> list[IntArray]:
    """Choice costs of this level and of those before it that are proven to the unit: few costs, each of many choices."""
    levels = stage.problem.levels
    exact = [level.choice_cost for level in levels[: stage.index] if not level.proof_gap and not level.proof_share]
    return [*exact, levels[stage.index].choice_cost]
