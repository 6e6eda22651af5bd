"""What visits pay, situation by situation: the seeds' own figures, and what people have complained of, each worked by hand.

The handbook's page *What visits pay, by example* has the same situations and the same pounds. ELM's hour is £24.00 unless a
situation says otherwise; minutes count in steps of 15, to the nearest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimiser import handbook
from optimiser.domain.accounts import IncentivePeriod, Period, Terms
from optimiser.domain.snapshot import Snapshot
from tests import making
from tests.accounting.elm import county, person
from tests.accounting.published import incentive_amounts
from tests.making import at, days, framework, legacy, package, principal, rate, snapshot
from tests.making.actual_records import Row, made, record, table, terms
from tests.making.weeks import visit

PAGE = Path(handbook.__file__).parent / "pages" / "how-to" / "what-visits-pay.md"
FIVE = (terms(increment=5),)
COMMON = (terms(),)
TWO: dict[str, Any] = {"workers": 2}


@dataclass(frozen=True)
class Situation:
    """In the page's words; what is recorded; what a column of the contract's statement says."""

    name: str
    comes_to: str
    rows: Sequence[Row]
    terms: Sequence[Terms] = COMMON
    here: Snapshot = field(default_factory=county)
    of: str = "F-ELM"
    column: str = "total_gbp"
    given: dict[str, Any] = field(default_factory=dict)


def block() -> Snapshot:
    """ELM's principal contract: 7,000 hours at £23.00, of which 80% are paid whatever is delivered."""
    contract = principal("ELM", max_hours_4w=Fraction(7000), guarantee=Fraction(4, 5), rates_pence=(2300,) * 3)
    return snapshot([package("P1", contract_id="P-ELM")], [contract])


def whole_days(count: int) -> list[Row]:
    """Visits of 16 hours, of one person after another."""
    return [
        record(f"R{number}", "06:00-22:00", date=days(number % 28), visit_id=f"N{number}", planned_minutes=960)
        for number in range(count)
    ]


def guaranteed(name: str, comes_to: str, rows: Sequence[Row], column: str = "total_gbp") -> Situation:
    return Situation(name, comes_to, rows, (terms("P-ELM"),), block(), "P-ELM", column)


def in_place(name: str, comes_to: str, hours: Fraction | int, workers: int = 1) -> Situation:
    """Somebody in hospital, asked for at nine on the first Monday, whose first visit is so many hours later."""
    asked = dt.datetime(2026, 11, 23, 9)
    arrived = asked + dt.timedelta(seconds=int(hours * 3600))
    times = {"arrived": arrived.isoformat(), "left": (arrived + dt.timedelta(minutes=30)).isoformat()}
    first = record("R1", date=arrived.date(), visit_id="", workers=workers, **times)
    people = [person(source="acute_hospital", requested_at=asked, workers=workers)]
    winter = {"amounts": incentive_amounts(), "periods": [IncentivePeriod(days(0), days(14), "severe weather")]}
    here = county(people=people, visits=())
    return Situation(name, comes_to, [first], COMMON, here, column="incentives_gbp", given=winter)


def an_hour(name: str, comes_to: str, metres: float) -> Situation:
    """Of somebody who lives so far from the band's centre, at the prices of 2019/20."""
    people = [package("P1", at(metres), contract_id="F-ELM")]
    contracts = [framework("ELM", rates_pence=(1824, 1968, 2172))]
    here = snapshot(people, contracts, visits=[visit("V1", "P1", duration_minutes=60)])
    return Situation(name, comes_to, [record("R1", "08:00-09:00", planned_minutes=60)], COMMON, here)


APRIL = county(contracts=[framework("ELM", rates_pence=(1728,) * 3)], rates=[rate("F-ELM", days(2), 1824)])
LEGACY = county(people=[person("P1", "L-ELM")], contracts=[legacy("ELM", rates_pence=(2412,) * 3)], visits=[visit("V1", "P1")])

