"""What a fast start would earn, before anybody has come: by hand, and as an account judges it afterwards."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from optimiser.accounting.incentives import amount_for, could_earn, designated_for
from optimiser.domain.accounts import AccountBook, AccountSettings, IncentiveAmount, IncentivePeriod
from optimiser.domain.dates import LONDON, instant_of, wall_clock
from tests.accounting.elm import person
from tests.accounting.test_by_hand import published
from tests.making import days

ASKED = dt.datetime(2026, 11, 23, 14, 30)
SECOND = dt.timedelta(seconds=1)


def told(
    now: dt.datetime, which: str = "request", periods: list[IncentivePeriod] | None = None, **of: Any
) -> list[tuple[str, int]]:
    """Until when, on London's clocks, and how many pence; with ``+`` where it is only from a later moment on."""
    amounts, fortnight = published()
    book = AccountBook(AccountSettings(incentive_day=which), (), tuple(amounts), tuple(periods or fortnight))
    somebody = person(**{"source": "acute_hospital", "requested_at": ASKED, **of})
    found = could_earn(book, somebody, instant_of(now))
    return [(f"{'+' if each.after else ''}{wall_clock(each.until):%a %H:%M:%S}", each.pence) for each in found]


def test_by_when_care_has_to_be_in_place_and_what_that_earns() -> None:
    """events, 2018/19: one care worker £130, £95 and £60 within 12, 24 and 48 hours; two £195, £142.50 and £90."""
    at_once = [("Tue 02:30:00", 13000), ("Tue 14:30:00", 9500), ("Wed 14:30:00", 6000)]
    assert told(ASKED) == at_once
    assert told(ASKED, workers=2) == [("Tue 02:30:00", 19500), ("Tue 14:30:00", 14250), ("Wed 14:30:00", 9000)]
    exactly = ASKED + dt.timedelta(hours=24)
    assert told(exactly) == at_once[1:], "exactly 24 hours are within 24 hours"
    assert told(exactly + SECOND) == at_once[2:]
    assert told(ASKED + dt.timedelta(hours=48) + SECOND) == []
    assert told(ASKED, source="community") == told(ASKED, requested_at=None) == []
    assert told(ASKED, care_started=days(0)) == [], "care is in place"
    assert told(ASKED, care_started=days(-100)) == at_once, "a restart earns like a start"


def test_which_day_has_to_be_designated_is_as_the_setting_has_it() -> None:
    today, tomorrow = IncentivePeriod(days(0), days(1), "snow"), IncentivePeriod(days(1), days(2), "more snow")
    assert told(ASKED, periods=[tomorrow]) == []
    assert len(told(ASKED, periods=[today])) == 3, "it was asked for in it, whenever somebody comes"
    assert told(ASKED, "start", [tomorrow]) == [], "nobody is told to wait for tomorrow"
    one_day = [("Mon 23:59:59", 13000)]
    assert told(ASKED, "start", [today]) == told(ASKED, "both", [today]) == told(ASKED, "both", [today, tomorrow]) == one_day
    two_days = [("Tue 02:30:00", 13000), ("Tue 14:30:00", 9500), ("Tue 23:59:59", 6000)]
    assert told(ASKED, "start", [today, tomorrow]) == two_days


def test_the_night_in_which_clocks_go_back_has_an_hour_more() -> None:
    """From 13:30 on Saturday 24 October twelve hours are over at 1:30, before the clocks go back, and 24 at 12:30."""
    october = IncentivePeriod(dt.date(2026, 10, 1), dt.date(2026, 11, 1), "")
    asked = dt.datetime(2026, 10, 24, 13, 30)
    found = told(asked, periods=[october], requested_at=asked)
    assert found == [("Sun 01:30:00", 13000), ("Sun 12:30:00", 9500), ("Mon 12:30:00", 6000)]


def test_a_gap_between_two_amounts_is_told() -> None:
    amounts = tuple(IncentiveAmount(None, None, 1, Fraction(over), Fraction(up_to), 5000) for over, up_to in ((0, 12), (24, 48)))
    book = AccountBook(AccountSettings(), (), amounts, (IncentivePeriod(days(0), days(9), ""),))
    asked_for = person(source="reablement", requested_at=ASKED)
    for hours, later in ((1, [False, True]), (13, [True]), (25, [False])):
        found = could_earn(book, asked_for, instant_of(ASKED) + dt.timedelta(hours=hours))
        assert [each.after is not None for each in found] == later


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 50 * 3600), st.integers(0, 50 * 3600), st.sampled_from(("request", "start", "both")),
    st.lists(st.tuples(st.integers(-1, 3), st.integers(1, 3)), max_size=3),
)  # fmt: skip
@example(0, 24 * 3600, "start", [(0, 2)])
def test_it_is_what_an_account_would_say_of_a_first_visit_then(
    now_after: int, came_after: int, which: str, drawn: list[tuple[int, int]]
) -> None:
    """Whoever comes from now on earns what was told; what is not told may be earned only across days that are not designated."""
    amounts, _ = published()
    periods = tuple(IncentivePeriod(days(first), days(first + length), "") for first, length in drawn)
    book = AccountBook(AccountSettings(incentive_day=which), (), tuple(amounts), periods)
    began = instant_of(ASKED)
    now, came = (began + dt.timedelta(seconds=each) for each in (now_after, max(now_after, came_after)))
    found = could_earn(book, person(source="reablement", requested_at=ASKED), now)
    promised = next((each.pence for each in found if came <= each.until), 0)
    amount = amount_for(amounts, ASKED.date(), 1, Fraction(max(now_after, came_after), 3600))
    started = came.astimezone(LONDON).date()
    pays = 0 if amount is None or not designated_for(periods, which, ASKED.date(), started) else amount.pence
    without_gap = all(
        designated_for(periods, which, ASKED.date(), wall_clock(now).date() + dt.timedelta(days=each))
        for each in range((started - wall_clock(now).date()).days + 1)
    )
    assert promised == (pays if without_gap else 0)
