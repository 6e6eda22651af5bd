"""Whether the waves lie where they may, and their deadlines where they must."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from optimiser.domain.transfer_policy import is_blacked_out
from optimiser.transferring.checking.case import Case, Row, after_months


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
        if day not in agreed and case.policy.wave_weekday and f"{day:%a}".lower() != case.policy.wave_weekday:
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
        if row[name] != str(max(case.as_of, day - dt.timedelta(days)))
    ]
