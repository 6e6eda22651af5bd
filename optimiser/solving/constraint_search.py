"""Search of a level by constraint programming: first where the relaxation sends everybody, then over all that can matter.

Relaxation induced, as the first neighbourhood is (Danna, Rothberg and Le Pape 2005): the relaxation over whole packings tells
which few choices a best plan is made of, and its bound is often the best itself, so that finding one such plan is the proof.
"""

from __future__ import annotations

import numpy as np

from optimiser.solving.engine_cp_sat import ConstraintEngine
from optimiser.solving.integer_objective import SLACK
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.linear_program import over_columns
from optimiser.solving.problem import BoolArray

LIKELY_SHARE = 1 / 3
"""The part of the work that may go into the few choices that the relaxation takes."""
TAKEN = 1e-9


def search_where_relaxed(stage: LevelState, watch: Watch, work: float) -> None:
    """Lower the level's best among the few choices that the relaxation takes, with a part of so much counted work.

    First from the plan in hand, then from nothing: such a plan leads to better ones, or keeps the search near itself.
    """
    if not stage.goal.proven:
        taken = stage.usable() & (stage.relaxation.point[: stage.problem.choice_count] > TAKEN)
        for hinted in (True, False):
            if not stage.goal.proven:
                offered = taken | stage.problem.chosen(stage.incumbent.held.plan)
                search_among(stage, watch, offered, work * LIKELY_SHARE, hinted=hinted)


def search_all(stage: LevelState, watch: Watch, work: float) -> None:
    """Lower the best and raise the bound over every choice that can matter, with so much counted work."""
    if stage.goal.proven:
        return
    top = stage.goal.top()
    bound = search_among(stage, watch, within_reach(stage), work, hinted=True)
    # Whoever takes a choice that was left out is above the top.
    stage.goal.note(min(bound, top + 1.0))


def search_among(stage: LevelState, watch: Watch, offered: BoolArray, work: float, *, hinted: bool) -> float:
    """Offer the best plan of these choices, as far as it is found, and tell its bound.

    ``hinted``: the plan in hand's choices are among them too, and the search begins with it.
    """
    choices, whole = stage.problem.choice_count, stage.program
    hint = stage.plan_columns()
    selected = np.ones(len(hint), dtype=np.bool_)
    selected[:choices] = offered | (hinted & (hint[:choices] > 0.5))
    program = over_columns(whole, selected)
    least = stage.relaxation.bound - SLACK * max(1.0, abs(stage.relaxation.bound))
    gap = stage.goal.allowed(stage.goal.top()) if stage.goal.slack() else 0.0
    answer = watch.run(ConstraintEngine(program, hint=hint[selected] if hinted else None, least=least, gap=gap, work=work))
    if answer.columns is not None:
        columns = np.zeros(len(hint))
        columns[selected] = answer.columns
        stage.offer(columns)
    return answer.bound


def is_dear(stage: LevelState) -> BoolArray:
    """Per choice: whether it costs more on this level than another of its item does, or than none where it may have none."""
    problem, cost = stage.problem, stage.program.cost[: stage.problem.choice_count]
    usable = stage.usable()
    least = np.where(problem.must_place, np.inf, 0.0)
    np.minimum.at(least, problem.choice_item[usable], cost[usable])
    return np.asarray(cost > least[problem.choice_item])


def within_reach(stage: LevelState) -> BoolArray:
    """The choices that a better plan could take."""
    top = stage.goal.top()
    return np.asarray(stage.usable() & (stage.relaxation.floors <= top + SLACK * max(1.0, abs(top))))
