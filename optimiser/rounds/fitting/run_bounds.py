"""How far a run that is planned may give way: its visits, its ends and its break."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from optimiser.domain.records import Visit
from optimiser.domain.rounds_plan import PlannedVisit
from optimiser.domain.staffing import DAY_SECONDS, Shift, Staffing, Worker, seconds_of
from optimiser.domain.visit_windows import days_ahead, window_of

NO_BREAK = -1


@dataclass
class Week:
    """A care worker's week as it is planned: per day the first start and last end of each of their runs."""

    runs: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def spare_each(self, staffing: Staffing, worker: Worker | None) -> int:
        """By how many seconds each run may grow: what the week's limit leaves, in equal parts."""
        hours = staffing.weekly_hours_limit
        if worker is not None and worker.hours_per_week is not None:
            hours = min(hours, worker.hours_per_week)
        spans = [end - start for runs in self.runs.values() for start, end in runs]
        return max(0, int(hours * 3600) - sum(spans)) // len(spans)

    def bounds(self, day: int, start: int, end: int, staffing: Staffing) -> tuple[int, int]:
        """When one of its runs may begin and end for the worker's other runs of the day, and for the rest between two days.

        What is free between two runs is theirs in equal parts: either may grow without asking the other.
        """
        rest = int(staffing.rest_hours * 3600)
        before = [other for _, other in self.runs[day] if other <= start]
        before += [other + rest - days * DAY_SECONDS for days in (1, 2) for _, other in self.runs.get((day - days) % 7, ())]
        after = [other for other, _ in self.runs[day] if other >= end]
        after += [other - rest + days * DAY_SECONDS for days in (1, 2) for other, _ in self.runs.get((day + days) % 7, ())]
        floor, cap = max(before, default=-DAY_SECONDS), min(after, default=3 * DAY_SECONDS)
        return start - max(0, start - floor) // 2, end + max(0, cap - end) // 2


def weeks_of(runs: Iterable[tuple[int, Sequence[PlannedVisit]]]) -> dict[str, Week]:
    """Every worker's week, from the day and the visits of each run."""
    weeks: dict[str, Week] = defaultdict(Week)
    for day, visits in runs:
        weeks[visits[0].worker].runs[day].append((visits[0].start, visits[-1].end))
    return weeks


def latest_start(planned: PlannedVisit, visit: Visit, staffing: Staffing, *, critical: bool) -> int:
    """How late a visit may be pushed: to its latest start; not at all where it is time-critical or two have to meet."""
    if critical or visit.workers == 2:
        return planned.start
    own = days_ahead(visit, planned.start) * DAY_SECONDS
    latest = min(window_of(visit)[1] + staffing.lateness_minutes * 60, seconds_of(visit.earliest_start) + DAY_SECONDS - 1)
    return max(planned.start, own + latest)


def ends_of(
    visits: Sequence[PlannedVisit], shift: Shift, staffing: Staffing, worker: Worker | None, week: Week, day: int, *, rests: bool
) -> tuple[int, int]:
    """When a run may begin at the earliest and end at the latest. ``rests``: it keeps a break."""
    first, last = visits[0].start, visits[-1].end
    # Without a break in it a run may not grow to need one.
    longest = staffing.shift_hours_limit if rests else min(staffing.shift_hours_limit, staffing.break_after_hours)
    seconds = max(int(longest * 3600), last - first)
    spare = week.spare_each(staffing, worker)
    floor, cap = week.bounds(day, first, last, staffing)
    return (
        max(floor, last - seconds, first - spare, shift.opens),
        min(cap, first + seconds, last + spare, shift.closes),
    )


def breaks_of(visits: Sequence[PlannedVisit], staffing: Staffing) -> list[int]:
    """The ways to see a run: with a break before the stop for which it waits longest, and without one while it is short."""
    waits = [
        (after.start - before.end - after.travel_seconds, -index) for index, (before, after) in enumerate(pairwise(visits), 1)
    ]
    longest, index = max(waits, default=(0, 0))
    ways = [-index] if longest >= staffing.break_minutes * 60 else []
    if not ways or visits[-1].end - visits[0].start <= staffing.break_after_hours * 3600:
        ways.append(NO_BREAK)
    return ways
