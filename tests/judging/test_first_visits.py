"""By when somebody must have come for the first time, and from when on it is alerted."""

from __future__ import annotations

import datetime as dt

import pytest

from optimiser.domain.dates import instant_of
from optimiser.domain.records import Visit
from optimiser.judging.first_visits import FirstVisit, confirm_by, first_due


def visit(days: str, opens: str, closes: str) -> Visit:
    return Visit(f"{days}{opens}", "N1", tuple(days.split()), dt.time.fromisoformat(opens), dt.time.fromisoformat(closes), 30, 1)


MORNINGS = visit("mon tue wed thu fri", "07:00", "09:30")
NIGHTS = visit("mon", "23:00", "01:00")


@pytest.mark.parametrize(
    ("visits", "since", "due"),
    [
        ([MORNINGS], "2026-11-23T00:00", "2026-11-23T09:30"),
        ([MORNINGS], "2026-11-23T07:00", "2026-11-23T09:30"),
        ([MORNINGS], "2026-11-23T07:01", "2026-11-24T09:30"),  # its window was open: another's visit
        ([MORNINGS], "2026-11-27T12:00", "2026-11-30T09:30"),  # Friday to Monday
        ([MORNINGS, NIGHTS], "2026-11-23T12:00", "2026-11-24T01:00"),
        ([NIGHTS], "2026-11-23T23:01", "2026-12-01T01:00"),  # the same day a week later
        ([], "2026-11-23T12:00", "2026-11-24T00:00"),  # times not known: by the end of the day
    ],
)
def test_by_when_somebody_must_have_come(visits: list[Visit], since: str, due: str) -> None:
    expected = instant_of(dt.datetime.fromisoformat(due))
    assert first_due(visits, instant_of(dt.datetime.fromisoformat(since))) == expected


@pytest.mark.parametrize(
    ("visits", "since", "due"),
    [
        ([MORNINGS], "2026-11-23T07:01", "2026-11-23T09:30"),  # its window is open: there is time to come today
        ([MORNINGS], "2026-11-23T09:29", "2026-11-23T09:30"),
        ([MORNINGS], "2026-11-23T09:30", "2026-11-24T09:30"),  # it has just closed
        ([NIGHTS], "2026-11-24T00:30", "2026-11-24T01:00"),  # it opened on the evening before
        ([NIGHTS, MORNINGS], "2026-11-23T06:00", "2026-11-23T09:30"),
        ([], "2026-11-23T12:00", "2026-11-24T00:00"),
    ],
)
def test_where_nobody_comes_before_it_a_window_that_is_open_is_the_first_visit(visits: list[Visit], since: str, due: str) -> None:
    expected = instant_of(dt.datetime.fromisoformat(due))
    assert first_due(visits, instant_of(dt.datetime.fromisoformat(since)), nobody_comes=True) == expected


def test_hours_are_real_hours_when_the_clocks_go_back() -> None:
    """Due by 1:30 on 25 October 2026, which comes twice: the second; four hours later it is 5:30 GMT."""
    due = first_due([visit("sun", "00:30", "01:30")], instant_of(dt.datetime(2026, 10, 25)))
    assert due == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    assert confirm_by(due, 4) == dt.datetime(2026, 10, 25, 5, 30, tzinfo=dt.UTC)


def test_it_is_late_from_the_moment_on_by_which_it_should_be_confirmed() -> None:
    due = instant_of(dt.datetime(2026, 11, 23, 9, 30))
    found = FirstVisit("N1", "ALDER", "moved", due, confirm_by(due, 4))
    assert not found.is_late(due + dt.timedelta(hours=4, seconds=-1))
    assert found.is_late(due + dt.timedelta(hours=4))
