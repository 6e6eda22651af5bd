"""``--into FILE.xlsx``: every fault written back, cell by cell."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from optimiser.commands.shared.saying import complain, is_new_workbook

if TYPE_CHECKING:
    from optimiser.io.faults import InputRefusedError
    from optimiser.tidying.sheets import Sheet


def into(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--into",
        metavar="FILE.xlsx",
        help="where there are faults, write a new workbook with every wrong cell marked and what is wrong with it",
    )


def is_new(file: str | None) -> bool:
    """Whether such a workbook can be written there, if one is asked for; if not, why has been said."""
    return file is None or is_new_workbook(file, option="--into")


def write_into(file: str | None, refusal: InputRefusedError, sheets: Callable[[], list[Sheet]], *, show_values: bool) -> None:
    """Write the workbook, if one is asked for, and say so."""
    from pathlib import Path

    if file is None:
        return
    from optimiser.io.folders import write_file
    from optimiser.tidying.marking import marked

    try:
        write_file(Path(file), marked(sheets(), refusal.each, show_values=show_values))
    except OSError as error:
        complain(f"Could not write {file}: {error.strerror}.")
    else:
        complain(f"Every fault stands in {file}, at its cell. It holds what was handed over: only you may read it.")
