"""``optimiser account FOLDER --actuals FILE --period DATE --out DIR``: a draft statement for each contract and four weeks."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, day, quiet, replace, result, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_for_results, say_notes
from optimiser.commands.shared.records_again import records_again
from optimiser.commands.shared.running import MOST_SHOWN, Begun, defect
from optimiser.commands.shared.saying import complain, refused, refused_with, say_lines, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.io.reading import Reading

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
    account.add_argument(
        "--actuals", required=True, metavar="FILE", help="what call monitoring recorded (CSV): see data/README.md"
    )
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
    from pathlib import Path

    from optimiser.accounting.report import AccountNotConfirmedError
    from optimiser.accounting.story import AccountRefusedError
    from optimiser.io.faults import InputRefusedError

    begun, out = Begun(), Path(options.out)
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    try:
        return _account(options, reading, out, begun)
    except InputRefusedError as faults:
        return refused_with(faults)
    except AccountRefusedError as asked:
        for reason in asked.reasons:
            complain(reason)
        return refused(f"{len(asked.reasons)} fault(s) in what was asked for. Nothing was written.")
    except AccountNotConfirmedError as found:
        return defect("the check does not confirm the account, so nothing was written.", found.faults[:MOST_SHOWN])


def _account(options: argparse.Namespace, reading: Reading, out: Path, begun: Begun) -> int:
    """Read, account, check, write, say."""
    from pathlib import Path

    from optimiser.accounting.closed_accounts import read_closed
    from optimiser.accounting.report import account_files, summary
    from optimiser.accounting.story import account
    from optimiser.county import County
    from optimiser.domain.accounts import Period
    from optimiser.io.account_files import read_account_book
    from optimiser.io.actual_files import read_actuals

    file = Path(options.actuals)
    book, notes = read_account_book(Path(options.folder), reading.snapshot)
    actuals, of_actuals = read_actuals(file)
    say_notes((*notes, *of_actuals))
    closed = [read_closed(Path(each)) for each in options.closed]
    made = account(County.of(reading.snapshot), actuals, book, Period(options.period), closed)
    files, record = account_files(made, records_again(file), closed, begun.record("no"))
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: say_lines((*summary(record), f"Written to {out}, for you alone.")))
    return exits.PROVEN
