"""``snapshot.toml``: the date, the title and the policy settings."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.domain.policy import Policy
from optimiser.io.faults import Findings, in_words, shown
from optimiser.io.schema import CQC_RATINGS, PAMMS_RATINGS
from optimiser.io.tables import read_text

FILE = "snapshot.toml"

SHARES = ("principal_share_target", "share_tolerance", "moved_share_limit")
COUNTS = ("person_minutes", "max_moves", "move_charge")
DAYS = ("decline_days", "expired_days")
DIVISORS = ("tolerance_minutes_divisor", "tolerance_pence_divisor", "proof_pence_divisor")
RATINGS = {"bar_cqc": CQC_RATINGS, "bar_pamms": PAMMS_RATINGS}

MAX_COUNT = 10**9
MAX_DAYS = 36_525
"""A century: an answer that stands longer is a mistake in the file."""
MAX_DECIMALS = 30


def read_settings(folder: Path, findings: Findings) -> tuple[dt.date, str, Policy] | None:
    """The date, title and policy; None with faults when any of them is wrong."""
    before = len(findings.faults)
    content = read_text(folder, FILE, findings)
    if content is None:
        return None
    try:
        table = tomllib.loads(content.replace("\r\n", "\n"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:  # a number beyond measure is no TOMLDecodeError
        line, problem = _at_line(str(error)[:200])
        findings.fault(FILE, line, "", "well-formed TOML", problem)
        return None
    as_of, title = table.get("as_of"), table.get("title", "")
    if not isinstance(as_of, dt.date) or isinstance(as_of, dt.datetime):
        findings.fault(FILE, 0, "as_of", "a date such as 2026-11-23 (without quotes)", in_words(as_of or ""))
    if not isinstance(title, str):
        findings.fault(FILE, 0, "title", "a text", in_words(title))
    for name in sorted(set(table) - {"as_of", "title", "policy", "transfer"}):
        findings.note(FILE, f"unknown name {shown(name)} is ignored")
    policy = read_policy(table.get("policy", {}), findings)
    if len(findings.faults) > before or policy is None:
        return None
    return as_of, title, policy  # type: ignore[return-value]


def _at_line(problem: str) -> tuple[int, str]:
    """A complaint of the TOML reader: its line (0: none told) and the rest of it."""
    told = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", problem, re.DOTALL)
    return (int(told[2]), f"{told[1]}, column {told[3]}") if told else (0, problem)


def read_policy(table: Any, findings: Findings) -> Policy | None:
    """The policy table; an unknown name or a value out of its bounds is a fault."""
    if not isinstance(table, dict):
        findings.fault(FILE, 0, "policy", "a table of settings", in_words(table))
        return None
    known = {part.name for part in fields(Policy)}
    settings: dict[str, Any] = {}
    for name, value in table.items():
        if name not in known:
            findings.fault(FILE, 0, f"policy.{name}", f"a setting: {', '.join(sorted(known))}", name)
            continue
        try:
            settings[name] = _setting(name, value)
        except ValueError as error:
            findings.fault(FILE, 0, f"policy.{name}", str(error), in_words(value))
    policy = Policy(**settings)
    if policy.share_low < 0 or policy.share_high > 1:
        findings.fault(FILE, 0, "policy.share_tolerance", "target - tolerance and target + tolerance within 0 to 1")
    return policy


def _setting(name: str, value: Any) -> Any:
    if name in SHARES:
        return exact_number(value, 0, 1)
    if name in COUNTS:
        return whole_number(value, 0, MAX_COUNT)
    if name in DAYS:
        return whole_number(value, 0, MAX_DAYS)
    if name in DIVISORS:
        return whole_number(value, 1, MAX_COUNT)
    if name == "overdue_factor":
        return exact_number(value, 1, 1000)
    if name == "band_limits_miles":
        return _limits(value)
    if name == "move_pending":
        if not isinstance(value, bool):
            raise ValueError("true or false")
        return value
    allowed = RATINGS[name]
    if not isinstance(value, list) or any(rating not in allowed for rating in value):
        raise ValueError(f"an array of ratings out of {', '.join(allowed)}")
    return tuple(sorted(set(value)))


def _limits(value: Any) -> tuple[Fraction, Fraction]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("two distances in miles, such as [3, 6]")
    near, far = (exact_number(each, 0, 1000) for each in value)
    if not near < far:
        raise ValueError("two distances in miles, the nearer first")
    return near, far


def exact_number(value: Any, least: int, most: int) -> Fraction:
    """A number of TOML as an exact fraction; ``ValueError`` says what was expected."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or (isinstance(value, Decimal) and not value.is_finite()):
        raise ValueError(f"a number from {least} to {most}")
    if not least <= value <= most:
        raise ValueError(f"a number from {least} to {most}")
    if isinstance(value, Decimal) and not -MAX_DECIMALS <= int(value.as_tuple().exponent) <= MAX_DECIMALS:
        raise ValueError(f"a number with at most {MAX_DECIMALS} decimals")  # a fraction of more would fill the memory
    return Fraction(value)


def whole_number(value: Any, least: int, most: int) -> int:
    """A whole number of TOML; ``ValueError`` says what was expected."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"a whole number of at least {least} and at most {most}")
    return value
