"""The time to the first lost visit, by hand: today is Monday 23 November 2026, care stops at midnight."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from optimiser.domain.records import Visit
from optimiser.whatif.stress.losses import first_visits
from tests.making import county, framework, package


def visit(number: int, package_id: str, days: tuple[str, ...], latest: dt.time) -> Visit:
    return Visit(f"V{number}", package_id, days, dt.time(6), latest, 30, 1)


PEOPLE = [package(name, contract_id="F-ALDER") for name in ("N1", "N2", "N3")]
VISITS = [
    visit(1, "N1", ("tue", "thu"), dt.time(9, 30)),
    visit(2, "N1", ("mon",), dt.time(7)),
    visit(3, "N2", ("wed",), dt.time(8, 15)),
]


def test_the_first_visit_is_lost_at_its_latest_start() -> None:
    made = county(PEOPLE, [framework("ALDER")], visits=VISITS)
    found = first_visits(made, [0, 1, 2], [1, 2])
    assert found.to_cover is not None
    assert found.to_cover.replace(tzinfo=None) == dt.datetime(2026, 11, 24, 9, 30)
    assert found.hours_to_lost == 24 + Fraction(33, 4)
    assert found.people_without_visits == 1


def test_a_visit_on_the_weekday_of_the_snapshot_is_six_days_off() -> None:
    made = county(PEOPLE, [framework("ALDER")], visits=VISITS[1:2])
    assert first_visits(made, [0], [0]).hours_to_lost == 6 * 24 + 7


def test_a_night_on_which_the_clocks_go_back_has_an_hour_more() -> None:
    made = county(PEOPLE, [framework("ALDER")], visits=[visit(1, "N1", ("sun",), dt.time(9))], as_of=dt.date(2026, 10, 24))
    assert first_visits(made, [0], [0]).hours_to_lost == 10


def test_a_window_that_is_open_at_midnight_is_lost_that_night() -> None:
    """Monday's visit may begin until 01:00 on Tuesday: an hour after the stop; Tuesday's a day later; Sunday's has passed."""
    nights = [replace(visit(4, "N1", (day,), dt.time(1)), earliest_start=dt.time(23)) for day in ("mon", "tue", "sun")]
    hours = [first_visits(county(PEOPLE, [framework("ALDER")], visits=[night]), [0], [0]).hours_to_lost for night in nights]
    assert hours == [1, 25, 6 * 24 + 1]


def test_a_night_visit_on_the_night_on_which_the_clocks_go_back_is_an_hour_later() -> None:
    night = replace(visit(4, "N1", ("sat",), dt.time(3)), earliest_start=dt.time(23))
    made = county(PEOPLE, [framework("ALDER")], visits=[night], as_of=dt.date(2026, 10, 24))
    assert first_visits(made, [0], [0]).hours_to_lost == 4


def test_nobody_unplaced_loses_no_visit() -> None:
    made = county(PEOPLE, [framework("ALDER")], visits=VISITS)
    assert first_visits(made, [0, 1], []).hours_to_lost is None
