"""``optimiser deliveries FOLDER --actuals FILE --until DATE --out DIR``: what somebody should look at of recorded visits."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, day, quiet, replace, result, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_for_results, say_notes
from optimiser.commands.shared.records_again import records_again
from optimiser.commands.shared.running import MOST_SHOWN, Begun, defect
from optimiser.commands.shared.saying import refused_with, say_lines, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.io.reading import Reading

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
    deliveries.add_argument(
        "--actuals", required=True, metavar="FILE", help="what call monitoring recorded (CSV): see data/README.md"
    )
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
    from pathlib import Path

    from optimiser.accounting.report import AccountNotConfirmedError
    from optimiser.io.faults import InputRefusedError

    begun, out = Begun(), Path(options.out)
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    try:
        return _deliveries(options, reading, out, begun)
    except InputRefusedError as faults:
        return refused_with(faults)
    except AccountNotConfirmedError as found:
        return defect("the check does not confirm the lists, so nothing was written.", found.faults[:MOST_SHOWN])


def _deliveries(options: argparse.Namespace, reading: Reading, out: Path, begun: Begun) -> int:
    """Read, count, check, write, say."""
    from pathlib import Path

    from optimiser.accounting.deliveries.report import delivery_files, summary
    from optimiser.accounting.deliveries.story import deliveries
    from optimiser.county import County
    from optimiser.io.account_files import read_account_book
    from optimiser.io.actual_files import read_actuals

    file = Path(options.actuals)
    book, notes = read_account_book(Path(options.folder), reading.snapshot, needs_periods=False)
    actuals, of_actuals = read_actuals(file)
    say_notes((*notes, *of_actuals))
    told = deliveries(County.of(reading.snapshot), actuals, book, options.until)
    files, record = delivery_files(told, records_again(file), begun.record("no"))
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: say_lines((*summary(record), f"Written to {out}, for you alone.")))
    return exits.PROVEN
