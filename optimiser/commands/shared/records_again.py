"""Records of visits read anew for a check: what is in the file, and nothing that was made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


def records_again(file: Path) -> Callable[[], Iterator[Mapping[str, str]]]:
    """Reads them from the first one on, each time that it is called."""

    def read() -> Iterator[Mapping[str, str]]:
        import csv

        from optimiser.io.headings import is_separator_line

        with file.open(encoding="utf-8-sig", newline="") as lines:
            records = csv.reader(lines)
            titles = next(records)
            if is_separator_line(",".join(titles)):
                titles = next(records)
            for cells in records:
                if any(map(str.strip, cells)):
                    yield dict(zip(titles, cells, strict=False))

    return read
