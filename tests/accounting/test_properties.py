"""What holds of any records: splitting one or shuffling them changes nothing, statements and adjustments come to what the records
do, and the check finds a penny that is out of place.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimiser.accounting import incentives, merging, not_made, paying, statement_lines, statements
from optimiser.accounting.adjustments import ClosedAccount
from optimiser.accounting.check import Closed, check_account
from optimiser.accounting.report import AccountNotConfirmedError
from optimiser.domain.accounts import IncentiveAmount, IncentivePeriod, Period, Terms
from optimiser.domain.actuals import OUTCOMES, WHO
from optimiser.domain.snapshot import Snapshot
from tests import making
from tests.accounting.elm import person
from tests.making import at, days, framework, principal, rate, snapshot
from tests.making.actual_records import COLUMNS, PERIOD, Row, close, made, record, table
from tests.making.weeks import visit

AMOUNTS = [IncentiveAmount(None, None, workers, Fraction(0), Fraction(48), 10001) for workers in (1, 2)]
PERIODS = [IncentivePeriod(days(-30), days(90), "winter")]
SECOND, THIRD = Period(days(28)), Period(days(56))


def drawn_county(dice: random.Random) -> Snapshot:
    """Six people with three contracts, one of which takes over from another in the second week, and one with a guarantee."""
    contracts = [
        principal("ELM", max_hours_4w=Fraction(20), guarantee=Fraction(4, 5), rates_pence=(2317, 2499, 2755)),
        framework("OAK", ends=days(9), rates_pence=(2533, 2533, 2611)),
    ]
    contracts.append(making.following(contracts[1], "F-OAK-2", days(9), rates_pence=(2601, 2601, 2777)))
    people, visits = [], []
    for at_ in range(6):
        workers = 1 + (at_ % 3 == 0)
        name, place = f"P{at_}", at(dice.choice((500, 7000, 12000)))
        requested = dt.datetime.combine(days(dice.randrange(-3, 3)), dt.time(dice.randrange(24)))
        people.append(
            person(
                name,
                dice.choice(("P-ELM", "F-OAK", "F-OAK-2")),
                place=place,
                workers=workers,
                requested_at=dice.choice((None, requested, requested)),
                source=dice.choice(("acute_hospital", "reablement", "community")),
            )
        )
        visits += [visit(f"V{at_}{each}", name, duration_minutes=dice.choice((15, 30, 45)), workers=workers) for each in range(2)]
    return snapshot(people, contracts, visits=visits, rates=[rate("P-ELM", days(5), 2401, 2502, 2803)])


def drawn_terms(dice: random.Random) -> list[Terms]:
    return [
        Terms(
            name, starts, dice.choice((5, 15)), dice.choice(("nearest", "up", "down")), dice.choice((True, False)),
            dice.choice((None, Fraction(1, 3), Fraction(1))), dice.choice((0, 2)), Fraction(1, 2),
        )
        for name in ("P-ELM", "F-OAK", "F-OAK-2")
        for starts in (None, days(4))
    ]  # fmt: skip


def drawn(dice: random.Random, count: int = 40, first: int = 0) -> list[Row]:
    """Records of all kinds: odd ones, doubles, unnamed visits, some of the second period."""
    rows = []
    for number in range(first, first + count):
        who = dice.randrange(7)  # there is no P6
        day = days(dice.choice((*range(8), 9, 10, 30, 31)))
        begins = dice.randrange(6 * 60, 22 * 60)
        ends = begins + dice.choice((-5, 0, 7, 12, 22, 30, 38, 46, 61))
        times = "-".join(f"{minute // 60:02}:{minute % 60:02}:{dice.choice((0, 0, 30)):02}" for minute in (begins, max(0, ends)))
        outcome = dice.choice(("delivered", "delivered", "delivered", "delivered", *OUTCOMES[:-1]))
        came = outcome in OUTCOMES[:2]
        row = record(
            f"R{number}", times if came and dice.random() < 0.95 else "", date=day, package_id=f"P{who}",
            visit_id=dice.choice((f"V{who}0", f"V{who}1", "")), outcome=outcome, workers=dice.choice((1, 1, 2)),
            worker_keys=dice.choice(("", "a", "b", "a;b")), who=dice.choice(("", *WHO)),
            planned_minutes=dice.choice(("", 15, 30, 45)), planned_start=f"{day}T{dice.choice(('08:00', '17:30'))}",
        )  # fmt: skip
        rows.append(row | ({"contract_id": "P-ELM"} if dice.random() < 0.1 else {}))
        if dice.random() < 0.2:
            rows.append(row | {"actual_id": f"D{number}"})
    return rows


def accounted(snapshot: Snapshot, rows: list[Row], folder: Path, lines: list[Terms], **given: Any) -> Any:
    return made(snapshot, rows, folder, *lines, amounts=AMOUNTS, periods=PERIODS, **given)


@pytest.mark.parametrize("seed", range(12))
def test_shuffled_records_give_the_same_bytes_and_the_check_confirms_them(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    here, lines, rows = drawn_county(dice), drawn_terms(dice), drawn(dice)
    _, files = accounted(here, rows, tmp_path, lines)
    dice.shuffle(rows)
    assert accounted(here, rows, tmp_path, lines)[1] == files
    assert len(table(files, "statement-lines.csv")) > 10


@pytest.mark.parametrize("seed", range(12))
def test_splitting_a_record_changes_nothing(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    here, lines, rows = drawn_county(dice), drawn_terms(dice), drawn(dice)
    whole = _without_ids(accounted(here, rows, tmp_path, lines)[1])
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
    assert _without_ids(accounted(here, split, tmp_path, lines)[1]) == whole


def _without_ids(files: dict[str, bytes]) -> object:
    lines = [{name: cell for name, cell in row.items() if name != "actual_ids"} for row in table(files, "statement-lines.csv")]
    return lines, [files[name] for name in ("statements.csv", "statement-days.csv", "incentives-earned.csv")]


@pytest.mark.parametrize("seed", range(8))
def test_statements_and_adjustments_come_to_the_recomputation_of_all(seed: int, tmp_path: Path) -> None:
    """Two periods are closed one after the other, each before corrections and late records come in."""
    dice = random.Random(seed)
    here, lines, rows = drawn_county(dice), drawn_terms(dice), drawn(dice)
    closed, stated = list[ClosedAccount](), 0
    for number, period in enumerate((PERIOD, SECOND, THIRD), start=1):
        account, _ = accounted(here, rows, tmp_path, lines, period=period, closed=closed)
        stated += account.total_pence
        closed.append(close(account))
        if period != THIRD:
            late = drawn(dice, 8, first=100 * number)
            corrected = dice.sample([row for row in rows if "corrects" not in row], 12)
            own = {row["actual_id"] for row in rows if row.get("corrects")}
            corrections = [
                row | {"actual_id": f"C{number}{row['actual_id']}", "corrects": row["actual_id"]} | _changed(dice)
                for row in corrected
                if not any(other.get("corrects") == row["actual_id"] for other in rows) and row["actual_id"] not in own
            ]
            rows = [*rows, *late, *corrections]
    again = sum(
        sum(each.own_pence for each in accounted(here, rows, tmp_path, lines, period=period)[0].statements)
        for period in (PERIOD, SECOND, THIRD)
    )
    assert stated == again
    assert closed[1].adjusted_pence


def _changed(dice: random.Random) -> Row:
    return dice.choice(({"outcome": "withdrawn"}, {"outcome": "missed", "arrived": "", "left": ""}, {"planned_minutes": 15}))


def off_by(count: int) -> Callable[[Any], Any]:
    """A function of ours whose every figure is off by so much."""
    return lambda function: lambda *given, **named: function(*given, **named) + count


@pytest.mark.parametrize(
    ("room", "name", "spoil"),
    [
        (statement_lines, "pence_of", off_by(1)),
        (statement_lines, "in_increments", off_by(60)),
        (not_made, "pence_of_share", off_by(1)),
        (statements, "whole_half_up", off_by(-1)),
        (merging, "_own_time", lambda _: lambda arrived, left, _group: left - arrived),
        (statement_lines, "_allowed", lambda _: lambda _case, groups, _overrun: (groups.seconds, np.zeros_like(groups.seconds))),
        (incentives, "amount_for", lambda _: lambda *_given: None),
        (statement_lines, "not_made", lambda _: lambda *_given: []),
    ],
)
def test_the_check_finds_a_mistake_of_the_accounting(
    room: Any, name: str, spoil: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(8)
    here, lines, rows = drawn_county(dice), drawn_terms(dice), drawn(dice, 150)
    assert accounted(here, rows, tmp_path, lines)[0].incentives
    monkeypatch.setattr(room, name, spoil(getattr(room, name)))
    with pytest.raises(AccountNotConfirmedError):
        accounted(here, rows, tmp_path, lines)


def test_the_check_finds_a_penny_wherever_it_is_out_of_place(tmp_path: Path) -> None:
    dice = random.Random(7)
    here, lines, rows = drawn_county(dice), drawn_terms(dice), drawn(dice)
    first, _ = accounted(here, rows, tmp_path, lines)
    rows += [rows[0] | {"actual_id": "C1", "corrects": rows[0]["actual_id"], "outcome": "withdrawn"}]
    rows += drawn(dice, 30, first=500)
    told, files = accounted(here, rows, tmp_path, lines, period=SECOND, closed=[close(first)])
    case = told.case
    plain = [
        (name, number, column)
        for name, columns in {
            "statements.csv": [
                "visits_gbp", "guarantee_floor_gbp", "guarantee_adds_gbp", "incentives_gbp", "adjustments_gbp", "total_gbp",
                "delivered_hours", "billed_hours", "lines", "retainers_gbp", "late_cancellations_gbp",
            ],
            "statement-lines.csv": ["gbp"], "statement-days.csv": ["gbp"], "adjustments.csv": ["adjustment_gbp"],
        }.items()
        for number in range(len(table(files, name)))
        for column in columns
    ]  # fmt: skip
    assert len(plain) > 40
    one = close(first)
    before = [Closed(one.period, one.own_pence, one.adjusted_pence)]
    again = [list(COLUMNS), *([str(row.get(name, "")) for name in COLUMNS] for row in rows)]
    assert check_account(files, case.county, lambda: iter(again), case.book, SECOND, before)[0] == []
    for name, number, column in plain:
        spoiled = files | {name: _one_more(files[name], number + 1, column)}
        assert check_account(spoiled, case.county, lambda: iter(again), case.book, SECOND, before)[0], (name, number, column)


def _one_more(content: bytes, line: int, column: str) -> bytes:
    """A file with one figure a penny, a hundredth of an hour or a line higher."""
    lines = [row.split(",") for row in content.decode().splitlines()]
    at_ = lines[0].index(column)
    cell = lines[line][at_]
    lines[line][at_] = str(int(cell) + 1) if "." not in cell else str(Decimal(cell) + Decimal("0.01"))
    return ("\n".join(map(",".join, lines)) + "\n").encode()


def test_half_a_penny_is_a_penny() -> None:
    """30 seconds at £1.20 an hour are one penny; 15 seconds are half of one, and count as one."""
    pence = paying.pence_of(np.array([30, 15, 14]), np.array([120, 120, 120]))
    assert pence.tolist() == [1, 1, 0]
