"""``optimiser deliveries FOLDER --actuals FILE --until DATE --out DIR``: what somebody should look at of recorded visits."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser.commands.shared.arguments import as_json, day, quiet, replace, result, show_values, snapshot_folder
from optimiser.commands.shared.visit_records import run_on_records, visit_records

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.commands.shared.visit_records import VisitRecords

ORDER = 4095
SUMMARY = "what call monitoring recorded beside what is commissioned: lists for somebody to look at"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "deliveries",
        description="Records of visits (actuals) beside what is commissioned, over some weeks: people to whom less or more came"
        " in every one of them, visits missed or cut short, how late each round begins its visits, and how many different care"
        " workers came. Lists for a person to look at: nothing changes by them.",
        example="optimiser deliveries county --actuals actuals.csv --until 2026-11-23 --out deliveries",
        run=run,
        arguments=_arguments,
    )


def _arguments(deliveries: argparse.ArgumentParser) -> None:
    snapshot_folder(deliveries)
    visit_records(deliveries)
    deliveries.add_argument(
        "--until",
        required=True,
        type=day,
        metavar="DATE",
        help="the first day that does not count any more; delivery_weeks in account.toml says how many weeks before it do",
    )
    result(deliveries, "the lists")
    replace(deliveries)
    quiet(deliveries)
    show_values(deliveries)
    as_json(deliveries, "what deliveries.json holds")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when something is refused; 4 when the check comes to something else."""
    from optimiser.accounting.deliveries.report import summary

    return run_on_records(options, _deliveries, summary, "the lists", needs_periods=False)


def _deliveries(options: argparse.Namespace, read: VisitRecords) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Their files, and the record of them."""
    from optimiser.accounting.deliveries.report import delivery_files
    from optimiser.accounting.deliveries.story import deliveries

    told = deliveries(read.county, read.actuals, read.book, options.until)
    return delivery_files(told, read.again, read.begun.record("no"))
