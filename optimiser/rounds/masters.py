"""One shift of a provider through the week: a model day in full, and every other day as that day, repaired where it differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from optimiser.domain.staffing import DAYS, Shift, Staffing, seconds_of
from optimiser.rounds.annealing import starts_of
from optimiser.rounds.care import Line
from optimiser.rounds.clusters import clustered_roster
from optimiser.rounds.improving import Effort, improve
from optimiser.rounds.problem import ALONE, TOGETHER, Day, Floats, Ints, Limits, Prices, Roster


@dataclass(frozen=True)
class Thoroughness:
    """How much is tried; all counted in changes a call, so that equal input gives equal rounds on every machine."""

    counting: int = 1_500
    """While it is found how many rounds are needed."""
    model_day: int = 12_000
    other_days: int = 12_000
    stranger_seconds: float = 30.0
    """What it may cost on the road that a person sees, on a day that differs, the care worker whom they know."""
    afresh: bool = False
    """Every day is planned in full and knows no other; who takes which run is drawn by lot: to compare master rounds with."""
    rounds: Mapping[str, int] = field(default_factory=dict)
    """Per shift so many rounds, no fewer and no more; of a shift that is not named as few as it takes."""


PRICES = Prices(travel=1.0, waiting=0.1, lateness=20.0, overtime=20.0, uneven=2.0)
"""A second late, or beyond a limit, costs more than any way saved."""
HOT, COLD = 600.0, 15.0
"""Seconds that a change may cost at first, and at last."""
WARM = 100.0
"""And at first on days that begin as the model day."""
LARGE = 100
"""Calls of a day from which one long beginning is better than two short ones."""
SLACK_SHARE = 0.03
MOST_EXTRA_ROUNDS = 3
"""How often one more round is tried for visits that do not fit."""


@dataclass(frozen=True)
class Slot:
    """What is known of the care worker of a round: skills (None: all the provider has), how they travel, where they begin."""

    skills: frozenset[str] | None = None
    kind: int = 0
    place: int | None = None
    """Their base among the places; None: not known, so they begin where their first visit is."""


@dataclass(frozen=True)
class DayPlan:
    """One kind of day. ``lines``: the calls of the day; ``starts``: of each call's parts, in whole seconds from midnight."""

    days: tuple[str, ...]
    lines: tuple[Line, ...]
    day: Day
    roster: Roster
    starts: Floats


@dataclass(frozen=True, slots=True)
class Kept:
    """What a day planned before tells of a visit: its rounds (the second -1 where it needs one) and its start."""

    first: int
    second: int
    start: float


def kept_from(plan: DayPlan) -> dict[str, Kept]:
    """Per visit of a day."""
    roster = plan.roster
    return {
        line.visit_id: Kept(int(roster.first[call]), int(roster.second[call]), float(plan.starts[call, 0]))
        for call, line in enumerate(plan.lines)
    }


@dataclass(frozen=True)
class ShiftPlan:
    """A shift's rounds by kind of day, and the visits that no round can make: line, day and reason."""

    rounds: int
    days: tuple[DayPlan, ...]
    unserved: tuple[tuple[Line, str, str], ...]


@dataclass(frozen=True)
class ShiftWork:
    """What a shift is planned from. ``travel``: seconds, shape (kinds, places, places); the last place is nowhere, 0 from all."""

    lines: tuple[Line, ...]
    place_of: Mapping[str, int]
    """Per package its place."""
    travel: Floats
    shift: Shift
    staffing: Staffing
    slots: Sequence[Slot]
    """The care workers known, who take rounds first."""
    thoroughness: Thoroughness
    should_stop: Callable[[], bool]

    def slot(self, number: int) -> Slot:
        return self.slots[number] if number < len(self.slots) else Slot()


class StoppedEarlyError(Exception):
    """Somebody asked to stop before it was known how many rounds a shift needs."""


NO_SKILL = "no care worker of the provider has the skills that it needs"
NO_ROOM = "no round can make it within its window, the shift and its limits"


