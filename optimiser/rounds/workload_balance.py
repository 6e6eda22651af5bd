"""Workload balance: each round's care in a week near the mean of its provider's rounds in the shift.

What to measure, and over what time, is discussed by Matl, Hartl and Vidal (2018, *Workload equity in vehicle routing problems*).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from optimiser.domain.staffing import DAYS
from optimiser.rounds.day_plan import DayPlan, as_before, care_of_rounds, kept_from
from optimiser.rounds.problem import Day, Floats
from optimiser.rounds.round_hours import tolerance_of
from optimiser.rounds.shift_problem import PRICES, SMALL, ShiftProblem
from optimiser.rounds.solve.annealing import Effort, improve
from optimiser.rounds.solve.day_routes import starts_with_breaks, violating
from optimiser.rounds.visits_by_shift import Line

WEEKLY_PRICE = 0.03
"""Of a second of a week's care beyond what is allowed, while a kind of day is planned; low, so that the search
can pass through uneven weeks."""
REPAIR = PRICES._replace(lateness=5_000.0, overtime=5_000.0, uneven=5.0)
"""While single days are planned again: dear enough that visits move, and so that nobody is late for it."""
REPAIR_SHARE = 0.03
"""Of the week's effort, for each day that is changed alone."""
HEATS, COLD = (40.0, 80.0), 4.0
"""Every day is tried at the first heat, and where that was not enough once more at the second."""


def even_over_the_week(day: Day, lines: list[Line], ahead: Collection[str], carried: Floats, problem: ShiftProblem) -> Day:
    """A day whose parts are to be even together with what each round has on days planned before, and will have ``ahead``.

    ``ahead``: the days of the week that are not planned yet, this kind's own among them.
    """
    weeks = np.array([float(line.seconds * len(set(line.days) & set(ahead))) for line in lines])
    care = np.column_stack((weeks, weeks))
    workers = np.array([line.workers for line in lines])
    part = float(carried.sum() + weeks @ workers) / day.workers
    limits = day.limits._replace(even_part=part, even_tolerance=tolerance_of(part, longest_visit(problem)))
    return replace(day, care=care, carried=carried, limits=limits, prices=day.prices._replace(uneven=WEEKLY_PRICE))


def longest_visit(problem: ShiftProblem) -> float:
    return float(max(line.seconds for line in problem.lines))


def evened_out(problem: ShiftProblem, plans: list[DayPlan]) -> list[DayPlan]:
    """The week with visits moved between rounds on single days, as long as a round is beyond what is allowed."""
    for heat in HEATS:
        for day in DAYS:
            if beyond(problem, plans) == 0 or problem.should_stop():
                return plans
            if any(day in plan.days for plan in plans):
                tried = _with_day_apart(problem, plans, day, heat)
                if beyond(problem, tried) < beyond(problem, plans):
                    plans = tried
    return plans


def beyond(problem: ShiftProblem, plans: list[DayPlan]) -> float:
    """By how many seconds of care the rounds are beyond what is allowed, all together."""
    care = week_of_rounds(plans)
    care = care[care > 0]
    return float(np.maximum(0, np.abs(care - care.mean()) - tolerance_of(care.mean(), longest_visit(problem))).sum())


def week_of_rounds(plans: list[DayPlan]) -> Floats:
    """Per round its care in the week."""
    care: Floats = np.sum([care_of_rounds(plan) * len(plan.days) for plan in plans], axis=0)
    return care


def _with_day_apart(problem: ShiftProblem, plans: list[DayPlan], name: str, hot: float) -> list[DayPlan]:
    """The same with one day planned again, from where it is; nothing is changed where that would leave a visit out."""
    own = next(plan for plan in plans if name in plan.days)
    carried = week_of_rounds(plans) - care_of_rounds(own)
    thorough, band = problem.thoroughness, problem.staffing.time_critical_minutes * 60.0
    day, start = as_before(kept_from(own), own.day, own.lines, thorough.stranger_seconds, band)
    mean = float((carried + care_of_rounds(own)).mean())
    limits = day.limits._replace(even_part=mean, even_tolerance=tolerance_of(mean, longest_visit(problem)))
    day = replace(day, care=None, carried=carried, limits=limits, prices=REPAIR)
    effort = Effort(int(REPAIR_SHARE * thorough.week * max(day.calls, SMALL)), hot, COLD, beginnings=1, returns=1)
    roster = improve(day, effort, start=start, should_stop=problem.should_stop).roster
    starts = starts_with_breaks(day, roster)
    if violating(day, roster, starts):
        return plans
    rest = replace(own, days=tuple(day for day in own.days if day != name))
    others = [rest if plan is own else plan for plan in plans]
    return [*(plan for plan in others if plan.days), DayPlan((name,), own.lines, day, roster, starts)]
