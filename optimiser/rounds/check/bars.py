"""What keeps a visit out of every shift, as the check of rounds finds it: in its own way, apart from what builds rounds."""

from __future__ import annotations

from optimiser.domain.not_planned import LONGER_THAN_A_RUN, NO_BREAK, OUTSIDE, TOO_LONG, Bar
from optimiser.domain.records import Visit
from optimiser.domain.staffing import DAY_SECONDS, Staffing
from optimiser.domain.windows import window_of

BARS: tuple[Bar, ...] = (TOO_LONG, LONGER_THAN_A_RUN, NO_BREAK, OUTSIDE)


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
