"""Destructive improvement of a level's bound: refute plans up to a ceiling, raise the ceiling, until a plan is found.

Klein and Scholl (1999, *Computing lower bounds by destructive improvement*): a search that finds no plan up to a ceiling
proves that none is there. Each is a restricted program over the columns that reduced costs allow.
"""

from __future__ import annotations

import math

import numpy as np

from optimiser.solving.integer_objective import SLACK
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.restricted_mip import RestrictedMip, over_choices, over_patterns

GROWTH = 3
"""Each search of a raise_bound goes so many times as far as the one before."""
FIRST_FLOORS = 1 / 16
FLOORS_GROWTH = 1.5
CEILING_FLOORS = 4
"""A first plan is looked for among columns with floors up to a sixteenth of what the cuts won, half as far again each time,
and not above four times as far: in good plans, few columns have floors of more than a quarter of the plan's own rise."""
THOROUGH = 0.75
"""It is to be so much nearer to the best of its columns than a proof would ask ..."""
LIKELY_NODES = 3
"""... and gets so many times the nodes of a neighbourhood: from a worse plan the last search takes up to three times as long."""
USUAL_SIZE = 20_000
LARGEST_SIZE = 60_000
"""Coefficients: up to the first a search has all its nodes, beyond it fewer; beyond the second it would not end."""


def restricted_mip_plan(stage: LevelState, watch: Watch, nodes: int, largest: int = USUAL_SIZE) -> bool:
    """Search among the columns with the lowest floors, more of them and higher up until there is a plan.

    ``largest``: no program with more coefficients. Returns whether that plan is nearly the best of those columns.
    """
    goal = stage.goal
    bottom, reach, ceiling = stage.relaxation.bound, FIRST_FLOORS * stage.rise(), -np.inf
    while ceiling < goal.cap():
        ceiling = min(goal.cap(), bottom + CEILING_FLOORS * reach)
        asked = _asked(stage, bottom + reach, ceiling)
        if len(asked.program.rows.value) > largest:
            return False
        gap = THOROUGH * goal.allowed(ceiling)
        answer = stage.ask(watch, asked.program, None, gap, LIKELY_NODES * nodes, asked.cost)
        if answer.columns is not None and stage.offer(asked.columns(answer.columns)):
            return float(answer.columns @ asked.program.cost) - answer.bound <= goal.allowed(ceiling)
        reach *= FLOORS_GROWTH
    return False


def raise_bound(stage: LevelState, watch: Watch, searches: int, least_reach: float, nodes: int) -> None:
    """Search from the bound upwards: a search that finds nothing raises the bound, the first plan found is best.

    The first one goes at least the share ``least_reach`` of the way from the bound to the best.
    """
    bottom = stage.relaxation.bound
    reach = max(stage.rise(), (stage.goal.top() - bottom) * least_reach)
    for _ in range(searches):
        top = stage.goal.top()
        if stage.goal.proven:
            return
        before = stage.goal.best
        ceiling = min(top, math.floor(bottom + reach))
        proved = _search(stage, watch, ceiling, nodes)
        bottom = max(bottom, proved)
        if stage.goal.best == before and (ceiling >= top or proved < ceiling):
            return
        reach *= GROWTH


def _search(stage: LevelState, watch: Watch, ceiling: float, nodes: int) -> float:
    """Branch and bound among the plans of a scaled value up to ``ceiling``, over the choices that they can take.

    Returns what it proved: a bound for all plans.
    """
    margin = SLACK * max(1.0, abs(ceiling))
    asked = _asked(stage, ceiling + margin, ceiling + margin)
    size = len(asked.program.rows.value)
    if size > LARGEST_SIZE:
        return -np.inf
    nodes = max(1, round(nodes * min(1.0, (USUAL_SIZE / max(1, size)) ** 2)))
    answer = stage.ask(watch, asked.program, None, stage.goal.allowed(ceiling), nodes, asked.cost)
    if answer.columns is not None:
        stage.offer(asked.columns(answer.columns))
    bound = answer.bound + asked.cost
    if bound <= ceiling:
        stage.goal.note(bound)
        return bound
    stage.goal.note_above(ceiling)
    return ceiling


def _asked(stage: LevelState, reach: float, ceiling: float) -> RestrictedMip:
    """The plans up to a ceiling of columns with floors up to ``reach``: over whole patterns where those are not too many."""
    choices = stage.problem.choice_count
    selected = np.ones(len(stage.program.cost), dtype=np.bool_)
    selected[:choices] = stage.usable() & (stage.relaxation.floors <= reach)
    cuts = stage.tight_cuts()
    if stage.pattern_master is not None and stage.pattern_floors:
        found = over_patterns(stage.pattern_master, cuts, selected, stage.pattern_floors, reach, ceiling)
        if found is not None:
            return found
    return over_choices(stage.program, cuts, selected, ceiling)
