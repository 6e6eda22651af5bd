"""Whether the waves lie where they may, and their deadlines where they must."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from optimiser.domain.dates import days_after, is_holiday, is_working_day, working_day_from, working_day_up_to
from optimiser.domain.policy import TransferPolicy, is_blacked_out
from optimiser.transferring.check.case import Case, Row, after_months

AT_THE_LATEST = ("consultation_by", "employee_information_by")
"""What has to be done by then at the latest: on a holiday, the working day before."""


def calendar_faults(case: Case) -> list[str]:
    """Waves too early, too close, too late, in a blackout or on another weekday; deadlines that are wrong."""
    dates = {row["wave"]: dt.date.fromisoformat(row["date"]) for row in case.waves}
    agreed = {move.date for move in case.known.agreed}
    days = sorted(set(dates.values()))
    found = []
    for row in case.moves:
        if dates.get(row["wave"]) != case.day(row):
            found.append(f"round {row['round_id']}: wave {row['wave']} is not on {row['date']}")
    opening = after_months(case.as_of, case.policy.lead_months)
    for day in days:
        if day not in agreed and day < opening:
            found.append(f"wave {day} is before {opening}, {case.policy.lead_months} months from {case.as_of}")
        if day not in agreed and is_blacked_out(day, case.policy.blackouts):
            found.append(f"wave {day} lies in a blackout")
        if day not in agreed and is_holiday(day, case.policy.extra_holidays):
            found.append(f"wave {day} is on a bank holiday")
        if day not in agreed and not any(_has_the_weekday(each, case.policy) for each in _stood_for(day, case.policy)):
            found.append(f"wave {day} is on a {day:%A}")
    for first, second in pairwise(days):
        if (second - first).days < 7 * case.policy.weeks_between_waves:
            found.append(f"waves {first} and {second} are less than {case.policy.weeks_between_waves} weeks apart")
    used = sorted({case.day(row) for row in case.moves})
    if used and used[-1] >= after_months(days[0], case.policy.horizon_months):
        found.append(f"wave {used[-1]} is beyond the horizon")
    if case.policy.max_waves and len(days) > case.policy.max_waves:
        found.append(f"{len(days)} waves, at most {case.policy.max_waves}")
    return found + [fault for row in case.waves for fault in _deadlines(case, row)]


def _deadlines(case: Case, row: Row) -> list[str]:
    day, policy = dt.date.fromisoformat(row["date"]), case.policy
    days_before = {
        "consultation_by": 7 * policy.consultation_weeks,
        "reply_by": 7 * policy.reply_weeks,
        "review_by": 7 * policy.review_weeks,
        "employee_information_by": policy.employee_information_days,
    }
    return [
        f"wave {row['wave']}: {name} is {row[name]}"
        for name, days in days_before.items()
        if row[name] != str(_due(days_after(day, -days), case.as_of, day, policy, early=name in AT_THE_LATEST))
    ]


def _has_the_weekday(day: dt.date, policy: TransferPolicy) -> bool:
    return policy.wave_weekday in ("", f"{day:%a}".lower())


def _stood_for(day: dt.date, policy: TransferPolicy) -> list[dt.date]:
    """The day itself, and every holiday whose next working day it is."""
    found = [day]
    for ago in range(1, day.toordinal()):
        before = days_after(day, -ago)
        if not is_working_day(day, policy.extra_holidays) or is_working_day(before, policy.extra_holidays):
            break
        found += [before] if is_holiday(before, policy.extra_holidays) else []
    return found


def free_day_from(day: dt.date, policy: TransferPolicy) -> dt.date:
    """The next working day after a holiday; any other day is itself."""
    return working_day_from(day, policy.extra_holidays) if is_holiday(day, policy.extra_holidays) else day


def _due(day: dt.date, as_of: dt.date, wave: dt.date, policy: TransferPolicy, *, early: bool) -> dt.date:
    """Where a deadline has to be: off a holiday, not before today and not after the wave, if there is such a day."""
    day = max(day, as_of)
    if is_holiday(day, policy.extra_holidays):
        sooner, later = working_day_up_to(day, policy.extra_holidays), free_day_from(day, policy)
        order = ([sooner] if early else []) + [later]
        return next((each for each in order if as_of <= each <= wave), day)
    return day
