"""The summary of the nights of many counties: ``result.json``, ``summary.csv`` and ``summary.html``, equal byte for byte for the
same reports, however many were worked on at once and whichever ended first. How long it took stands in ``run.json`` alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from optimiser.domain.words import percent_in_short
from optimiser.io.folders import page_of, pretty
from optimiser.io.result_head import versions
from optimiser.io.spreadsheets import spreadsheet
from optimiser.nightly.counties.county_endings import IN_SHORT, WELL, Ending, worst_of
from optimiser.nightly.counties.county_rows import COUNTY_COLUMNS, Row, added_up


def summary_record(rows: Sequence[Row], endings: Mapping[str, Ending]) -> dict[str, Any]:
    """What ``result.json`` holds. ``rows``: by county, in the order of their names; ``endings``: by county."""
    ended = Counter(row["ended"] for row in rows)
    return {
        **versions(),
        "exit_code": worst_of(endings.values()),
        "ended": {word: ended[word] for word in IN_SHORT if ended[word]},
        "all": added_up(rows),
        "counties": [{**row, "said": endings[row["county"]].in_words()} for row in rows],
    }


def summary_files(record: Mapping[str, Any], run: dict[str, Any]) -> dict[str, bytes]:
    """The files by name. ``run``: what ``run.json`` says."""
    return {
        "summary.csv": spreadsheet(COUNTY_COLUMNS, [_cells(row) for row in record["counties"]]),
        "result.json": pretty(dict(record)),
        "summary.html": summary_page(record),
        "run.json": pretty(run),
    }


def summary_page(record: Mapping[str, Any]) -> bytes:
    """``summary.html``: what went wrong first, then a row for each county that leads to its report."""
    shown = {
        **record,
        "short": IN_SHORT,
        "wrong": [row for row in record["counties"] if row["ended"] not in WELL],
    }
    return page_of("optimiser.nightly.counties", "summary.html.j2", shown, percent=percent_in_short, link=_link)


def _cells(row: Mapping[str, Any]) -> dict[str, object]:
    """A row as a table has it: nothing where nothing is known, and yes and no as all tables say them."""
    return {name: "" if row[name] is None else row[name] for name in COUNTY_COLUMNS} | {
        "complete": "" if row["complete"] is None else str(row["complete"]).lower()
    }


def _link(report: str) -> str:
    """From the summary to a report beside it."""
    return f"../{quote(report)}/nightly.html"
