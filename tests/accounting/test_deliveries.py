"""What recorded visits say that somebody should look at: each finding by hand, what is not judged, and the check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimiser.accounting import merging
from optimiser.accounting.deliveries.report import delivery_files
from optimiser.accounting.deliveries.story import deliveries
from optimiser.accounting.report import AccountNotConfirmedError
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, AccountSettings
from optimiser.domain.snapshot import Snapshot
from optimiser.io.records_again import records_again
from tests.accounting.elm import county, person
from tests.making import days
from tests.making.actual_records import Row, actuals, record, table

UNTIL = days(14)
"""Two weeks from the first Monday on are told of, in most of these tests."""


def told(rows: Iterable[Row], folder: Path, snapshot: Snapshot | None = None, **settings: Any) -> dict[str, bytes]:
    """The files, which the check has confirmed."""
    book = AccountBook(AccountSettings(**{"delivery_weeks": 2, **settings}))
    made = deliveries(County.of(snapshot or county()), actuals(rows, folder), book, UNTIL)
    return delivery_files(made, records_again(folder / "actuals.csv"), {})[0]


def daily(times: str = "08:00-08:30", count: int = 14, **given: Any) -> list[Row]:
    """A record a day from the first Monday on; P1 and P2 have half an hour a day, 3.5 hours a week."""
    name = given.get("package_id", "P1")
    return [record(f"{name}-{at}", times, date=days(at), **given) for at in range(count)]


def findings(files: Mapping[str, bytes]) -> set[tuple[str, str]]:
    return {(row["kind"], row["package_id"] or row["round_id"]) for row in table(files, "to-review.csv")}


def of(files: Mapping[str, bytes], package_id: str) -> dict[str, str]:
    return next(row for row in table(files, "delivered.csv") if row["package_id"] == package_id)


def test_less_in_every_week_is_found_and_a_difference_at_the_limit_is_not(tmp_path: Path) -> None:
    """3.5 hours are 210 minutes; 15% of it are 31.5: 26 minutes a day are 182 of at least 178.5, 25 minutes are 175."""
    files = told([*daily("08:00-08:25"), *daily("08:00-08:26", package_id="P2", visit_id="V2")], tmp_path)
    assert findings(files) == {("below", "P1")}
    assert of(files, "P1")["delivered_hours_per_week"] == "2.92"  # 175 / 60
    assert (of(files, "P1")["weeks_below"], of(files, "P2")["weeks_below"]) == ("2", "0")


def test_more_in_every_week_is_found_and_in_one_alone_is_not(tmp_path: Path) -> None:
    long, usual = daily("08:00-08:40", 7), [record(f"U{at}", date=days(at)) for at in range(7, 14)]
    more = daily("08:00-08:40", package_id="P2", visit_id="V2")
    files = told([*long, *usual, *more], tmp_path)
    assert findings(files) == {("above", "P2")}
    assert (of(files, "P1")["weeks_above"], of(files, "P1")["delivered_hours_per_week"]) == ("1", "4.08")  # (280 + 210) / 120


def test_weeks_in_hospital_or_without_records_or_before_care_began_are_not_judged(tmp_path: Path) -> None:
    away = [record("H", "", outcome="hospital", date=days(0)), *daily("08:00-08:05", 14)[1:]]
    files = told(away, tmp_path, county(people=[person("P1"), person("P2", care_started=days(3))]))
    own, other = of(files, "P1"), of(files, "P2")
    assert (own["weeks_judged"], own["weeks_in_hospital"], own["weeks_below"]) == ("1", "1", "1")
    assert findings(files) == {("below", "P1"), ("no_records", "P2")}, "one of two weeks is half of them"
    assert (other["weeks_judged"], other["weeks_without_records"]) == ("0", "1"), "the week in which care began is none"
    assert findings(told(away, tmp_path, delivery_weeks=3)) == {("no_records", "P2")}, "one of three is too few"


def test_visits_missed_and_cut_short(tmp_path: Path) -> None:
    """Three of thirteen made were cut short; a visit that somebody came to after all was not missed."""
    rows = daily()
    for at in (1, 2, 3):
        rows[at] |= {"outcome": "cut_short", "who": "person" if at < 3 else "provider"}
    rows[5] = record("M", "", outcome="missed", date=days(5))
    rows.append(record("N", "", outcome="missed", date=days(6)))
    files = told([*rows, *daily(package_id="P2", visit_id="V2")], tmp_path)
    assert findings(files) == {("missed", "P1"), ("cut_short", "P1")}
    own = of(files, "P1")
    counts = ("visits_made", "missed", "cut_short", "cut_short_at_persons_wish")
    assert [own[name] for name in counts] == ["13", "1", "3", "2"]
    assert ("cut_short", "P1") not in findings(told(rows, tmp_path, cut_short_least=4))
    assert ("cut_short", "P1") in findings(told(rows, tmp_path, cut_short_share=Fraction(3, 13)))
    assert ("cut_short", "P1") not in findings(told(rows, tmp_path, cut_short_share=Fraction(4, 13)))


def test_a_visit_is_cut_short_at_their_wish_where_either_who_or_why_says_so(tmp_path: Path) -> None:
    rows = daily()
    rows[1] |= {"outcome": "cut_short", "who": "person"}
    rows[2] |= {"outcome": "cut_short", "why": "persons_wish"}
    rows[3] |= {"outcome": "cut_short", "who": "provider"}
    own = of(told(rows, tmp_path), "P1")
    assert (own["cut_short"], own["cut_short_at_persons_wish"]) == ("3", "2")


def test_a_round_is_late_beyond_the_share(tmp_path: Path) -> None:
    """Fifteen minutes are on time, sixteen are late: three of fourteen, 21%; early ones are no better than late ones."""
    rows = daily("08:15-08:45")
    for at in range(3):
        rows[at] |= record("", "08:16-08:46", date=days(at)) | {"actual_id": f"L{at}"}
    people = [person("P1", round_id="R1"), person("P2", round_id="R2")]
    early = daily("07:44-08:14", package_id="P2", visit_id="V2")
    files = told([*rows, *early], tmp_path, county(people=people))
    assert findings(files) == {("late", "R1")}
    first, second = table(files, "punctuality.csv")
    assert [first[name] for name in ("round_id", "visits", "early", "on_time", "late")] == ["R1", "14", "0", "11", "3"]
    assert (first["late_share"], first["median_minutes_late"]) == ("0.214286", "15.0")
    assert (second["early"], second["median_minutes_late"]) == ("14", "-16.0")
    at_it = told([*rows, *early], tmp_path, county(people=people), late_share=Fraction(3, 14))
    assert findings(at_it) == set(), "at the share, not beyond it"


def test_who_came_is_counted_and_never_named(tmp_path: Path) -> None:
    """A number in place of a pseudonym tells one from another within a visit alone: it is nobody's over several."""
    rows = [*daily(count=5), record("M", "", outcome="missed", date=days(5))]
    for row, keys in zip(rows, ("ann", "ann", "ben", "", "#1", "dan"), strict=True):
        row["worker_keys"] = keys
    files = told(rows, tmp_path)
    (line,) = table(files, "continuity.csv")
    assert (line["visits"], line["care_workers"], line["share_of_one"]) == ("3", "2", "0.666667")
    assert not any(b"ann" in file or b"ben" in file for file in files.values())


