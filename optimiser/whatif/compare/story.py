"""The county and its scenarios, allocated one after the other, as one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optimiser.allocating.story import Allocation, allocate
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.who_comes_last import who_comes_last
from optimiser.io.folders import page_of
from optimiser.io.result_head import versions
from optimiser.io.spreadsheets import spreadsheet_of_lines
from optimiser.solving.outcome import Effort, Progress
from optimiser.whatif.compare.indicators import Indicator, indicators
from optimiser.whatif.compare.problem import Scenario, applied
from optimiser.whatif.compare.visits_paid import RecordedVisits, paid

UNCHANGED = "as it is"


@dataclass(frozen=True)
class Column:
    """One county of the table."""

    title: str
    as_of: dt.date
    digest: str
    indicators: tuple[Indicator, ...]
    all_proven: bool
    who_comes_last: dict[str, list[dict[str, Any]]]
    """As ``result.json`` has it."""


@dataclass(frozen=True)
class Table:
    """The unchanged county first. ``complete`` False: somebody ended it early."""

    snapshot: Snapshot
    columns: tuple[Column, ...]
    complete: bool

    @property
    def all_proven(self) -> bool:
        return all(column.all_proven for column in self.columns)

    def rows(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Per indicator: name, unit, and its value in every column."""
        return [
            (each.name, each.unit, tuple(column.indicators[number].value for column in self.columns))
            for number, each in enumerate(self.columns[0].indicators)
        ]


def compare(
    snapshot: Snapshot,
    scenarios: Sequence[Scenario],
    effort: Effort,
    report: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    visits: RecordedVisits | None = None,
) -> Table:
    """Allocate the county and every scenario of it; each plan is verified before a figure of it is told.

    ``visits``: recorded ones, of which it is told as well what they come to; raises then what ``visits_paid.paid`` does.
    """
    columns, planned = list[Column](), dict[str, Allocation]()
    for scenario in (None, *scenarios):
        county = snapshot if scenario is None else applied(snapshot, scenario)
        digest = county.digest()
        allocation = planned.get(digest) or allocate(county, effort=effort, report=report, should_stop=should_stop)
        if not planned:
            planned[digest] = allocation  # other terms of billing change no plan
        figures = indicators(allocation) + ([] if visits is None else paid(allocation.county, visits, scenario))
        title = UNCHANGED if scenario is None else scenario.title
        groups = who_comes_last(allocation.county, allocation.outcome)
        columns.append(Column(title, county.as_of, digest, tuple(figures), allocation.all_proven, groups))
        if allocation.stopped == "cancelled":
            return Table(snapshot, tuple(columns), complete=False)
    return Table(snapshot, tuple(columns), complete=True)


def table_csv(table: Table) -> bytes:
    """``compare.csv``: a line per indicator, a column per county."""
    header = ["indicator", "unit", *(column.title for column in table.columns)]
    return spreadsheet_of_lines(header, ([name, unit, *values] for name, unit, values in table.rows()))


def table_record(table: Table) -> dict[str, Any]:
    """``compare.json``."""
    return {
        **versions(),
        "as_of": str(table.snapshot.as_of),
        "complete": table.complete,
        "counties": [
            {
                "title": column.title,
                "as_of": str(column.as_of),
                "digest": column.digest,
                "proven": column.all_proven,
                "who_comes_last": column.who_comes_last,
            }
            for column in table.columns
        ],
        "indicators": [{"name": name, "unit": unit, "values": list(values)} for name, unit, values in table.rows()],
    }


def table_page(table: Table, record: Mapping[str, Any]) -> bytes:
    """The page: one offline file. ``record``: what ``table_record`` says."""
    return page_of("optimiser.whatif.compare", "compare.html.j2", {**record, "scenarios": len(table.columns) - 1})