def plan_shift(work: ShiftWork) -> ShiftPlan:
    """The rounds of a shift: as few as serve everything on the model day, the one with most care."""
    kinds = kinds_of_days(work.lines, apart=work.thoroughness.afresh)
    if not kinds:
        return ShiftPlan(0, (), ())
    model = kinds[0]
    unserved: list[tuple[Line, str, str]] = []
    given = work.thoroughness.rounds.get(work.shift.name)
    count = given or _rounds_needed(work, model[1])
    plans: list[DayPlan] = []
    for extra in range(1 if given else MOST_EXTRA_ROUNDS + 1):
        unserved, plans, before = [], [], dict[str, Kept]()
        for days, lines in kinds:
            plan, left = _plan_day(work, days, lines, count + extra, before)
            if plan is not None:
                plans.append(plan)
                before = {} if work.thoroughness.afresh else {**kept_from(plan), **before}
            unserved += [(line, day, reason) for line, reason in left for day in days]
        if all(reason == NO_SKILL for _, _, reason in unserved) or work.should_stop():
            break
    return ShiftPlan(count + extra, tuple(plans), tuple(unserved))


def kinds_of_days(lines: Sequence[Line], *, apart: bool = False) -> list[tuple[tuple[str, ...], tuple[Line, ...]]]:
    """Days with the same visits, together (or ``apart``); those with most care first (of equal ones the earlier in the week)."""
    kinds: dict[tuple[str, tuple[Line, ...]], list[str]] = {}
    for day in DAYS:
        here = tuple(line for line in lines if day in line.days)
        if here:
            kinds.setdefault((day if apart else "", here), []).append(day)
    return sorted(
        ((tuple(days), here) for (_, here), days in kinds.items()),
        key=lambda kind: (
            -sum(line.seconds * line.workers for line in kind[1]),
            DAYS.index(kind[0][0]),
        ),
    )


def _rounds_needed(work: ShiftWork, lines: Sequence[Line]) -> int:
    """The fewest rounds with which a short search serves every visit of a day."""
    least = 2 if any(line.workers == 2 for line in lines) else 1
    most = sum(line.workers for line in lines)
    low, high = least, least
    while high < most and not _serves(work, lines, high):
        low, high = high + 1, min(most, max(high + 1, high * 2))
    while low < high:
        middle = (low + high) // 2
        if _serves(work, lines, middle):
            high = middle
        else:
            low = middle + 1
    return high


def _serves(work: ShiftWork, lines: Sequence[Line], rounds: int) -> bool:
    may = _may(work, lines, rounds)
    fit = [index for index in range(len(lines)) if _can_be_served(lines[index], may[index])]
    if not fit:
        return True
    day = day_of(work, [lines[index] for index in fit], rounds)
    effort = Effort(work.thoroughness.counting * day.calls, HOT / 2, COLD, beginnings=1, returns=1)
    improved = improve(day, effort, start=clustered_roster(day), should_stop=work.should_stop)
    if work.should_stop():
        raise StoppedEarlyError
    return not violating(day, improved.roster, starts_of(day, improved.roster))


