"""The ``[transfer]`` table of ``snapshot.toml``: what differs from the defaults of a transfer plan."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.domain.policy import Blackout, TransferPolicy, is_blacked_out
from optimiser.io.faults import Findings
from optimiser.io.policy_settings import FILE, harm
from optimiser.io.schema import DAYS
from optimiser.io.toml import Parsers, exact, named_settings, read_toml, truth, whole

TABLE = "transfer"
RATE = "direct_payment_rate"
"""In the file in pounds; kept in pence."""

TRUTHS = (
    "plan_pending", "framework_rounds", "capped_principal", "provider_limit_binds", "stay_alone", "handback_staff_come",
    "relieve_protected_covered_first",
    "letters_to_stayers",
)  # fmt: skip
WHOLE = {
    "lead_months": (0, 60),
    "weeks_between_waves": (1, 52),
    "max_waves": (0, 500),
    "horizon_months": (1, 120),
    "reviews_per_wave": (0, 10**6),
    "consultation_weeks": (0, 104),
    "reply_weeks": (0, 104),
    "review_weeks": (0, 104),
    "employee_information_days": (0, 365),
    "stay_reply_days": (0, 365),
    "turnover_months": (1, 120),
    "replan_changes": (0, 10**6),
    "handback_wave_days": (1, 365),
    "recut_agreement_weeks": (0, 104),
    "recut_gap_metres": (0, 10**6),
    "recut_group_metres": (1, 10**6),
}


def read_transfer_settings(folder: Path, findings: Findings) -> TransferPolicy:
    """The settings; the defaults where the file cannot be read, which ``read_settings`` has said already."""
    table = read_toml(folder, FILE, Findings())
    return TransferPolicy() if table is None else transfer_policy(table.get(TABLE, {}), findings)


def transfer_policy(table: Any, findings: Findings) -> TransferPolicy:
    """The table as settings; an unknown name or a value out of its bounds is a fault."""
    settings = named_settings(FILE, TABLE, table, PARSERS, findings) or {}
    if RATE in settings:
        settings["direct_payment_rate_pence"] = settings.pop(RATE)
    return TransferPolicy(**settings)


def table_of(settings: TransferPolicy) -> dict[str, Any]:
    """The way back: what is not the default, in the words of the file."""
    default = TransferPolicy()
    given = {part.name: getattr(settings, part.name) for part in fields(settings)}
    table = {name: value for name, value in given.items() if value != getattr(default, name)}
    if (pence := table.pop("direct_payment_rate_pence", None)) is not None:
        table[RATE] = Fraction(pence, 100)
    if "blackouts" in table:
        table["blackouts"] = tuple("/".join(f"{month:02}-{day:02}" for month, day in period) for period in table["blackouts"])
    return table


def _weekday(value: Any) -> str:
    if value not in ("", *DAYS):
        raise ValueError(f"one of {', '.join(DAYS)}, or empty")
    return str(value)


def _blackouts(value: Any) -> tuple[Blackout, ...]:
    if not isinstance(value, list):
        raise ValueError(PERIODS)
    periods = tuple(_period(each) for each in value)
    free = [not is_blacked_out(dt.date(2027, 1, 1) + dt.timedelta(days), periods) for days in range(2 * 365)]
    if not any(all(free[start : start + 7]) for start in range(365)):
        raise ValueError(f"{PERIODS}, which leave a week free")
    return periods


PERIODS = 'an array of parts of the year such as ["12-18/02-22"] (month-day, up to but not including the second)'


def _period(text: Any) -> Blackout:
    found = re.fullmatch(r"(\d\d)-(\d\d)/(\d\d)-(\d\d)", text, re.ASCII) if isinstance(text, str) else None
    if not found:
        raise ValueError(PERIODS)
    first_month, first_day, last_month, last_day = map(int, found.groups())
    for month, day in ((first_month, first_day), (last_month, last_day)):
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2028, month)[1]:
            raise ValueError(PERIODS)
    return (first_month, first_day), (last_month, last_day)


HOLIDAYS = "an array of dates such as [2027-05-07], without quotes"


def _holidays(value: Any) -> tuple[dt.date, ...]:
    if not isinstance(value, list) or not all(isinstance(day, dt.date) and not isinstance(day, dt.datetime) for day in value):
        raise ValueError(HOLIDAYS)
    return tuple(sorted(set(value)))


def _pence(value: Any) -> int:
    pounds = exact(0, 1000)(value)
    if pounds * 100 % 1:
        raise ValueError("pounds an hour with at most two decimals")
    return int(pounds * 100)


def _hours(value: Any) -> Fraction:
    hours = exact(0, 168)(value)
    if hours == 0:
        raise ValueError("more than 0 hours")
    return hours


PARSERS: Parsers = {
    **{name: whole(*bounds) for name, bounds in WHOLE.items()},
    **dict.fromkeys(TRUTHS, truth),
    **dict.fromkeys(
        ("destabilisation_limit", "destabilisation_warning", "recut_run_tolerance", "turnover_share_per_month"), exact(0, 1)
    ),
    "least_hours_gained_per_letter": exact(0, 168),
    "wave_weekday": _weekday,
    "blackouts": _blackouts,
    "extra_holidays": _holidays,
    "recut_staff_hours": _hours,
    "relieve_not_recorded": harm,
    RATE: _pence,
}
