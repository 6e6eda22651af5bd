"""How the county differs from a folder, as its page shows it: table by table, each with what would be written and what stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.imports.schemas import Synced, TableSynced, Touched
from api.pages.page_words import dates_in_words, day_in_words, in_plain


@dataclass(frozen=True)
class TableRow:
    """A table, in counts."""

    name: str
    added: int
    changed: int
    ended: int
    missing: int
    untouched: int


@dataclass(frozen=True)
class DifferencesBoard:
    """``lists``: per table and kind of difference its heading and lines; ``notes``: what is odd, and accepted."""

    writes: bool
    rows: list[TableRow]
    lists: list[tuple[str, list[str]]]
    settings: list[str]
    notes: list[str]
    days: str


def differences_board(found: Synced) -> DifferencesBoard:
    """The board of what a trial has found."""
    rows = [
        TableRow(
            in_plain(each.table).capitalize(),
            len(each.added),
            len(each.changed),
            len(each.ended),
            len(each.missing),
            each.untouched,
        )
        for each in found.tables
    ]
    return DifferencesBoard(
        writes=found.writes,
        rows=rows,
        lists=[each for table in found.tables for each in _lists(table)],
        settings=[in_plain(each) for each in found.settings],
        notes=[dates_in_words(each) for each in found.notes],
        days=f"The folder is of {day_in_words(str(found.as_of))}; the service goes by {day_in_words(str(found.today))}.",
    )


def _lists(table: TableSynced) -> Iterable[tuple[str, list[str]]]:
    name = in_plain(table.table)
    told = (
        ("added", list(table.added)),
        ("changed", _touched(table.changed)),
        ("ended", _touched(table.ended)),
        ("removed", list(table.removed)),
        ("not in the folder, left as they are", list(table.missing)),
        ("kept as the service has them", _touched(table.kept)),
    )
    return [(f"{name}: {len(lines):,} {what}", [dates_in_words(line) for line in lines]) for what, lines in told if lines]


def _touched(records: Iterable[Touched]) -> list[str]:
    return [f"{each.id}: {', '.join(in_plain(column) for column in each.columns)}".removesuffix(": ") for each in records]
