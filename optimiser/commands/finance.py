"""``optimiser finance TODAY --since EARLIER``: what starts, ends and changes in price, for the council's finance system."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, show_values
from optimiser.commands.shared.inputs import read_or_refuse
from optimiser.commands.shared.running import defect
from optimiser.commands.shared.saying import file_written, is_new, refused, say, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimiser.commands.shared.arguments import Commands
    from optimiser.ledger.price_changes import Line

ORDER = 408
SUMMARY = "write what starts, ends and changes in price between two days, for a finance system"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "finance",
        description="Compare a county's folder with that of an earlier day and write a line for each care that has started or"
        " ended, and for each price or number of hours that is another, with the council's own line ids. The lines add up to what"
        " a week of all running care costs more or less.",
        example="optimiser finance today --since yesterday --out finance.csv --line-id our_line_id",
        run=run,
        arguments=_arguments,
    )


def _arguments(finance: argparse.ArgumentParser) -> None:
    finance.add_argument("folder", metavar="TODAY", help="the snapshot folder of the later day")
    finance.add_argument("--since", required=True, metavar="EARLIER", help="the snapshot folder of the earlier day")
    finance.add_argument("--out", required=True, metavar="FILE", help="a new file (.csv)")
    finance.add_argument(
        "--line-id",
        default="",
        metavar="COLUMN",
        help="a column of your own with your line ids, of packages or else of contracts",
    )
    show_values(finance)
    as_json(finance, "how many lines were written, and what they come to")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when a folder is refused, the days do not follow each other, or the file is there already."""

    from optimiser.county import County
    from optimiser.ledger.finance_table import finance_table, holders_of, line_id
    from optimiser.ledger.price_changes import DoNotAddUpError, changes_between

    if not is_new(options.out):
        return exits.REFUSED
    read = [read_or_refuse(folder, show_values=options.show_values) for folder in (options.folder, options.since)]
    now, before = read
    if now is None or before is None:
        return exits.REFUSED
    snapshots = (now.snapshot, before.snapshot)
    if options.line_id and not holders_of(snapshots, options.line_id):
        return refused(f"--line-id: no column {options.line_id!r} of your own in packages or contracts. Nothing was written.")
    try:
        lines = changes_between(County.of(before.snapshot), County.of(now.snapshot))
        content = finance_table(lines, snapshots, options.line_id)
    except DoNotAddUpError as found:
        return defect("the lines do not add up, so nothing was written.", [str(found)])
    except ValueError as error:
        return refused(f"{error}. Nothing was written.")
    if not file_written(options.out, content):
        return exits.REFUSED
    without = sum(not line_id(snapshots, options.line_id, line) for line in lines) if options.line_id else None
    record = _record(lines, options.out, without)
    tell(options, lambda: record, lambda: _say(record))
    return exits.PROVEN


def _record(lines: Sequence[Line], out: str, without: int | None) -> dict[str, Any]:
    from optimiser.domain.words import pounds

    events = {event: sum(line.event == event for line in lines) for event in ("start", "end", "hours", "price")}
    change = pounds(sum(line.change_pence for line in lines))
    return {"file": out, "lines": events, "weekly_change_gbp": change, "lines_without_an_id": without}


def _say(record: dict[str, Any]) -> None:
    told = ", ".join(f"{count} {event}" for event, count in record["lines"].items())
    say(f"Written to {record['file']}, for you alone: {told}. A week costs {record['weekly_change_gbp']} pounds more (less: -).")
    if record["lines_without_an_id"]:
        say(f"Note: {record['lines_without_an_id']} line(s) have no id of yours.")
