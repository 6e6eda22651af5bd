"""The frame of commands that read records of visits: how these are named, what is refused, confirmed, written and said."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.inputs import read_for_results, say_notes
from optimiser.commands.shared.running import Begun, defect
from optimiser.commands.shared.saying import complain, refused, refused_with, say_lines, tell, written

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

    from optimiser.county import County
    from optimiser.domain.accounts import AccountBook
    from optimiser.domain.actuals import Actuals

    Files = dict[str, bytes]
    Record = dict[str, Any]


@dataclass(frozen=True)
class VisitRecords:
    """What such a command works on. ``again``: reads the records anew, for a check; ``begun``: when the command was."""

    county: County
    actuals: Actuals
    book: AccountBook
    again: Callable[[], Iterator[list[str]]]
    begun: Begun


def visit_records(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    """The option by which they are named."""
    command.add_argument(
        "--actuals",
        required=required,
        metavar="FILE",
        help="what call monitoring recorded (CSV or a workbook): see data/README.md",
    )


@contextmanager
def read_records(file: str) -> Iterator[tuple[Actuals, Callable[[], Iterator[list[str]]]]]:
    """The records of a CSV file or a workbook, after what was odd about its form has been said; and how they are read anew.

    Raises ``InputRefusedError``.
    """
    from pathlib import Path

    from optimiser.io.actual_files import ACTUALS, MOMENTS, read_actuals
    from optimiser.io.records_again import records_again
    from optimiser.tidying.records_sheet import as_csv

    with as_csv(Path(file), ACTUALS, MOMENTS) as plain:
        actuals, notes = read_actuals(plain)
        say_notes(notes)
        yield actuals, records_again(plain)


def run_on_records(
    options: argparse.Namespace,
    make: Callable[[argparse.Namespace, VisitRecords], tuple[Files, Record]],
    summary: Callable[[Record], Iterable[str]],
    what: str,
    *,
    needs_periods: bool = True,
) -> int:
    """Read, make, write, say. Exit code 0; 2 when something is refused; 4 when the check does not confirm ``what`` was made.

    ``make``: the files, which a check has confirmed, and the record of them; ``needs_periods``: whether it has to be known when
    periods of payment begin.
    """
    from pathlib import Path

    from optimiser.accounting.report import AccountNotConfirmedError
    from optimiser.accounting.story import AccountRefusedError
    from optimiser.county import County
    from optimiser.io.account_files import read_account_book
    from optimiser.io.faults import InputRefusedError

    begun, out = Begun(), Path(options.out)
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED
    try:
        book, notes = read_account_book(Path(options.folder), reading.snapshot, needs_periods=needs_periods)
        say_notes(notes)
        with read_records(options.actuals) as (actuals, again):
            read = VisitRecords(County.of(reading.snapshot), actuals, book, again, begun)
            files, record = make(options, read)
    except InputRefusedError as faults:
        return refused_with(faults)
    except AccountRefusedError as asked:
        for reason in asked.reasons:
            complain(reason)
        return refused(f"{len(asked.reasons)} fault(s) in what was asked for. Nothing was written.")
    except AccountNotConfirmedError as found:
        return defect(f"the check does not confirm {what}, so nothing was written.", found.faults)
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: say_lines((*summary(record), f"Written to {out}, for you alone.")))
    return exits.PROVEN
