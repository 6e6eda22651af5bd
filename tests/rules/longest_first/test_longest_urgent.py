"""Urgent care that has been asked for long enough counts before all other, by hours alone."""

from __future__ import annotations

import datetime as dt

import pytest

from optimiser.rules.longest_first.book_of_a_county import rules_for
from tests.making import AS_OF, county, days, framework, noon, package
from tests.rules.judging import value


def counted(requested_at: dt.datetime | None, start_by: dt.date | None, days_set: int = 14) -> int:
    here = county(
        [package("N1", priority="urgent", requested_at=requested_at, start_by=start_by)],
        [framework("BRACKEN")],
        largest_first_after_days=days_set,
    )
    book = rules_for(here.policy)
    assert value(here, "longest_urgent", {"N1": "F-BRACKEN"}, rules=book) == 0
    return value(here, "longest_urgent", rules=book)


@pytest.mark.parametrize(
    ("requested", "start_by", "waiting"),
    [
        # 300 minutes, nothing for the person; 13 days are no 14
        (noon(-14), None, 300),
        (noon(-13), None, 0),
        # twice that where the start is past; the request counts, not the start
        (noon(-14), days(-1), 600),
        (noon(-13), days(-20), 0),
        # without a request on record the day on which care should have begun
        (None, days(-14), 600),
        (None, days(-13), 0),
        (None, None, 0),
    ],
)
def test_who_has_waited_longest(requested: dt.datetime | None, start_by: dt.date | None, waiting: int) -> None:
    assert counted(requested, start_by) == waiting


def test_in_the_day_of_london() -> None:
    assert counted(dt.datetime.combine(days(-14), dt.time(23, 59)), None) == 300
    assert counted(dt.datetime.combine(AS_OF, dt.time(0)), None, days_set=1) == 0
