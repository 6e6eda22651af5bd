"""Master rounds: a shift through the week, its model day planned in full, every other day as that one, repaired where it differs.

In the literature these are template routes of the consistent vehicle routing problem: the same people see the same faces at about
the same time (Groër, Golden and Wasil 2009, *The consistent vehicle routing problem*).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.domain.rounds_plan import NO_SKILL
from optimiser.domain.staffing import DAYS
from optimiser.rounds.day_plan import DayPlan, Kept, as_before, care_of_rounds, kept_from, with_one_face
from optimiser.rounds.fleet_size import rounds_needed
from optimiser.rounds.problem import ALONE, Day, Roster
from optimiser.rounds.shift_problem import SMALL, ShiftProblem, day_of, kinds_of_days, that_fit
from optimiser.rounds.solve.annealing import Effort, Improved, improve
from optimiser.rounds.solve.capacitated_clustering import clustered_roster, crewed_roster
from optimiser.rounds.solve.day_routes import day_without, starts_with_breaks, violating
from optimiser.rounds.visits_by_shift import Line
from optimiser.rounds.workload_balance import even_over_the_week, evened_out

HOT, WARM, COLD = 300.0, 100.0, 8.0
"""Seconds that a change may cost at first, at first where much is known already, and at last."""
MODEL_SHARE, FACES_SHARE = 0.6, 0.1
"""Of the week's effort for the model day, where others differ from it; and of that for familiar faces."""
LARGE = 100
"""Calls of a day from which one long beginning is better than two short ones."""
MOST_EXTRA_ROUNDS = 3
"""How often one more round is tried for visits that do not fit."""
NO_ROOM = "no round can make it within its window, the shift and its limits"
Left = tuple[Line, str, str]
"""A visit that no round makes: line, day and reason."""


@dataclass(frozen=True)
class ShiftPlan:
    """A shift's rounds by kind of day, and the visits that no round can make."""

    rounds: int
    days: tuple[DayPlan, ...]
    unserved: tuple[Left, ...]


def plan_shift(problem: ShiftProblem) -> ShiftPlan:
    """The rounds of a shift: as few as serve everything on the model day, the one with most care."""
    kinds = kinds_of_days(problem.lines, apart=problem.thoroughness.afresh)
    if not kinds:
        return ShiftPlan(0, (), ())
    given = problem.thoroughness.rounds.get(problem.shift.name)
    rounds = given or rounds_needed(problem, kinds[0][1])
    for extra in range(1 if given else MOST_EXTRA_ROUNDS + 1):
        plans, unserved = _week(problem, kinds, rounds + extra)
        if all(reason == NO_SKILL for _, _, reason in unserved) or problem.should_stop():
            break
    if not problem.thoroughness.afresh and plans:
        plans = evened_out(problem, plans)
    return ShiftPlan(rounds + extra, tuple(plans), tuple(unserved))


def _week(
    problem: ShiftProblem, kinds: Sequence[tuple[tuple[str, ...], tuple[Line, ...]]], rounds: int
) -> tuple[list[DayPlan], list[Left]]:
    """Every kind of day with so many rounds."""
    plans: list[DayPlan] = []
    unserved: list[Left] = []
    before: dict[str, Kept] = {}
    carried, ahead = np.zeros(rounds), {day for days, _ in kinds for day in days}
    for number, (days, lines) in enumerate(kinds):
        fit, unfit = that_fit(problem, lines, rounds)
        late: list[Line] = []
        if fit:
            steps = (
                _share(number, len(kinds), afresh=problem.thoroughness.afresh) * problem.thoroughness.week * max(len(fit), SMALL)
            )
            day = day_of(problem, fit, rounds)
            if problem.thoroughness.afresh:
                day, roster = _afresh(problem, day, int(steps), days[0])
            else:
                day = even_over_the_week(day, fit, ahead, carried, problem)
                day, roster = (
                    _as_before(problem, before, day, fit, int(steps)) if before else _model(problem, day, fit, int(steps))
                )
            plan, late = _on_time(days, fit, day, roster)
            if plan is not None:
                plans.append(plan)
                before = {**kept_from(plan), **before}
                carried = carried + len(days) * care_of_rounds(plan)
        ahead -= set(days)
        unserved += [(line, day, NO_SKILL) for line in unfit for day in days]
        unserved += [(line, day, NO_ROOM) for line in late for day in days]
    return plans, unserved


def _share(number: int, kinds: int, *, afresh: bool) -> float:
    """The part of the week's effort for a kind of day: most for the model day, unless every day is planned afresh."""
    if afresh:
        return 1 / len(DAYS)
    if kinds == 1:
        return 1.0
    return MODEL_SHARE if number == 0 else (1 - MODEL_SHARE) / (kinds - 1)


def _model(problem: ShiftProblem, day: Day, lines: Sequence[Line], steps: int) -> tuple[Day, Roster]:
    """The day with most care: searched from neighbours together and, for visits that need two, from fixed crews; the better
    of both once more, with a price for every further face that a person sees."""
    crewed = bool((day.pairing != ALONE).any())
    starts = [clustered_roster(day), crewed_roster(day) if crewed else clustered_roster(day)]
    begun = [
        _search(problem, day, int(steps * (1 - FACES_SHARE) / 2), HOT, start, seed=1 + number)
        for number, start in enumerate(starts)
    ]
    best = min(begun, key=lambda found: found.cost)
    day = with_one_face(day, lines, best.roster, problem.thoroughness.stranger_seconds)
    return day, _search(problem, day, int(steps * FACES_SHARE), WARM, best.roster).roster


def _as_before(
    problem: ShiftProblem, before: Mapping[str, Kept], day: Day, lines: Sequence[Line], steps: int
) -> tuple[Day, Roster]:
    """A day that differs from those before, begun from them."""
    band = problem.staffing.time_critical_minutes * 60.0
    day, start = as_before(before, day, lines, problem.thoroughness.stranger_seconds, band)
    return day, _search(problem, day, steps, WARM, start).roster


def _afresh(problem: ShiftProblem, day: Day, steps: int, name: str) -> tuple[Day, Roster]:
    """A day that knows no other; its runs are dealt to the care workers by lot."""
    dealt = np.append(np.random.default_rng(DAYS.index(name)).permutation(day.workers), -1)
    start = clustered_roster(day)
    start = Roster(start.order, dealt[start.first], dealt[start.second])
    return day, _search(problem, day, steps, HOT, start, seed=1 + DAYS.index(name)).roster


def _search(problem: ShiftProblem, day: Day, steps: int, hot: float, start: Roster, seed: int = 1) -> Improved:
    effort = Effort(steps, hot, COLD, beginnings=2 if day.calls < LARGE else 1, returns=2, seed=seed)
    return improve(day, effort, start=start, should_stop=problem.should_stop)


def _on_time(days: tuple[str, ...], lines: Sequence[Line], day: Day, roster: Roster) -> tuple[DayPlan | None, list[Line]]:
    """The day without visits that are late or over a limit (None: nothing is left), and these."""
    fit, left = list(lines), list[Line]()
    while True:
        starts = starts_with_breaks(day, roster)
        late = violating(day, roster, starts)
        if not late:
            return DayPlan(days, tuple(fit), day, roster, starts), left
        left += [fit[call] for call in sorted(late)]
        kept = [call for call in range(day.calls) if call not in late]
        if not kept:
            return None, left
        fit = [fit[call] for call in kept]
        day, roster = day_without(day, roster, kept)
