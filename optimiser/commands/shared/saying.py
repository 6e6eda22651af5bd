"""What a command says: words and tables for people or a record for programs on the output, refusals on the error stream, and its
folder or file: refused before the work where it is taken, written whole after it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from optimiser import exits

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console
    from rich.table import Table

    from optimiser.io.faults import InputRefusedError


def say(text: str) -> None:
    """A line on the output, without anything that could steer a terminal."""
    from optimiser.io.faults import clean

    print(clean(text))


def say_lines(lines: Iterable[str]) -> None:
    """Several."""
    for each in lines:
        say(each)


def complain(text: str) -> None:
    """The same on the error stream."""
    from optimiser.io.faults import clean

    print(clean(text), file=sys.stderr)


def refused(why: str) -> int:
    """Say why nothing was done; the exit code of that."""
    complain(f"Refused: {why}")
    return exits.REFUSED


def refused_with(
    faults: InputRefusedError, what: str = "Nothing was written.", *, of: str = "", show_values: bool = False
) -> int:
    """Every fault, a line each, and how many there are (``of``: of what); values of people only where that is asked for."""
    for fault in faults.faults:
        print(fault.message(show_values=show_values), file=sys.stderr)
    return refused(f"{len(faults.faults)} fault(s){of and f' in {of}'}. {what}".rstrip())


def tell(options: argparse.Namespace, record: Callable[[], Any], words: Callable[[], None]) -> None:
    """The record as JSON and nothing else on the output where ``--json`` asks for that; else what people read."""
    if options.json:
        print_json(record())
    else:
        words()


def print_json(record: Any) -> None:
    """In characters that any terminal takes as they are."""
    import json

    print(json.dumps(record, indent=2))


def is_free(folder: Path, *, replace: bool) -> bool:
    """Whether results may go into a folder; if not, why has been said."""
    from optimiser.io.folders import FolderTakenError, refuse_taken, take_away_left

    told_left(take_away_left(folder.absolute().parent))
    try:
        refuse_taken(folder, replace=replace)
    except FolderTakenError as taken:
        refused(str(taken))
        return False
    return True


def told_left(names: Iterable[str]) -> None:
    """Say what was taken away that a run which was killed had left, if anything was."""
    if found := ", ".join(names):
        complain(f"Taken away, since a run that was killed had left it: {found}.")


def written(folder: Path, files: Mapping[str, bytes], *, replace: bool) -> bool:
    """Write a folder; False where nothing could be written, after why has been said."""
    from optimiser.io.folders import FolderTakenError, write_folder

    try:
        told_left(write_folder(folder, files, replace=replace))
    except (FolderTakenError, OSError) as error:
        complain(f"Could not write {folder}: {error}. Nothing was written.")
        return False
    return True


def is_new(file: str) -> bool:
    """Whether nothing of this name is there yet; if there is, that has been said."""
    from pathlib import Path

    if Path(file).exists():
        refused(f"{file} exists already. Nothing was written.")
        return False
    return True


def is_new_workbook(file: str, *, option: str = "") -> bool:
    """Whether a workbook of this name can be new; if not, why has been said. ``option``: by which it was named."""
    from pathlib import Path

    if Path(file).suffix.lower() == ".xlsx" and not Path(file).exists():
        return True
    refused(f"{option and f'{option}: '}expected a new file that ends in .xlsx; found {file!r}. Nothing was written.")
    return False


def file_written(file: str, content: bytes) -> bool:
    """Write a new file that its owner alone reads; False where it could not be written, after why has been said."""
    from pathlib import Path

    from optimiser.io.folders import write_file

    try:
        write_file(Path(file), content)
    except OSError as error:
        refused(f"{file} cannot be written: {error.strerror}.")
        return False
    return True


LOG_WIDTH = 150
"""How wide a table may be where nobody tells: enough for every column."""


def console() -> Console:
    """Where tables are printed."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else LOG_WIDTH, highlight=False)


def table(title: str, *columns: str, left: int = 1, wrap: bool = False) -> Table:
    """A table whose first ``left`` columns are text and whose others are figures; ``wrap``: they may take several lines."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(columns):
        made.add_column(column, justify="left" if index < left else "right", no_wrap=index >= left and not wrap)
    return made


def print_table(made: Table) -> None:
    console().print(made)
