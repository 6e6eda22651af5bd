"""An account as a folder of files, which are written only once the check has confirmed them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from optimiser.accounting import check
from optimiser.accounting.adjustments import ClosedAccount
from optimiser.accounting.check_counting import Rows
from optimiser.accounting.comparing_tables import (
    ENHANCED,
    GUARANTEES,
    INCREMENTS,
    SHARES,
    SHORT,
    enhanced_rows,
    guarantee_rows,
    increment_rows,
    of_minutes,
    share_rows,
    short_rows,
)
from optimiser.accounting.increments_picture import increments_picture
from optimiser.accounting.line_table import line_table
from optimiser.accounting.story import Account
from optimiser.accounting.tables import (
    ADJUSTMENTS,
    DAYS,
    EARNED,
    ODD,
    STATEMENTS,
    adjustment_rows,
    day_rows,
    earned_rows,
    odd_rows,
    statement_rows,
)
from optimiser.domain.words import pounds, share
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet


class AccountNotConfirmedError(Exception):
    """The check comes to something else than the account: a defect of ours."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} fault(s): {faults[0]}")


def account_files(
    account: Account, rows: Rows, closed: Sequence[ClosedAccount], run: Mapping[str, Any]
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files by name, and what ``account.json`` holds.

    ``rows``: reads the records anew, for the check. Raises ``AccountNotConfirmedError``.
    """
    files, case = stated_files(account), account.case
    plain = [check.Closed(each.period, each.own_pence, each.adjusted_pence) for each in closed]
    faults, checked = check.check_account(files, case.county, rows, case.book, account.period, plain, account.charged_from)
    if faults:
        raise AccountNotConfirmedError(faults)
    record = _record(account, checked)
    return files | {"account.json": pretty(record), "run.json": pretty(dict(run))}, record


def stated_files(account: Account) -> dict[str, bytes]:
    """The tables and the picture, which no check has seen yet."""
    files = {
        "statements.csv": spreadsheet(STATEMENTS, statement_rows(account)),
        "statement-lines.csv": line_table(account.case, account.lines),
        "statement-days.csv": spreadsheet(DAYS, day_rows(account)),
        "odd-records.csv": spreadsheet(ODD, odd_rows(account)),
        "incentives-earned.csv": spreadsheet(EARNED, earned_rows(account)),
        "adjustments.csv": spreadsheet(ADJUSTMENTS, adjustment_rows(account)),
        "increments.csv": spreadsheet(INCREMENTS, increment_rows(account)),
        "short-visits.csv": spreadsheet(SHORT, short_rows(account)),
        "guarantee-use.csv": spreadsheet(GUARANTEES, guarantee_rows(account)),
        "delivered-shares.csv": spreadsheet(SHARES, share_rows(account)),
        "enhanced-hours.csv": spreadsheet(ENHANCED, enhanced_rows(account)),
    }
    title, period = account.case.county.snapshot.title, f"{account.period.starts} to {account.period.ends}"
    return files | {"increments.svg": increments_picture(account.both_ways, title, period)}


def _record(account: Account, checked: str) -> dict[str, Any]:
    """Counts and sums: nothing of a person."""
    case, statements = account.case, account.statements
    settings = case.book.settings
    here = case.actuals.counts & case.within(account.period)
    parts = {
        "visits_gbp": sum(each.visits_pence for each in statements),
        "late_cancellations_gbp": sum(each.late_pence for each in statements),
        "retainers_gbp": sum(each.retainer_pence for each in statements),
        "guarantee_adds_gbp": sum(each.guarantee_adds_pence for each in statements),
        "incentives_gbp": sum(each.incentives_pence for each in statements),
        "adjustments_gbp": sum(each.adjustments_pence for each in statements),
        "total_gbp": account.total_pence,
    }
    whole = account.both_ways[0]
    return {
        **result_head(case.county.snapshot),
        "period_starts": account.period.starts.isoformat(),
        "period_ends": account.period.ends.isoformat(),
        "settings": {
            "periods_begin": str(settings.periods_begin),
            "longest_visit_minutes": settings.longest_visit_minutes,
            "incentive_day": settings.incentive_day,
            "guarantee_counts_late_cancellations": settings.guarantee_counts_late_cancellations,
            "guarantee_counts_retainers": settings.guarantee_counts_retainers,
        },
        "records": int(here.sum()),
        "records_in_no_statement": int((here & ~case.stated).sum()),
        "lines": sum(each.lines for each in statements),
        "statements": len(statements),
        "drafts_that_cannot_be_closed": sum(not each.can_be_closed for each in statements),
        **{name: pounds(pence) for name, pence in parts.items()},
        "in_steps_of_5_minutes_gbp": pounds(whole.fine_pence),
        "in_steps_of_15_minutes_gbp": pounds(whole.coarse_pence),
        "factor_on_rates": "" if whole.factor is None else share(whole.factor),
        "guarantee_unused_hours": of_minutes(sum((each.unused for each in account.guarantees), Fraction(0))),
        "odd": dict(sorted(Counter(each.kind for each in account.odd).items())),
        "checked": checked,
    }


def summary(record: Mapping[str, Any]) -> Iterator[str]:
    """What is said of it."""
    yield (
        f"Period {record['period_starts']} to {record['period_ends']}: {record['records']:,} records, {record['lines']:,} lines,"
        f" {record['statements']} statements, {record['total_gbp']} pounds."
    )
    if record["drafts_that_cannot_be_closed"]:
        yield (
            f"{record['drafts_that_cannot_be_closed']} of them cannot be closed: a term of the contract is not known"
            " (unknown_terms in statements.csv; terms.csv in the county's folder)."
        )
    yield (
        f"In steps of 5 minutes the visits come to {record['in_steps_of_5_minutes_gbp']} pounds, in steps of 15 to"
        f" {record['in_steps_of_15_minutes_gbp']}."
    )
    if record["factor_on_rates"]:
        yield f"Rates times {record['factor_on_rates']} in steps of 15 minutes leave the total as in steps of 5 (increments.csv)."
    if record["guarantee_adds_gbp"] != "0.00":
        yield (
            f"Guarantees add {record['guarantee_adds_gbp']} pounds: {record['guarantee_unused_hours']} hours paid and not used"
            " (guarantee-use.csv)."
        )
    if record["records_in_no_statement"]:
        yield f"{record['records_in_no_statement']:,} records are in no statement: see odd-records.csv."
    yield from (f"Odd: {count:,} {kind}" for kind, count in record["odd"].items())
    yield record["checked"]
