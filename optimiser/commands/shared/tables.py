"""Tables on a terminal or in a log."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

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
