"""The independent check of an account finds whatever is out of place: a mistake of the accounting, a cell, a line."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimiser.accounting import (
    enhanced_hours,
    guarantee_use,
    incentives,
    increments,
    merging,
    not_made,
    statement_lines,
    statements,
)
from optimiser.accounting.check import Closed, check_account
from optimiser.accounting.report import AccountNotConfirmedError
from optimiser.domain.accounts import Period
from tests.accounting.drawn_accounts import accounted, drawn, drawn_county
from tests.making import days
from tests.making.actual_records import COLUMNS, PERIOD, Row, close, table

SECOND = Period(days(28))


def off_by(count: int) -> Callable[[Any], Any]:
    """A function of ours whose every figure is off by so much."""
    return lambda function: lambda *given, **named: function(*given, **named) + count


def instead(answer: Any) -> Callable[[Any], Any]:
    """A function of ours that always says the same."""
    return lambda _: lambda *_given: answer


@pytest.mark.parametrize(
    ("room", "name", "spoil"),
    [
        (statement_lines, "pence_of", off_by(1)),
        (statement_lines, "in_increments", off_by(60)),
        (not_made, "pence_of_share", off_by(1)),
        (statements, "whole_half_up", off_by(-1)),
        (merging, "_own_time", lambda _: lambda arrived, left, _group: left - arrived),
        (statement_lines, "_allowed", lambda _: lambda _case, groups, _overrun: (groups.seconds, np.zeros_like(groups.seconds))),
        (incentives, "amount_for", instead(None)),
        (incentives, "_in_place_before", instead(True)),
        (statement_lines, "not_made", instead([])),
        (statements, "commissioned_minutes", instead({})),
        (guarantee_use, "_in_period", off_by(60)),
        (guarantee_use, "_passed_by", instead(([], []))),
        (guarantee_use, "_commissioned", lambda whole: lambda *given: whole(*given)[::-1]),
        (enhanced_hours, "began_at", instead(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))),
        (enhanced_hours, "_arrived", instead(2**40)),
        (increments, "pence_of", off_by(1)),
    ],
)
def test_the_check_finds_a_mistake_of_the_accounting(
    room: Any, name: str, spoil: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(3)
    here, rows = drawn_county(dice), drawn(dice, 150)
    monkeypatch.setattr(room, name, spoil(getattr(room, name)))
    with pytest.raises(AccountNotConfirmedError):
        accounted(here, rows, tmp_path)


def again(rows: list[Row]) -> Any:
    """Reads the records as they stand in their file."""
    cells = [list(COLUMNS), *([str(row.get(name, "")) for name in COLUMNS] for row in rows)]
    return lambda: iter(cells)


TABLES = {
    "guarantee-use.csv": ("contract_id",),
    "delivered-shares.csv": ("area_id",),
    "enhanced-hours.csv": ("contract_id",),
    "incentives-earned.csv": ("package_id",),
    "increments.csv": ("by", "group"),
    "short-visits.csv": ("kind", "rurality", "why"),
    "statement-days.csv": ("contract_id", "date", "band"),
}
"""By which columns a line of each is known."""


def test_the_check_tells_each_figure_that_is_out_of_place(tmp_path: Path) -> None:
    """Every cell that is changed, by the line that it is in, as it is and as it should be; a line that is not there, and one that
    is there twice.
    """
    dice = random.Random(3)
    here, rows = drawn_county(dice), drawn(dice, 150)
    told, files = accounted(here, rows, tmp_path)
    check = partial(
        check_account,
        county=told.case.county,
        rows=again(rows),
        book=told.case.book,
        period=PERIOD,
        charged_from=here.charged_from,
    )
    assert check(files)[0] == []
    for name, by in TABLES.items():
        lines = table(files, name)
        columns = sorted(lines[0].keys() - set(by))
        spoiled = files[name]
        for number, column in product(range(len(lines)), columns):
            spoiled = _spoiled(spoiled, number + 1, column)
        faults = check(files | {name: spoiled})[0]
        for row, column in product(lines, columns):
            key = " ".join(f"{each.removesuffix('_id')} {row[each]}" for each in by)
            there, due = _changed(row[column]), row[column] or "nothing"
            assert f"{name}, {key}, {column}: {there}, where the records come to {due}" in faults
        assert len(faults) == len(lines) * len(columns)
        first, *others = files[name].decode().splitlines()
        key = " ".join(f"{each.removesuffix('_id')} {lines[0][each]}" for each in by)
        gone, twice = ("\n".join([first, *some]).encode() for some in (others[1:], [*others, others[0]]))
        assert f"{name} leaves out {key}" in check(files | {name: gone})[0]
        assert f"{name}, {key}: a line that is there already" in check(files | {name: twice})[0]


def test_the_check_finds_a_penny_wherever_it_is_out_of_place(tmp_path: Path) -> None:
    """Of each column every cell is changed: each is told, by what it is a cell of."""
    dice = random.Random(7)
    here, rows = drawn_county(dice), drawn(dice)
    first, _ = accounted(here, rows, tmp_path)
    rows += [rows[0] | {"actual_id": "C1", "corrects": rows[0]["actual_id"], "outcome": "withdrawn"}]
    rows += drawn(dice, 30, first=500)
    told, files = accounted(here, rows, tmp_path, period=SECOND, closed=[close(first)])
    one = close(first)
    before = [Closed(one.period, one.own_pence, one.adjusted_pence)]
    check = partial(
        check_account, county=told.case.county, rows=again(rows), book=told.case.book, period=SECOND, closed=before,
        charged_from=here.charged_from,
    )  # fmt: skip
    assert check(files)[0] == []
    columns = {
        "statements.csv": [
            "visits_gbp", "guarantee_floor_gbp", "guarantee_adds_gbp", "incentives_gbp", "adjustments_gbp", "total_gbp",
            "delivered_hours", "billed_hours", "lines", "retainers_gbp", "late_cancellations_gbp", "guarantee_used_gbp",
            "commissioned_hours", "provider_id", "tier", "area_id", "period_starts", "period_ends", "can_be_closed",
            "unknown_terms",
        ],
        "statement-lines.csv": ["gbp", "minutes", "counted_minutes", "why"], "adjustments.csv": ["adjustment_gbp"],
    }  # fmt: skip
    said: dict[str, Callable[[Row, str], list[str]]] = {
        "statements.csv": lambda row, column: [f"contract {row['contract_id']}", column],
        "statement-lines.csv": lambda row, column: (
            [f"contract {row['contract_id']}, why {row['why']}:"]
            if column == "why"
            else [f"visit {row['contract_id']}, {row['package_id']}, {row['date']}, {row['visit']}:"]
        ),
        "adjustments.csv": lambda row, _: [f"adjustment {row['contract_id']}, {row['period_starts']}:"],
    }
    cells = 0
    for name, of_table in columns.items():
        lines = table(files, name)
        for column in of_table:
            content = files[name]
            for number in range(len(lines)):
                content = _spoiled(content, number + 1, column)
            faults = check(files | {name: content})[0]
            for row in lines:
                words = said[name](row, column)
                assert any(all(word in fault for word in words) for fault in faults), (words, faults)
            cells += len(lines)
    assert cells > 80


def _spoiled(content: bytes, line: int, column: str) -> bytes:
    """A file with one cell changed."""
    lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    at_ = lines[0].index(column)
    lines[line][at_] = _changed(lines[line][at_])
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(lines)
    return written.getvalue().encode()


def _changed(cell: str) -> str:
    """A figure a penny, a hundredth of an hour or a line higher; a word with a letter more; where there is nothing, one."""
    try:
        return str(int(cell) + 1) if "." not in cell else str(Decimal(cell) + Decimal("0.01"))
    except (ValueError, InvalidOperation):
        return f"{cell}X" if cell else "1"