def _plan_day(
    work: ShiftWork, days: tuple[str, ...], lines: Sequence[Line], rounds: int, before: Mapping[str, Kept]
) -> tuple[DayPlan | None, list[tuple[Line, str]]]:
    """One kind of day (None: nothing of it can be served), and the visits left out with why."""
    may = _may(work, lines, rounds)
    fit = [line for index, line in enumerate(lines) if _can_be_served(line, may[index])]
    left = [(line, NO_SKILL) for index, line in enumerate(lines) if not _can_be_served(line, may[index])]
    if not fit:
        return None, left
    day = day_of(work, fit, rounds)
    thorough = work.thoroughness
    if not before:
        effort = Effort(thorough.model_day * day.calls, HOT, COLD, beginnings=2 if day.calls < LARGE else 1, returns=2)
        start = clustered_roster(day)
        if thorough.afresh:
            start = _by_lot(start, rounds, days[0])
            effort = replace(effort, seed=1 + DAYS.index(days[0]))
        else:
            start = improve(day, effort, start=start, should_stop=work.should_stop).roster
            day = _with_one_face(day, fit, start, work)
            effort = Effort(thorough.model_day * day.calls, HOT, COLD, beginnings=2 if day.calls < LARGE else 1, returns=2)
    else:
        day, start = _as_before(before, day, fit, work)
        effort = Effort(thorough.other_days * day.calls, WARM, COLD, beginnings=2 if day.calls < LARGE else 1, returns=2)
    roster = improve(day, effort, start=start, should_stop=work.should_stop).roster
    while True:
        starts = starts_of(day, roster)
        late = violating(day, roster, starts)
        if not late:
            return DayPlan(days, tuple(fit), day, roster, starts), left
        left += [(fit[call], NO_ROOM) for call in sorted(late)]
        kept = [call for call in range(day.calls) if call not in late]
        if not kept:
            return None, left
        fit = [fit[call] for call in kept]
        day, roster = day_without(day, roster, kept)


def _by_lot(roster: Roster, rounds: int, day: str) -> Roster:
    """The same runs, other care workers."""
    dealt = np.append(np.random.default_rng(DAYS.index(day)).permutation(rounds), -1)
    return Roster(roster.order, dealt[roster.first], dealt[roster.second])


def _with_one_face(day: Day, lines: Sequence[Line], roster: Roster, work: ShiftWork) -> Day:
    """The same day, where it has a price that somebody's later visits are made by others than their first."""
    faces: dict[str, list[int]] = {}
    price = np.full((day.calls, day.workers), work.thoroughness.stranger_seconds)
    for call in np.argsort(day.earliest, kind="stable").tolist():
        own = [worker for worker in (int(roster.first[call]), int(roster.second[call])) if worker >= 0]
        price[call, faces.setdefault(lines[call].package_id, own)] = 0
    return replace(day, given=price)


def _as_before(before: Mapping[str, Kept], day: Day, lines: Sequence[Line], work: ShiftWork) -> tuple[Day, Roster]:
    """A day that knows days planned before: the same rounds for the same visits, at about their times; strangers have a price."""
    start = clustered_roster(day)
    key = day.earliest.copy()
    price = np.zeros((day.calls, day.workers))
    earliest, latest = day.earliest.copy(), day.latest.copy()
    band = work.staffing.time_critical_minutes * 60
    for call, line in enumerate(lines):
        kept = before.get(line.visit_id)
        if kept is None:
            continue
        start.first[call], start.second[call], key[call] = kept.first, kept.second, kept.start
        price[call] = work.thoroughness.stranger_seconds
        price[call, [worker for worker in (kept.first, kept.second) if worker >= 0]] = 0
        if line.is_critical:
            earliest[call], latest[call] = max(earliest[call], kept.start - band), min(latest[call], kept.start + band)
    order = np.argsort(key, kind="stable").astype(np.int64)
    return replace(day, earliest=earliest, latest=latest, given=price), Roster(order, start.first, start.second)


