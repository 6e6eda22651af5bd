"""``optimiser workbook RESULT FILE.xlsx``: any result as one formatted workbook."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import file_written, is_new_workbook, refused, refused_with, say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 407
SUMMARY = "put the tables of a result into one formatted workbook"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "workbook",
        description="Put a folder of results, of whatever command, into one workbook: a sheet for each table, with filters,"
        " widths and dates that are dates. Text stays text: nothing of the data becomes a formula.",
        example="optimiser workbook out result.xlsx",
        run=run,
        arguments=_arguments,
    )


def _arguments(workbook: argparse.ArgumentParser) -> None:
    workbook.add_argument("result", metavar="RESULT", help="a folder of results")
    workbook.add_argument("out", metavar="FILE", help="a new workbook (.xlsx)")
    as_json(workbook, "what was written")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where the folder is no result or the file is there already."""
    from pathlib import Path

    from optimiser.io.faults import InputRefusedError
    from optimiser.io.result_workbook import result_workbook

    if not is_new_workbook(options.out):
        return exits.REFUSED
    try:
        content = result_workbook(Path(options.result))
    except InputRefusedError as faults:
        return refused_with(faults)
    except OSError as error:
        return refused(f"{options.result} cannot be read: {error.strerror}.")
    if not file_written(options.out, content):
        return exits.REFUSED
    tell(
        options, lambda: {"file": options.out, "result": options.result}, lambda: say(f"Written to {options.out}, for you alone.")
    )
    return exits.PROVEN
