"""A week as a whole: each care worker's days, hours and rest, steady times, and even rounds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from optimiser.domain.staffing import DAY_SECONDS, DAYS, Staffing, Worker
from optimiser.rounds.check.checked_case import Case, Run


def weeks(case: Case) -> Iterator[str]:
    """Each care worker's week: nowhere twice at once, days, hours and rest."""
    weeks: dict[tuple[str, str], dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
    for run, visits in case.runs.items():
        weeks[case.rounds[run[0]].provider_id, visits[0].worker][run[1]].append(run)
    for (provider_id, name), days in sorted(weeks.items()):
        staffing, worker = case.settings.of(provider_id), case.known.get(name)
        for fault in _week(case, staffing, worker, days):
            yield f"{name}: {fault}"


def _week(case: Case, staffing: Staffing, worker: Worker | None, days: Mapping[str, Sequence[Run]]) -> Iterator[str]:
    spans = {day: sorted((case.runs[run][0].start, case.runs[run][-1].end) for run in runs) for day, runs in days.items()}
    for day, parts in sorted(spans.items()):
        if any(now[1] > then[0] for now, then in pairwise(parts)):
            yield f"in two rounds at once on {day}"
        if len(parts) > 1 and not staffing.split_shifts:
            yield f"works more than one run on {day}"
        if worker is not None and worker.days and day not in worker.days:
            yield f"does not work on {day}"
    if len(days) > staffing.days_per_week:
        yield f"works on {len(days)} days"
    limit = staffing.weekly_hours_limit
    if worker is not None and worker.hours_per_week is not None:
        limit = min(limit, worker.hours_per_week)
    pause, after = staffing.break_minutes * 60, staffing.break_after_hours * 3600
    at_work = sum(b - a - (pause if b - a > after else 0) for parts in spans.values() for a, b in parts)
    if at_work > limit * 3600:
        yield "works more hours than the limit"
    for index, day in enumerate(DAYS):
        for later in (1, 2):  # a night, and the rest after it, may reach into a second day
            following = DAYS[(index + later) % 7]
            if day in spans and following in spans:
                rest = spans[following][0][0] + later * DAY_SECONDS - max(end for _, end in spans[day])
                if rest < staffing.rest_hours * 3600:
                    yield f"has too little rest after {day}"
                    break


def steady(case: Case) -> Iterator[str]:
    """Time-critical visits begin at about the same time every day."""
    starts: dict[str, list[int]] = defaultdict(list)
    for visit in case.plan.visits:
        staffing = case.staffing(visit.round_id)
        if not set(case.person(visit).skills).isdisjoint(staffing.time_critical_skills):
            starts[visit.visit_id].append(visit.start)
    for visit_id, times in sorted(starts.items()):
        provider_id = case.provider_of[case.lines[visit_id].package_id]
        if max(times) - min(times) > 2 * 60 * case.settings.of(provider_id).time_critical_minutes:
            yield f"{visit_id}: time-critical, and not at about the same time every day"


def check_evenness(case: Case) -> list[str]:
    """Rounds whose care in the week is further from the mean of their provider's rounds in the shift than 3% and than the longest
    visit there, without a reason; and such as have a reason though they are not."""
    care: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    longest: dict[tuple[str, str], int] = Counter()
    for visit in case.plan.visits:
        own = case.rounds[visit.round_id]
        minutes = case.lines[visit.visit_id].duration_minutes
        care[own.provider_id, own.shift][own.round_id] += minutes
        longest[own.provider_id, own.shift] = max(longest[own.provider_id, own.shift], minutes)
    faults = []
    for group, rounds in sorted(care.items()):
        total, count = rounds.total(), len(rounds)
        for name, minutes in sorted(rounds.items()):
            away = abs(minutes * count - total)  # everything times the number of rounds: whole numbers
            is_even = 100 * away <= 3 * total or away <= longest[group] * count
            if is_even == bool(case.rounds[name].uneven_because):
                said = "has a reason for being uneven, and is not" if is_even else "is uneven, without a reason"
                faults.append(f"{name}: {minutes} minutes of care in the week, {total} in {count} rounds: {said}")
    return faults
