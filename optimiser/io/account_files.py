"""The files that an account is made by, in a county's folder: ``account.toml``, ``terms.csv`` and those of incentives."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from optimiser.domain.accounts import (
    INCENTIVE_DAYS,
    ROUNDINGS,
    AccountBook,
    AccountSettings,
    IncentiveAmount,
    IncentivePeriod,
    Terms,
)
from optimiser.domain.snapshot import Snapshot
from optimiser.io.cells import Column, date, decimal, identifier, in_pence, line, one_of, optional, truth, whole
from optimiser.io.csv_tables import Row, read_table
from optimiser.io.faults import Findings, InputRefusedError, Note
from optimiser.io.toml import Parsers, exact, named_settings, read_toml
from optimiser.io.toml import truth as true_or_false
from optimiser.io.toml import whole as whole_number

SETTINGS, TERMS_FILE, AMOUNTS, PERIODS = "account.toml", "terms.csv", "incentives.csv", "incentive_periods.csv"
ACTUALS_FILE = "actuals.csv"
ACCOUNT_FILES = (SETTINGS, TERMS_FILE, AMOUNTS, PERIODS)
maybe_share = optional(decimal(0, 1))

TERMS = (
    Column("contract_id", identifier),
    Column("starts", optional(date)),
    Column("increment_minutes", optional(whole(1, 60))),
    Column("rounding", one_of("", *ROUNDINGS)),
    Column("overrun_paid", optional(truth)),
    Column("late_cancellation_share", maybe_share),
    Column("retainer_days", optional(whole(0, 366))),
    Column("retainer_share", maybe_share),
)
INCENTIVES = (
    Column("starts", optional(date), optional=True),
    Column("ends", optional(date), optional=True),
    Column("workers", whole(1, 2)),
    Column("over_hours", decimal(0, 1000)),
    Column("up_to_hours", decimal(0, 1000)),
    Column("pounds", in_pence(0, 100_000)),
    Column("source", line, optional=True),
)
INCENTIVE_PERIODS = (
    Column("starts", date),
    Column("ends", date),
    Column("occasion", line),
    Column("source", line, optional=True),
    Column("opened_by", line, optional=True),
)


def _day(value: Any) -> dt.date:
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        raise ValueError("a date such as 2026-04-06, without quotes")
    return value


def _incentive_day(value: Any) -> str:
    if value not in INCENTIVE_DAYS:
        raise ValueError(f"one of {', '.join(INCENTIVE_DAYS)}")
    return str(value)


PARSERS: Parsers = {
    "periods_begin": _day,
    "longest_visit_minutes": whole_number(60, 1440),
    "incentive_day": _incentive_day,
    "guarantee_counts_late_cancellations": true_or_false,
    "guarantee_counts_retainers": true_or_false,
    "delivery_weeks": whole_number(1, 52),
    "delivery_differs_by": exact(0, 1),
    "cut_short_least": whole_number(1, 1000),
    "cut_short_share": exact(0, 1),
    "late_after_minutes": whole_number(0, 240),
    "late_share": exact(0, 1),
}


def read_account_book(folder: Path, snapshot: Snapshot, *, needs_periods: bool = True) -> tuple[AccountBook, tuple[Note, ...]]:
    """What the folder says. Raises ``InputRefusedError`` with every fault of every file, and where no period is stated.

    ``needs_periods`` False: what nothing is paid by needs none, nor the file of settings.
    """
    findings = Findings()
    if not needs_periods and not (folder / SETTINGS).exists():
        settings: AccountSettings | None = AccountSettings()
    else:
        settings = _settings(folder, findings, needs_periods=needs_periods)
    known = {contract.contract_id for contract in snapshot.contracts}
    terms, amounts, periods = _terms(folder, known, findings), _amounts(folder, findings), _periods(folder, findings)
    if findings.faults or settings is None:
        raise InputRefusedError(findings.faults)
    return AccountBook(settings, terms, amounts, periods), findings.notes


def read_incentives(folder: Path) -> AccountBook:
    """What the folder says of incentives alone: its settings, amounts and designated periods, and no terms of contracts.

    Raises ``InputRefusedError`` with every fault of these files, and where no period of payment is stated.
    """
    findings = Findings()
    settings = _settings(folder, findings, needs_periods=True)
    amounts, periods = _amounts(folder, findings), _periods(folder, findings)
    if findings.faults or settings is None:
        raise InputRefusedError(findings.faults)
    return AccountBook(settings, (), amounts, periods)


def _settings(folder: Path, findings: Findings, *, needs_periods: bool) -> AccountSettings | None:
    table = read_toml(folder, SETTINGS, findings)
    if table is None:
        return None
    named = named_settings(SETTINGS, "account", table, PARSERS, findings) or {}
    if "periods_begin" in named or not needs_periods:
        return AccountSettings(**named)
    if "periods_begin" not in table:
        expected = "the first day of any four-week period of payment, such as 2026-04-06: it is the council's, and has no default"
        findings.fault(SETTINGS, 0, "periods_begin", expected, "none")
    return None


def _rows(folder: Path, name: str, columns: tuple[Column, ...], findings: Findings) -> list[Row]:
    return read_table(folder, name, columns, findings) if (folder / name).exists() else []


def _terms(folder: Path, known: set[str], findings: Findings) -> tuple[Terms, ...]:
    found: dict[tuple[str, dt.date], Terms] = {}
    for row in _rows(folder, TERMS_FILE, TERMS, findings):
        contract_id, starts, increment, rounding, *rest = row.values
        terms = Terms(contract_id, starts, increment, rounding or None, *rest)
        key = contract_id, starts or dt.date.min
        if contract_id not in known:
            findings.fault(TERMS_FILE, row.line, "contract_id", "a contract of contracts.csv", contract_id)
        if key in found:
            findings.fault(TERMS_FILE, row.line, "starts", "one line for a contract and a day", str(starts or "always"))
        found[key] = terms
    return tuple(found[key] for key in sorted(found))


def _amounts(folder: Path, findings: Findings) -> tuple[IncentiveAmount, ...]:
    found: list[IncentiveAmount] = []
    for row in _rows(folder, AMOUNTS, INCENTIVES, findings):
        amount = IncentiveAmount(*row.values[:-1])
        if amount.over_hours >= amount.up_to_hours:
            findings.fault(AMOUNTS, row.line, "up_to_hours", "more than over_hours", str(amount.up_to_hours))
        if amount.starts and amount.ends and amount.starts >= amount.ends:
            findings.fault(AMOUNTS, row.line, "ends", "a day after starts", str(amount.ends))
        if any(_meet(amount, other) for other in found):
            findings.fault(AMOUNTS, row.line, "over_hours", "one payment for each number of workers, hour and day")
        found.append(amount)
    return tuple(sorted(found, key=lambda each: (each.starts or dt.date.min, each.workers, each.over_hours)))


def _meet(one: IncentiveAmount, other: IncentiveAmount) -> bool:
    days = (one.starts or dt.date.min) < (other.ends or dt.date.max) and (other.starts or dt.date.min) < (one.ends or dt.date.max)
    hours = one.over_hours < other.up_to_hours and other.over_hours < one.up_to_hours
    return one.workers == other.workers and days and hours


def _periods(folder: Path, findings: Findings) -> tuple[IncentivePeriod, ...]:
    found = []
    for row in _rows(folder, PERIODS, INCENTIVE_PERIODS, findings):
        starts, ends, occasion, _, opened_by = row.values
        if starts >= ends:
            findings.fault(PERIODS, row.line, "ends", "a day after starts: the first that no longer counts", str(ends))
        found.append(IncentivePeriod(starts, ends, occasion, opened_by))
    return tuple(sorted(found, key=lambda each: (each.starts, each.ends, each.occasion)))
