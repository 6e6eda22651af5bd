"""A level handed on to a plain solver: branch and bound by HiGHS over all that can still matter, with what is known by then.

It gets the plan in hand, and no choice that prices rule out; our cuts only hide from it what it finds by itself (measured: 9 s
with them, 1 s without). On small programs its own cuts and presolve close what our searches, made for large ones, leave open.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from optimiser.solving.constraint_search import within_reach
from optimiser.solving.engine import EngineError
from optimiser.solving.engine_highs import HighsEngine
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.linear_program import on_columns, over_columns

LARGEST = 20_000
"""Coefficients: beyond it a plain solver would take its nodes to no end."""
PART_OF_CLOCK = 0.5
"""Of what a level has left where there is a clock: our own searches have the rest, and what it found by then is not lost."""


def search_plainly(stage: LevelState, watch: Watch, nodes: int) -> None:
    """Lower the level's best and raise its bound with so many branching nodes, where the program is small enough."""
    goal, choices = stage.goal, stage.problem.choice_count
    if goal.proven or nodes <= 0:
        return
    hint = stage.plan_columns()
    selected = stage.program.upper > stage.program.lower
    selected[:choices] &= within_reach(stage)
    selected |= hint > 0
    if len(on_columns(stage.program.rows, selected).value) > LARGEST:
        return
    top = goal.top()
    gap, left = goal.allowed(top), watch.seconds_left()
    seconds = None if left is None else left * PART_OF_CLOCK
    program, scale = over_columns(stage.program, selected), stage.measured.scale
    # In the level's own unit: scaled to whole numbers, shares are too large for its tolerances.
    program = replace(program, cost=program.cost / scale)
    try:
        answer = watch.run(HighsEngine(program, hint=hint[selected], gap=gap / scale, nodes=nodes, seconds=seconds))
    except EngineError:
        return
    if answer.columns is not None:
        columns = np.zeros(len(hint))
        columns[selected] = answer.columns
        stage.offer(columns)
    goal.note(min(answer.bound * scale, top + 1.0))  # whoever takes a choice that was left out is above the top
