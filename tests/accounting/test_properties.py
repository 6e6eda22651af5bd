"""What holds of any records: splitting one or shuffling them changes nothing, statements and adjustments come to what the records
do.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from optimiser.accounting import paying
from optimiser.accounting.adjustments import ClosedAccount
from optimiser.domain.accounts import Period
from tests.accounting.drawn_accounts import accounted, corrected, drawn, drawn_county
from tests.making import days
from tests.making.actual_records import PERIOD, Row, close, table

SECOND, THIRD = Period(days(28)), Period(days(56))


@pytest.mark.parametrize("seed", range(12))
def test_shuffled_records_give_the_same_bytes_and_the_check_confirms_them(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    here, rows = drawn_county(dice), drawn(dice)
    _, files = accounted(here, rows, tmp_path)
    dice.shuffle(rows)
    assert accounted(here, rows, tmp_path)[1] == files
    assert len(table(files, "statement-lines.csv")) > 10


@pytest.mark.parametrize("seed", range(12))
def test_splitting_a_record_changes_nothing(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    here, rows = drawn_county(dice), drawn(dice)
    whole = _without_ids(accounted(here, rows, tmp_path)[1])
    split, cut = list[Row](), 0
    for row in rows:
        arrived, left = (dt.datetime.fromisoformat(row[name]) if row.get(name) else None for name in ("arrived", "left"))
        if arrived is None or left is None or not dt.timedelta(minutes=2) < left - arrived < dt.timedelta(hours=16):
            split.append(row)
            continue
        between = (arrived + dt.timedelta(seconds=dice.randrange(1, int((left - arrived).total_seconds())))).isoformat()
        split += [row | {"left": between}, row | {"arrived": between, "actual_id": f"{row['actual_id']}-2"}]
        cut += 1
    assert cut > 10
    assert _without_ids(accounted(here, split, tmp_path)[1]) == whole


def _without_ids(files: dict[str, bytes]) -> object:
    lines = [{name: cell for name, cell in row.items() if name != "actual_ids"} for row in table(files, "statement-lines.csv")]
    told_by_record = ("statement-lines.csv", "odd-records.csv", "account.json")
    return lines, {name: content for name, content in files.items() if name not in told_by_record}


@pytest.mark.parametrize("seed", range(5))
def test_statements_and_adjustments_come_to_the_recomputation_of_all(seed: int, tmp_path: Path) -> None:
    """Two periods are closed one after the other, each before corrections and late records come in."""
    dice = random.Random(seed)
    here, rows = drawn_county(dice), drawn(dice)
    closed, stated = list[ClosedAccount](), 0
    for number, period in enumerate((PERIOD, SECOND, THIRD), start=1):
        account, _ = accounted(here, rows, tmp_path, period=period, closed=closed)
        stated += account.total_pence
        closed.append(close(account))
        if period != THIRD:
            rows = [*rows, *drawn(dice, 8, first=100 * number), *corrected(dice, rows, 12, number)]
    again = sum(
        sum(each.own_pence for each in accounted(here, rows, tmp_path, period=period)[0].statements)
        for period in (PERIOD, SECOND, THIRD)
    )
    assert stated == again
    assert closed[1].adjusted_pence


def test_a_year_is_the_same_to_the_byte_and_comes_to_what_its_records_do(tmp_path: Path) -> None:
    """Thirteen periods are closed one after the other; after each come records that are late, and corrections of any before it.

    Every file of every period is made anew from other rows: the same to the byte. Whatever was stated of a contract's period then
    or later is what it comes to by all that is known in the end.
    """
    dice = random.Random(13)
    here, year = drawn_county(dice), [Period(days(28 * number)) for number in range(13)]
    rows = drawn(dice, 130, dates=range(365 - 1))
    closed, stated = list[ClosedAccount](), defaultdict[tuple[str, Period], int](int)
    for number, period in enumerate(year, start=1):
        account, files = accounted(here, rows, tmp_path, period=period, closed=closed)
        assert accounted(here, dice.sample(rows, len(rows)), tmp_path, period=period, closed=closed[::-1])[1] == files
        closed.append(close(account))
        for contract_id, pence in closed[-1].own_pence.items():
            stated[contract_id, period] += pence
        for key, pence in closed[-1].adjusted_pence.items():
            stated[key] += pence
        if number < len(year):
            rows = [*rows, *drawn(dice, 3, 1000 * number, range(28 * number)), *corrected(dice, rows, 4, number)]
    assert sum(bool(each.adjusted_pence) for each in closed) > 6
    now = [close(accounted(here, rows, tmp_path, period=period)[0]) for period in year]
    due = {(contract_id, each.period): pence for each in now for contract_id, pence in each.own_pence.items()}
    assert {key: pence for key, pence in stated.items() if pence} == {key: pence for key, pence in due.items() if pence}
    assert len(due) > 40


def test_half_a_penny_is_a_penny() -> None:
    """30 seconds at £1.20 an hour are one penny; 15 seconds are half of one, and count as one."""
    pence = paying.pence_of(np.array([30, 15, 14]), np.array([120, 120, 120]))
    assert pence.tolist() == [1, 1, 0]
