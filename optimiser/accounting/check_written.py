"""Tables of an account read as anybody would read them, and held against what the check comes to."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from optimiser.io.spreadsheets import unescaped

Key = tuple[str, ...]
"""What a row is known by: contract, person, date and visit, or whatever else."""
Cells = Mapping[str, str]
"""What stands in a row, by column."""


def rows_of(content: bytes) -> list[dict[str, str]]:
    """A file's rows, without the marks that keep a cell from being taken for a formula."""
    return [
        {name: unescaped(cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(content.decode(), newline=""))
    ]


@cache
def pence_of(pounds: str) -> int:
    """What a cell of pounds says, in pence."""
    return int(pounds.replace(".", ""))


def added(rows: Iterable[Cells], by: Key, column: str = "gbp") -> dict[Key, int]:
    """Pence of a column added up."""
    sums: defaultdict[Key, int] = defaultdict(int)
    for row in rows:
        sums[tuple(row[name] for name in by)] += pence_of(row[column])
    return dict(sums)


def differ(what: str, written: Mapping[Key, int], counted: Mapping[Key, int]) -> list[str]:
    """Sums of pence that are not the same; what neither has is nothing."""
    if written == counted:
        return []
    wrong = {key for key, pence in written.items() if counted.get(key, 0) != pence}
    wrong |= {key for key, pence in counted.items() if written.get(key, 0) != pence}
    return [
        f"{what} {', '.join(key)}: {written.get(key, 0)} pence written, {counted.get(key, 0)} counted" for key in sorted(wrong)
    ]


def rows_differ(file: str, content: bytes, by: Key, expected: Mapping[Key, Cells]) -> Iterator[str]:
    """Rows of a table that are not as they should be, cell by cell; that are there twice, or not at all; or should not be.

    ``by``: the columns that a row is known by.
    """
    seen = set[Key]()
    for row in rows_of(content):
        key = tuple(row[name] for name in by)
        cells = expected.get(key)
        if cells is None or key in seen:
            yield f"{file}, {_words(by, key)}: a line {'that is there already' if cells else 'of which the records tell nothing'}"
            continue
        seen.add(key)
        for name, cell in cells.items():
            if row[name] != cell:
                there = row[name] or "nothing"
                yield f"{file}, {_words(by, key)}, {name}: {there}, where the records come to {cell or 'nothing'}"
    for key in sorted(expected.keys() - seen):
        yield f"{file} leaves out {_words(by, key)}"


def _words(by: Key, key: Key) -> str:
    return " ".join(f"{name.removesuffix('_id')} {cell}" for name, cell in zip(by, key, strict=True))
