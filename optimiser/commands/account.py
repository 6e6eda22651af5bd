"""``optimiser account FOLDER --actuals FILE --period DATE --out DIR``: a draft statement for each contract and four weeks."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser.commands.shared.arguments import as_json, day, quiet, replace, result, show_values, snapshot_folder
from optimiser.commands.shared.visit_records import run_on_records, visit_records

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.commands.shared.visit_records import VisitRecords

ORDER = 409
SUMMARY = "what call monitoring recorded, as draft statements of what is owed for four weeks, exact to the penny"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "account",
        description="Records of visits (actuals) become a draft statement for every contract and four-week period: per visit the"
        " minutes that count and why, the price by band and day, the guarantee's floor, incentives, retainers and adjustments of"
        " closed periods. An independent check counts every penny anew. Nothing is closed, sent or paid.",
        example="optimiser account county --actuals actuals.csv --period 2026-10-26 --out account",
        run=run,
        arguments=_arguments,
    )


def _arguments(account: argparse.ArgumentParser) -> None:
    snapshot_folder(account)
    visit_records(account)
    account.add_argument(
        "--period",
        required=True,
        type=day,
        metavar="DATE",
        help="the period's first day; periods_begin in account.toml says which",
    )
    account.add_argument(
        "--closed",
        action="append",
        default=[],
        metavar="DIR",
        help="an earlier account whose statements are closed: what records say otherwise since is an adjustment; may be repeated",
    )
    result(account, "the statements")
    replace(account)
    quiet(account)
    show_values(account)
    as_json(account, "what account.json holds")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when something is refused; 4 when the check comes to something else."""
    from optimiser.accounting.report import summary

    return run_on_records(options, _account, summary, "the account")


def _account(options: argparse.Namespace, read: VisitRecords) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Its files, and the record of them."""
    from pathlib import Path

    from optimiser.accounting.closed_accounts import read_closed
    from optimiser.accounting.report import account_files
    from optimiser.accounting.story import account
    from optimiser.domain.accounts import Period

    closed = [read_closed(Path(each)) for each in options.closed]
    made = account(read.county, read.actuals, read.book, Period(options.period), closed)
    return account_files(made, read.again, closed, read.begun.record("no"))
