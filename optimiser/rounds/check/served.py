"""Every visit that is due is made or listed, once, with a true reason; every name leads somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from optimiser.domain.records import DOUBLE_HANDED, Visit
from optimiser.domain.rounds_plan import (
    LONGER_THAN_A_RUN,
    NO_BREAK,
    OUTSIDE,
    TOO_LONG,
    Bar,
    UnservedVisit,
    sentence,
    skills_sentence,
)
from optimiser.domain.staffing import DAY_SECONDS, Staffing
from optimiser.domain.visit_windows import own_day, window_of
from optimiser.rounds.check.checked_case import Case

BARS: tuple[Bar, ...] = (TOO_LONG, LONGER_THAN_A_RUN, NO_BREAK, OUTSIDE)
"""What can keep a visit out of every shift; found here in the check's own way, apart from what builds rounds."""


def references(case: Case) -> Iterator[str]:
    """Names that lead nowhere: nothing else can be judged then."""
    for round_id, count in Counter(each.round_id for each in case.plan.rounds).items():
        if count > 1:
            yield f"{round_id}: the round is there {count} times"
    for visit in case.plan.visits:
        if visit.round_id not in case.rounds:
            yield f"{visit.visit_id}: its round {visit.round_id} is not among the rounds"
        elif visit.visit_id not in case.lines:
            yield f"{visit.round_id}, {visit.day}: visit {visit.visit_id} is not in the snapshot"
        elif case.provider_of.get(case.lines[visit.visit_id].package_id) != case.rounds[visit.round_id].provider_id:
            yield f"{visit.round_id}, {visit.day}: visit {visit.visit_id} is not in the care of this provider"


def served(case: Case) -> Iterator[str]:
    """Every visit on every one of its days: by as many care workers as it needs, or listed, once."""
    made = Counter((visit.visit_id, own_day(case.lines[visit.visit_id], visit.day, visit.start)) for visit in case.plan.visits)
    left = Counter((each.visit_id, each.day) for each in case.plan.unserved if each.visit_id)
    whole = Counter(each.package_id for each in case.plan.unserved if not each.visit_id)
    due = {
        (line.visit_id, day): line.workers
        for line in case.snapshot.visits
        if case.provider_of.get(line.package_id) in case.provider_ids
        and case.area_id in ("", case.packages[line.package_id].area_id)
        for day in line.days
    }
    for visit_id, day in sorted(set(made) | set(left) | set(due)):
        needs, done, listed = due.get((visit_id, day), 0), made[visit_id, day], left[visit_id, day]
        if (done, listed) not in ((needs, 0), (0, 1 if needs else 0)):
            yield f"{visit_id}, {day}: needs {needs} care worker(s), has {done}, and is listed as unserved {listed} time(s)"
    visited = {line.package_id for line in case.snapshot.visits}
    for package in case.snapshot.packages:
        if case.provider_of.get(package.package_id) in case.provider_ids and case.area_id in ("", package.area_id):
            expected = 0 if package.package_id in visited else 1
            if whole[package.package_id] != expected:
                yield f"{package.package_id}: without visits, it is to be listed once; it is {whole[package.package_id]} times"
    for each in case.plan.unserved:
        if not each.reason:
            yield f"{each.visit_id or each.package_id}, {each.day}: unserved without a reason"
        elif each.visit_id in case.lines:
            yield from _truly(case, each)


def _truly(case: Case, each: UnservedVisit) -> Iterator[str]:
    """A visit that no shift can hold is listed with just that, and one that a shift can hold with another reason."""
    line, staffing = case.lines[each.visit_id], case.settings.of(each.provider_id)
    bar = bar_of(line, staffing)
    if bar is not None and each.reason != sentence(bar, line, staffing):
        yield f"{each.visit_id}, {each.day}: {sentence(bar, line, staffing)}; its reason is another"
    elif bar is None and (each.bar is not None or each.reason in {sentence(other, line, staffing) for other in BARS}):
        yield f"{each.visit_id}, {each.day}: unserved as if no shift could hold it, and one can"
    needs = set(case.packages[line.package_id].skills) - {DOUBLE_HANDED}
    able = sum(each.provider_id == worker.provider_id and needs <= set(worker.skills) for worker in case.workers)
    of_skills = {skills_sentence(count, line.workers) for count in range(line.workers + 1)}
    if each.reason in of_skills and each.reason != skills_sentence(able, line.workers):
        yield f"{each.visit_id}, {each.day}: unserved for want of skills, which {able} care worker(s) have"


def bar_of(line: Visit, staffing: Staffing) -> Bar | None:
    """What keeps a visit out of every shift, on whatever day the shift begins."""
    seconds = line.duration_minutes * 60
    if not any(shift.opens + seconds <= shift.closes for shift in staffing.shifts):
        return TOO_LONG
    if seconds > staffing.shift_hours_limit * 3600:
        return LONGER_THAN_A_RUN
    # Where a visit alone calls for a break, its run has to have room for the break and a visit after it, of a minute at least.
    is_broken = staffing.break_minutes > 0 and line.duration_minutes > staffing.break_after_hours * 60
    if is_broken and line.duration_minutes + staffing.break_minutes + 1 > staffing.shift_hours_limit * 60:
        return NO_BREAK
    earliest, latest = window_of(line)
    for shift in staffing.shifts:
        for day in (-DAY_SECONDS, 0, DAY_SECONDS):
            begins = max(earliest, shift.opens + day)
            if begins <= latest and begins + seconds <= shift.closes + day:
                return None
    return OUTSIDE