def test_the_check_finds_a_minute_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "_own_time", lambda arrived, left, _: left - arrived + 60)
    with pytest.raises(AccountNotConfirmedError, match=r"delivered\.csv, P1: 3\.50 hours in 2 weeks by the records"):
        told(daily(), tmp_path)


def test_the_check_misses_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "actuals.csv"
    made = deliveries(County.of(county()), actuals(daily(), tmp_path), AccountBook(AccountSettings(delivery_weeks=2)), UNTIL)
    with pytest.raises(AccountNotConfirmedError, match=r"delivered\.csv leaves out P2"):
        delivery_files(replace(made, people=made.people[:1]), records_again(folder), {})


def test_an_id_that_looks_like_what_a_spreadsheet_would_take_for_a_formula_is_confirmed(tmp_path: Path) -> None:
    """Of ids only those that would be taken for a formula get a mark before them; an apostrophe of their own stays."""
    names = ("'P1", "=P2", "'=P3")
    rows = [row for name in names for row in daily(package_id=name, visit_id="")]
    files = told(rows, tmp_path, county(people=[person(name) for name in names], visits=[]))
    assert {row["package_id"] for row in table(files, "delivered.csv")} == {"'P1", "'=P2", "''=P3"}


def test_hospital_is_hospital_under_a_contract_that_nobody_knows(tmp_path: Path) -> None:
    """As in accounts: a stay is the person's, whoever tells of it."""
    rows = [*daily("08:00-08:05"), record("H", "", outcome="hospital", contract_id="F-GONE")]
    own = of(told(rows, tmp_path), "P1")
    assert (own["weeks_judged"], own["weeks_in_hospital"]) == ("1", "1")


def test_the_order_of_records_changes_nothing(tmp_path: Path) -> None:
    rows = [*daily("08:00-08:25"), *daily("08:20-08:50", package_id="P2", visit_id="V2")]
    assert told(rows, tmp_path) == told(rows[::-1], tmp_path)


def test_a_night_over_a_change_of_clocks_lasts_what_it_lasted(tmp_path: Path) -> None:
    """On 29 March 2026 clocks skip an hour: from 00:30 to 02:30 is one hour."""
    spring = dt.date(2026, 3, 29)
    book = AccountBook(AccountSettings(delivery_weeks=1))
    row = record("N", date=spring, arrived=f"{spring}T00:30", left=f"{spring}T02:30")
    made = deliveries(County.of(county()), actuals([row], tmp_path), book, spring + dt.timedelta(days=1))
    assert next(each.delivered_seconds for each in made.people) == (3600,)
