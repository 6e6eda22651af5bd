"""Records of visits read anew for a check: what is in the file, and nothing that was made of it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from optimiser.io.headings import is_separator_line


def records_again(file: Path) -> Callable[[], Iterator[list[str]]]:
    """Reads the headings, then the cells of each record from the first one on, each time that it is called."""

    def read() -> Iterator[list[str]]:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            records = csv.reader(lines)
            titles = next(records)
            if is_separator_line(",".join(titles)):
                titles = next(records)
            yield titles
            for cells in records:
                if any(map(str.strip, cells)):
                    yield cells

    return read