FROM_THE_DOCUMENTS = (
    guaranteed("7,000 hours contracted, 5,600 guaranteed, none delivered", "128800.00", []),
    guaranteed("7,000 hours contracted, 5,600 guaranteed, one visit of half an hour", "128788.50",
               [record("R1", visit_id="")], "guarantee_adds_gbp"),
    guaranteed("7,000 hours contracted, 5,600 delivered", "0.00", whole_days(350), "guarantee_adds_gbp"),
    in_place("Care in place 12 hours after the request, one care worker", "130.00", 12),
    in_place("Care in place 12 hours after the request, two care workers", "195.00", 12, 2),
    in_place("Care in place after exactly 24 hours, one care worker", "95.00", 24),
    in_place("Care in place after exactly 24 hours, two care workers", "142.50", 24, 2),
    in_place("Care in place a second after the 24 hours", "60.00", 24 + Fraction(1, 3600)),
    in_place("Care in place after exactly 48 hours, two care workers", "90.00", 48, 2),
    an_hour("An hour within 3 miles", "18.24", 3 * making.MILE - 1),
    an_hour("An hour beyond 3 miles and within 6", "19.68", 6 * making.MILE - 1),
    an_hour("An hour beyond 6 miles", "21.72", 6 * making.MILE + 1),
    Situation("Half an hour the day before the price of £17.28 becomes £18.24, and half an hour on the day", "17.76",
              [record("R1", date=days(1)), record("R2", date=days(2))], here=APRIL),
    Situation("22 minutes under the legacy contract at £24.12, in steps of 5", "8.04",
              [record("R1", "08:00-08:22")], (terms("L-ELM", increment=5),), LEGACY, "L-ELM"),
)  # fmt: skip
IN_HOSPITAL = [record(f"R{at_}", "", date=days(at_), outcome="hospital") for at_ in range(1, 5)]
SPRING = Period(dt.date(2027, 3, 15))
COMPLAINED_OF = (
    Situation("45 minutes recorded and charged after care was cut to 30", "12.00",
              [record("R1", "08:00-08:45", planned_minutes=45)]),
    Situation("A call of 12 minutes charged as the 30 that were planned, in steps of 5", "4.00",
              [record("R1", "08:00-08:12")], FIVE),
    Situation("The same call in steps of 15", "6.00", [record("R1", "08:00-08:12")]),
    Situation("A call of 7 minutes in steps of 15", "0.00", [record("R1", "08:00-08:07")]),
    Situation("A call of 16 minutes where the terms round up", "12.00", [record("R1", "08:00-08:16")], (terms(rounding="up"),)),
    Situation("A call of 29 minutes where the terms round down", "6.00",
              [record("R1", "08:00-08:29")], (terms(rounding="down"),)),
    Situation("A care worker who stayed 20 minutes longer, which nobody had agreed", "12.00", [record("R1", "08:00-08:50")]),
    Situation("The same where the terms pay overruns", "18.00", [record("R1", "08:00-08:50")], (terms(overrun_paid=True),)),
    Situation("Called off too late by the person, where half is paid", "6.00",
              [record("R1", "", outcome="cancelled_late", who="person")]),
    Situation("Called off too late by the provider", "0.00", [record("R1", "", outcome="cancelled_late", who="provider")]),
    Situation("Called off too late, and nobody wrote down by whom", "0.00", [record("R1", "", outcome="cancelled_late")]),
    Situation("Called off in time by the family, and billed", "0.00", [record("R1", "", outcome="cancelled", who="family")]),
    Situation("Missed, and billed", "0.00", [record("R1", "", outcome="missed", who="provider")]),
    Situation("Sent away at the door, where half is paid", "6.00", [record("R1", "", outcome="refused", who="person")]),
    Situation("Cut short after 20 minutes at the person's wish, in steps of 5", "8.00",
              [record("R1", "08:00-08:20", outcome="cut_short", who="person", why="persons_wish")], FIVE),
    Situation("Two billed where one came", "12.00", [record("R1", workers=2, worker_keys="a")], here=county(**TWO)),
    Situation("Of two the second left after a quarter of an hour", "18.00",
              [record("R1", worker_keys="a"), record("R2", "08:00-08:15", worker_keys="b")], here=county(**TWO)),
    Situation("Two came where one is commissioned", "12.00", [record("R1", workers=2, worker_keys="a;b")]),
    Situation("One call sent twice, with two ids", "12.00", [record("R1"), record("R2")]),
    Situation("One call of half an hour in two records, of 10 minutes and of 20", "12.00",
              [record("R1", "08:00-08:10"), record("R2", "08:10-08:30")]),
    Situation("Two records of one call that overlap, 25 minutes together, in steps of 5", "10.00",
              [record("R1", "08:00-08:15"), record("R2", "08:05-08:25")], FIVE),
    Situation("Four days in hospital, billed as if care had gone on; three are kept at half", "18.00", IN_HOSPITAL),
    Situation("Four days in hospital where the terms keep none", "0.00", IN_HOSPITAL, (terms(retainer_days=0),)),
    Situation("Said to be delivered, without times", "0.00", [record("R1", "")]),
    Situation("A record that ends before it begins", "0.00",
              [record("R1", arrived="2026-11-23T09:00", left="2026-11-23T08:00")]),
    Situation("Said to be missed in one record, and 30 minutes long in another", "12.00",
              [record("R1"), record("R2", "", outcome="missed")]),
    Situation("From 22:00 to 7:00 in the night in which clocks go forward", "192.00",
              [record("R1", "22:00-07:00", date=dt.date(2027, 3, 27), planned_minutes=540)], here=county(540),
              given={"period": SPRING}),
)  # fmt: skip
EVERY = (*FROM_THE_DOCUMENTS, *COMPLAINED_OF)


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.name)
def test_what_it_pays(each: Situation, tmp_path: Path) -> None:
    _, files = made(each.here, each.rows, tmp_path, *each.terms, **each.given)
    statement = next(row for row in table(files, "statements.csv") if row["contract_id"] == each.of)
    assert statement[each.column] == each.comes_to
    told = {one for row in table(files, "statement-lines.csv") for one in row["actual_ids"].split(";")}
    told |= {row["actual_id"] for row in table(files, "odd-records.csv")}
    assert told == {row["actual_id"] for row in each.rows}, "no record is dropped"


def test_the_handbook_has_these_situations_with_these_pounds() -> None:
    lines = [line.strip("| \n").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    told = [(cells[0], cells[-1].replace("£", "").replace(",", "")) for cells in lines if cells[-1].startswith("£")]
    assert told == [(each.name, each.comes_to) for each in EVERY]
    assert len(FROM_THE_DOCUMENTS) >= 10 and len(COMPLAINED_OF) >= 10 and len(EVERY) >= 30
