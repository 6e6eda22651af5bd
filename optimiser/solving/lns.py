"""Large neighbourhood search on a level: some items free at a time, the others as they are in the incumbent.

Shaw (1998, *Using constraint programming and local search methods to solve vehicle routing problems*). The first neighbourhood
frees everybody, but only to where the relaxation sends them: relaxation induced (Danna, Rothberg and Le Pape 2005).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock
from optimiser.solving.interruptible import Watch
from optimiser.solving.level_state import LevelState
from optimiser.solving.linear_program import Program, on_columns
from optimiser.solving.lns_neighbourhoods import Neighbourhoods
from optimiser.solving.outcome import Effort
from optimiser.solving.problem import UNPLACED, BoolArray

FIRST_FREE = 0.25
FEWEST_FREE = 12
USUAL_FREE = 40
WIDEN = 1.1
NARROW = 0.7
MOST_FREE = 0.5
WORTH_WHILE = 0.01
"""Neighbourhoods hold a quarter of the items, 40 at first, and grow up to half when one pays less than a hundredth of the
gap, or shrink when a search does not finish."""
USUAL_PART = 8_000
"""Coefficients: up to so many a search has all its nodes, beyond it fewer."""
FEWEST_ROOMS, MOST_ROOMS = 2, 7
"""So many rooms are filled anew at a time: one more where that pays nothing, one fewer where a search does not finish."""
PATIENCE_WITH_ROOMS = 20
"""So many fillings in a row may be of no use."""


def large_neighbourhood_search(
    stage: LevelState, watch: Watch, neighbourhoods: Neighbourhoods, effort: Effort, patience: int
) -> None:
    """Search neighbourhoods until as many in a row as ``patience`` have not paid."""
    goal, relaxation = stage.goal, stage.relaxation
    size = min(max(FEWEST_FREE, round(FIRST_FREE * stage.problem.item_count)), USUAL_FREE)
    most = max(size, round(MOST_FREE * stage.problem.item_count))
    idle = 0
    for _ in range(effort.searches - 1):
        if goal.proven or idle >= patience or stage.is_small():
            return
        losses = np.where(stage.usable(), relaxation.floors - relaxation.bound, np.inf)
        free = neighbourhoods.draw(stage.incumbent.held.plan, losses, relaxation.point, size)
        before = goal.best
        finished = _search_around(stage, watch, free, stage.usable(), effort.search_nodes)
        idle = 0 if before - goal.best > WORTH_WHILE * goal.open_units else idle + 1
        if idle:
            size = min(round(size * WIDEN), most) if finished else max(round(size * NARROW), FEWEST_FREE)


def relaxation_neighbourhood(stage: LevelState, watch: Watch, effort: Effort) -> None:
    """The first neighbourhood: everybody free, but only to where the relaxation sends them, or as they are."""
    if stage.goal.proven or effort.searches <= 0:
        return
    everyone = np.ones(stage.problem.item_count, dtype=np.bool_)
    likely = stage.relaxation.point[: stage.problem.choice_count] > 0
    _search_around(stage, watch, everyone, likely, effort.search_nodes)


def search_few_rooms(stage: LevelState, watch: Watch, rooms: Sequence[KnapsackBlock], effort: Effort) -> None:
    """Fill a few rooms anew at a time, with whoever is there or with nobody, until many in a row have not paid.

    Rooms that an item could go to as well stand in each other's way: a drawn one comes with those most of its items know.
    """
    goal, problem = stage.goal, stage.problem
    if len(rooms) < FEWEST_ROOMS or effort.searches <= 0:
        return
    known = np.zeros((len(rooms), problem.item_count))
    for number, room in enumerate(rooms):
        known[number, room.item[stage.usable()[room.choice]]] = 1.0
    shared, random = known @ known.T, np.random.default_rng(problem.item_count)
    count, idle = FEWEST_ROOMS, 0
    while not goal.proven and idle < PATIENCE_WITH_ROOMS:
        seed = int(random.integers(len(rooms)))
        near = np.argsort(-shared[seed] * random.random(len(rooms)), kind="stable")
        drawn = [seed, *near[near != seed][: count - 1].tolist()]
        plan = stage.incumbent.held.plan
        free = plan == UNPLACED
        offered = np.zeros(problem.choice_count, dtype=np.bool_)
        for number in drawn:
            offered[rooms[number].choice] = True
        free[problem.choice_item[offered & problem.chosen(plan)]] = True
        before = goal.best
        finished = _search_around(stage, watch, free, offered, effort.search_nodes)
        idle = 0 if goal.best < before else idle + 1
        if not finished:
            count = max(FEWEST_ROOMS, count - 1)
        elif idle:
            count = min(MOST_ROOMS, count + 1)


def _search_around(stage: LevelState, watch: Watch, free: BoolArray, offered: BoolArray, nodes: int) -> bool:
    """Better plans in which only the free items change, and only to choices offered; whether all were looked at."""
    problem, whole = stage.problem, stage.program
    hint = stage.plan_columns()
    choices = problem.choice_count
    taken = hint[:choices] > 0.5
    selected = np.ones(len(hint), dtype=np.bool_)
    near = stage.relaxation.floors <= stage.goal.cap()
    selected[:choices] = taken | (free[problem.choice_item] & offered & stage.usable() & near)
    lower = whole.lower.copy()
    lower[:choices][taken & ~free[problem.choice_item]] = 1.0
    program = Program(
        lower[selected],
        np.maximum(lower, whole.upper)[selected],
        whole.whole[selected],
        whole.cost[selected],
        on_columns(whole.rows.and_then(stage.tight_cuts()), selected),
    )
    nodes = max(1, round(nodes * min(1.0, (USUAL_PART / max(1, len(program.rows.value))) ** 2)))
    answer = stage.ask(watch, program, hint[selected], stage.goal.allowed(stage.goal.cap()), nodes)
    if answer.columns is None:
        return False
    columns = np.zeros(len(whole.cost))
    columns[selected] = answer.columns
    stage.offer(columns)
    return float(answer.columns @ program.cost) - answer.bound <= stage.goal.allowed(stage.goal.cap())