def day_of(work: ShiftWork, lines: Sequence[Line], rounds: int) -> Day:
    """The calls of some lines and so many rounds as the engine takes them."""
    opens, closes = seconds_of(work.shift.starts), seconds_of(work.shift.ends)
    nowhere = work.travel.shape[1] - 1
    slots = [work.slot(number) for number in range(rounds)]
    seconds = np.array([line.seconds for line in lines], dtype=np.float64)
    two = np.array([line.workers == 2 for line in lines], dtype=np.bool_)
    care = float((seconds * np.where(two, 2, 1)).sum()) / rounds
    staffing = work.staffing
    return Day(
        travel=work.travel,
        call_place=np.array([work.place_of[line.package_id] for line in lines], dtype=np.int64),
        earliest=np.array([max(line.earliest, opens) for line in lines], dtype=np.float64),
        latest=np.array([_latest(line, staffing, closes) for line in lines], dtype=np.float64),
        duration=np.column_stack((seconds, seconds)),
        pairing=np.where(two, TOGETHER, ALONE).astype(np.int64),
        least_gap=np.zeros(len(lines)),
        most_gap=np.zeros(len(lines)),
        may=_may(work, lines, rounds),
        given=np.zeros((len(lines), rounds)),
        base=np.array([nowhere if slot.place is None else slot.place for slot in slots], dtype=np.int64),
        kind=np.array([slot.kind for slot in slots], dtype=np.int64),
        shift_starts=np.full(rounds, float(opens)),
        shift_ends=np.full(rounds, float(closes)),
        prices=PRICES,
        limits=Limits(
            longest_run=float(staffing.shift_hours_limit * 3600),
            break_after=float(staffing.break_after_hours * 3600),
            break_length=staffing.break_minutes * 60.0,
            even_part=care,
            even_tolerance=max(SLACK_SHARE * care, float(np.median(seconds)) / 2),
        ),
    )


def _latest(line: Line, staffing: Staffing, closes: int) -> int:
    late = 0 if line.is_critical else staffing.lateness_minutes * 60
    return min(line.latest + late, closes - line.seconds)


def _may(work: ShiftWork, lines: Sequence[Line], rounds: int) -> np.ndarray:
    skills = [work.slot(number).skills for number in range(rounds)]
    able = [[have is None or have >= set(line.skills) for have in skills] for line in lines]
    return np.repeat(np.array(able, dtype=np.bool_).reshape(len(lines), 1, rounds), 2, axis=1)


def _can_be_served(line: Line, may: np.ndarray) -> bool:
    return int(may[0].sum()) >= line.workers


def violating(day: Day, roster: Roster, starts: Floats) -> set[int]:
    """Calls that begin late, and the last call of every run that breaks a limit."""
    late = {int(call) for call in np.flatnonzero(starts[:, 0] > day.latest)}
    for worker, chain in enumerate(chains_of(day, roster)):
        if not chain:
            continue
        began, ends = starts[chain[0], 0], starts[chain[-1], 0] + day.duration[chain[-1], 0]
        home = day.travel[day.kind[worker], day.call_place[chain[-1]], day.base[worker]]
        over = ends + home > day.shift_ends[worker] or ends - began > day.limits.longest_run
        if over or (ends - began > day.limits.break_after and longest_gap(day, worker, chain, starts) < day.limits.break_length):
            late.add(chain[-1])
    return late


def chains_of(day: Day, roster: Roster) -> list[list[int]]:
    """Per round its calls in order."""
    chains: list[list[int]] = [[] for _ in range(day.workers)]
    for call in roster.order.tolist():
        chains[int(roster.first[call])].append(call)
        if day.pairing[call] != ALONE:
            chains[int(roster.second[call])].append(call)
    return chains


def longest_gap(day: Day, worker: int, chain: Sequence[int], starts: Floats) -> float:
    """The longest time between two calls of a run that is neither care nor way."""
    return max(
        (
            float(starts[to, 0] - starts[at, 0] - day.duration[at, 0] - way_between(day, worker, at, to))
            for at, to in pairwise(chain)
        ),
        default=0.0,
    )


def way_between(day: Day, worker: int, at: int, to: int) -> float:
    return float(day.travel[day.kind[worker], day.call_place[at], day.call_place[to]])


def day_without(day: Day, roster: Roster, kept: Sequence[int]) -> tuple[Day, Roster]:
    """A day with only some of its calls."""
    keep: Ints = np.array(kept, dtype=np.int64)
    number = {call: index for index, call in enumerate(kept)}
    by_call = ("call_place", "earliest", "latest", "duration", "pairing", "least_gap", "most_gap", "may", "given")
    order = np.array([number[call] for call in roster.order.tolist() if call in number], dtype=np.int64)
    return (
        replace(day, **{name: getattr(day, name)[keep] for name in by_call}),
        Roster(order, roster.first[keep], roster.second[keep]),
    )
