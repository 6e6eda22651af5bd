"""Records of visits as call monitoring would write them, read as the product reads them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.adjustments import ClosedAccount
from optimiser.accounting.enhanced_hours import NO_NOTICES
from optimiser.accounting.report import account_files
from optimiser.accounting.story import Account, account
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, AccountSettings, IncentiveAmount, IncentivePeriod, Period, Terms
from optimiser.domain.actuals import Actuals
from optimiser.domain.snapshot import Snapshot
from optimiser.io.actual_files import ACTUALS, read_actuals
from optimiser.io.records_again import records_again

PERIOD = Period(dt.date(2026, 11, 23))
"""Begins on the Monday that is today in every test."""
COLUMNS = tuple(column.name for column in ACTUALS)
Row = dict[str, Any]


def record(actual_id: str, times: str = "08:00-08:30", **given: Any) -> Row:
    """Half an hour of one care worker at P1's visit V1 on the first Monday, planned as long, delivered. ``times``: to the end.

    An end before the arrival is on the next day.
    """
    day = given.pop("date", PERIOD.starts)
    row: Row = {
        "actual_id": actual_id, "package_id": "P1", "date": day, "visit_id": "V1", "planned_minutes": 30, "workers": 1,
        "outcome": "delivered", "planned_start": f"{day}T08:00",
    }  # fmt: skip
    if times:
        arrived, left = times.split("-")
        end = day + dt.timedelta(days=left < arrived)
        row |= {"arrived": f"{day}T{arrived}", "left": f"{end}T{left}"}
    return row | given


def written(rows: Iterable[Row], path: Path, columns: Iterable[str] = COLUMNS) -> Path:
    """The rows as a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(columns), restval="")
        table.writeheader()
        table.writerows(rows)
    return path


def actuals(rows: Iterable[Row], folder: Path) -> Actuals:
    """The rows, written and read."""
    return read_actuals(written(rows, folder / "actuals.csv"))[0]


def terms(contract_id: str = "F-ELM", increment: int | None = 15, rounding: str | None = "nearest", **given: Any) -> Terms:
    """Fifteen minutes, nearest, overruns not paid, half of a late cancellation, three days of hospital at half."""
    plain: dict[str, Any] = {
        "starts": None, "overrun_paid": False, "late_cancellation_share": Fraction(1, 2), "retainer_days": 3,
        "retainer_share": Fraction(1, 2),
    }  # fmt: skip
    values = {**plain, **given}
    return Terms(contract_id, values.pop("starts"), increment, rounding, **values)


def case(snapshot: Snapshot, rows: Iterable[Row], folder: Path, *lines: Terms, **settings: Any) -> AccountCase:
    """What an account of them is about."""
    book = AccountBook(AccountSettings(PERIOD.starts, **settings), lines or (terms(),))
    return AccountCase.of(County.of(snapshot), actuals(rows, folder), book)


def made(
    snapshot: Snapshot,
    rows: Iterable[Row],
    folder: Path,
    *lines: Terms,
    period: Period = PERIOD,
    closed: Sequence[ClosedAccount] = (),
    amounts: Iterable[IncentiveAmount] = (),
    periods: Iterable[IncentivePeriod] = (),
    charged_from: Mapping[str, dt.date] = NO_NOTICES,
    **settings: Any,
) -> tuple[Account, dict[str, bytes]]:
    """A period's account and its files, which the check has confirmed."""
    rows = list(rows)
    book = AccountBook(AccountSettings(PERIOD.starts, **settings), lines or (terms(),), tuple(amounts), tuple(periods))
    made = account(County.of(snapshot), actuals(rows, folder), book, period, closed, charged_from)
    return made, account_files(made, records_again(folder / "actuals.csv"), closed, {})[0]


def table(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    """A file's rows."""
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


def close(account: Account) -> ClosedAccount:
    """As it would be once a person has closed its statements."""
    contracts = account.case.county.contracts
    return ClosedAccount(
        account.period,
        {contracts[each.contract].contract_id: each.own_pence for each in account.statements},
        {(each.contract_id, each.period): each.pence for each in account.adjustments},
    )
