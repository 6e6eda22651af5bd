"""``snapshot.toml``: the date, the title, the policy settings, the tables ``[procurement]``, ``[quality]``, ``[meanwhile]`` and
``[enhanced]``, and the table ``[reserve]``: where an emergency is declared, so that reserve contracts may be asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import fields
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from optimiser.domain.policy import EnhancedSettings, MeanwhileSettings, Policy, ProcurementSettings, QualitySettings
from optimiser.domain.records import HARMS, PRIORITIES, REGIMES
from optimiser.io.cells import BadCellError, line, words
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, in_words, shown
from optimiser.io.schema import CQC_RATINGS, PAMMS_RATINGS
from optimiser.io.toml import Parsers, exact, named_settings, read_toml, truth, whole

FILE = "snapshot.toml"
PROCUREMENT = "procurement"
QUALITY = "quality"
MEANWHILE = "meanwhile"
ENHANCED = "enhanced"

RATINGS = {"bar_cqc": CQC_RATINGS, "bar_pamms": PAMMS_RATINGS}

MAX_COUNT = 10**9
MAX_DAYS = 36_525
"""A century: an answer that stands longer is a mistake in the file."""
LATER_DAYS = ("largest_first_after_days", "priority_review_days")


def read_settings(folder: Path, findings: Findings) -> tuple[dt.date, str, Policy] | None:
    """The date, title and policy; None with faults when any of them is wrong."""
    before = len(findings.faults)
    table = read_toml(folder, FILE, findings)
    if table is None:
        return None
    as_of, title = table.get("as_of"), table.get("title", "")
    if not isinstance(as_of, dt.date) or isinstance(as_of, dt.datetime):
        findings.fault(
            FILE, 0, "as_of", "a date such as 2026-11-23 (without quotes)", in_words(as_of or ""), code=Code.WRONG_SETTING
        )
    if not isinstance(title, str):
        findings.fault(FILE, 0, "title", "a text", in_words(title), code=Code.WRONG_SETTING)
    for name in sorted(set(table) - {"as_of", "title", "policy", "transfer", "reserve", PROCUREMENT, QUALITY, MEANWHILE}):
        findings.note(FILE, f"unknown name {shown(name)} is ignored")
    policy = read_policy(table.get("policy", {}), findings)
    if len(findings.faults) > before or policy is None:
        return None
    return as_of, title, policy  # type: ignore[return-value]


def read_policy(table: Any, findings: Findings) -> Policy | None:
    """The policy table; an unknown name or a value out of its bounds is a fault."""
    settings = named_settings(FILE, "policy", table, PARSERS, findings)
    if settings is None:
        return None
    policy = Policy(**settings)
    if policy.share_low < 0 or policy.share_high > 1:
        findings.fault(
            FILE, 0, "policy.share_tolerance", "target - tolerance and target + tolerance within 0 to 1", code=Code.WRONG_SETTING
        )
    return policy


def _limits(value: Any) -> tuple[Fraction, Fraction]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("two distances in miles, such as [3, 6]")
    near, far = map(exact(0, 1000), value)
    if not near < far:
        raise ValueError("two distances in miles, the nearer first")
    return near, far


def _ratings(name: str) -> Callable[[Any], tuple[str, ...]]:
    allowed = RATINGS[name]

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or any(rating not in allowed for rating in value):
            raise ValueError(f"an array of ratings out of {', '.join(allowed)}")
        return tuple(sorted(set(value)))

    return read


PARSERS: Parsers = {
    **dict.fromkeys(("principal_share_target", "share_tolerance", "moved_share_limit"), exact(0, 1)),
    **dict.fromkeys(("person_minutes", "max_moves", "move_charge"), whole(0, MAX_COUNT)),
    **dict.fromkeys(("decline_days", "expired_days", "rest_days", "overdue_weeks", *LATER_DAYS), whole(0, MAX_DAYS)),
    "passed_over_limit": whole(1, MAX_DAYS),
    "decision_valid_weeks": whole(1, MAX_DAYS // 7),
    "rural_beyond_miles": exact(0, 1000),
    **dict.fromkeys(
        ("step_moves", "tolerance_minutes_divisor", "tolerance_pence_divisor", "proof_pence_divisor"), whole(1, MAX_COUNT)
    ),
    "overdue_factor": exact(1, 1000),
    "band_limits_miles": _limits,
    **dict.fromkeys(("move_pending", "answer_needed"), truth),
    **{name: _ratings(name) for name in RATINGS},
}


def read_procurement(folder: Path, findings: Findings) -> ProcurementSettings:
    """The settings; the defaults where the file cannot be read, which ``read_settings`` has said already."""
    table = read_toml(folder, FILE, Findings())
    return ProcurementSettings() if table is None else procurement_settings(table.get(PROCUREMENT, {}), findings)


def procurement_settings(table: Any, findings: Findings) -> ProcurementSettings:
    """The table as settings; an unknown name or a value out of its bounds is a fault."""
    return ProcurementSettings(**named_settings(FILE, PROCUREMENT, table, PROCUREMENT_PARSERS, findings) or {})


def _regime(value: Any) -> str:
    if value not in REGIMES:
        raise ValueError(f"one of {', '.join(REGIMES)}")
    return str(value)


PROCUREMENT_PARSERS: Parsers = {
    "gap_months": whole(0, 120),
    "capacity_return_days": whole(1, 365),
    "regime": _regime,
    **dict.fromkeys(("tender_days", "tupe_days", "notice_days"), whole(0, 3660)),
    **dict.fromkeys(
        ("key_decision_clear_days", "call_in_working_days", "standstill_working_days", "standstill_days"), whole(0, 365)
    ),
}


def read_quality(folder: Path, findings: Findings) -> QualitySettings:
    """The settings; the defaults where the file cannot be read, which ``read_settings`` has said already."""
    table = read_toml(folder, FILE, Findings())
    return QualitySettings() if table is None else quality_settings(table.get(QUALITY, {}), findings)


def quality_settings(table: Any, findings: Findings) -> QualitySettings:
    """The table as settings; an unknown name or a value out of its bounds is a fault."""
    return QualitySettings(**named_settings(FILE, QUALITY, table, QUALITY_PARSERS, findings) or {})


def _posts(value: Any) -> tuple[str, ...]:
    expected = 'an array of one to ten posts, each once and in a line, such as ["Quality Monitoring Officer", "Head of Service"]'
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise ValueError(expected)
    try:
        posts = tuple(map(line, value))
    except BadCellError:
        raise ValueError(expected) from None
    if not 1 <= len(posts) <= 10 or len(set(posts)) < len(posts):
        raise ValueError(expected)
    return posts


QUALITY_PARSERS: Parsers = {
    **dict.fromkeys(("draft_days", "correction_days", "publish_days", "review_ahead_days"), whole(0, 3660)),
    **dict.fromkeys(("review_days", "escalation_days"), whole(1, 3660)),
    "escalation_posts": _posts,
}


def read_meanwhile(folder: Path, findings: Findings) -> MeanwhileSettings:
    """The settings; the defaults where the file cannot be read, which ``read_settings`` has said already."""
    table = read_toml(folder, FILE, Findings())
    return MeanwhileSettings() if table is None else meanwhile_settings(table.get(MEANWHILE, {}), findings)


def meanwhile_settings(table: Any, findings: Findings) -> MeanwhileSettings:
    """The table as settings; an unknown name or a value out of its bounds is a fault."""
    return MeanwhileSettings(**named_settings(FILE, MEANWHILE, table, MEANWHILE_PARSERS, findings) or {})


def harm(value: Any) -> str:
    """Reads what somebody counts as whose harm from a missed visit is not recorded."""
    if value not in HARMS:
        raise ValueError(f"one of {', '.join(HARMS)}")
    return str(value)


def _needs(value: Any) -> tuple[str, ...]:
    expected = 'an array of what visits are for, each once, such as ["medication", "meals"]'
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and words(each) == (each,) for each in value):
        raise ValueError(expected)
    if len(set(value)) < len(value):
        raise ValueError(expected)
    return tuple(value)


MEANWHILE_PARSERS: Parsers = {
    **{f"{priority}_check_days": whole(1, 365) for priority in PRIORITIES},
    **{f"{priority}_choose_days": whole(0, 365) for priority in PRIORITIES},
    "bridge_days": whole(1, 365),
    "bridge_ahead_days": whole(0, 365),
    "bridge_needs": _needs,
    "bridge_unrecorded_visits": truth,
    "bridge_not_recorded": harm,
    "first_visit_hours": whole(0, 168),
    "first_visit_agreed_days": whole(0, 365),
    "first_visit_agreed_days_alone": whole(0, 28),
}


def read_enhanced(folder: Path, findings: Findings) -> EnhancedSettings:
    """The settings; the defaults where the file cannot be read, which ``read_settings`` has said already."""
    table = read_toml(folder, FILE, Findings())
    return EnhancedSettings() if table is None else enhanced_settings(table.get(ENHANCED, {}), findings)


def enhanced_settings(table: Any, findings: Findings) -> EnhancedSettings:
    """The table as settings; an unknown name, a value out of its bounds, or hours out of their order are faults."""
    settings = EnhancedSettings(**named_settings(FILE, ENHANCED, table, ENHANCED_PARSERS, findings) or {})
    hours = {part.name: int(getattr(settings, part.name)) for part in fields(settings)}
    for (before, least), (name, value) in pairwise(hours.items()):
        if value <= least:
            findings.fault(
                FILE, 0, f"{ENHANCED}.{name}", f"more hours than {before} ({least})", str(value), code=Code.WRONG_ORDER
            )
    return settings


ENHANCED_PARSERS: Parsers = {part.name: whole(1, 8760) for part in fields(EnhancedSettings)}


TABLE = "reserve"


def read_reserve(folder: Path, area_ids: Collection[str], findings: Findings) -> tuple[str, ...]:
    """The ids of these areas, sorted; none where the file cannot be read, which ``read_settings`` has said already."""
    table = read_toml(folder, FILE, Findings())
    return () if table is None else reserve_areas(table.get(TABLE, {}), area_ids, findings)


def reserve_areas(table: Any, area_ids: Collection[str], findings: Findings) -> tuple[str, ...]:
    """The table's areas; an unknown area, or another key, is a fault."""
    settings = named_settings(FILE, TABLE, table, {"areas": _ids}, findings) or {}
    named: tuple[str, ...] = settings.get("areas", ())
    for area_id in named:
        if area_id not in area_ids and not findings.may_name("areas.geojson", area_id):
            findings.fault(FILE, 0, f"{TABLE}.areas", "known area ids", area_id, code=Code.UNKNOWN_ID)
    return named


def _ids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError('an array of area ids such as ["U12345"]')
    return tuple(sorted(set(value)))
