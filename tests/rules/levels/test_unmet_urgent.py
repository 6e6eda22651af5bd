"""Who waits and is urgent; and how waiting counts for more and more, in every level of waiting."""

from __future__ import annotations

import pytest

from tests.making import county, days, framework, package
from tests.rules.judging import value


def test_somebody_urgent_counts_once_with_their_hours_and_double_when_the_start_is_past() -> None:
    def counted(start_by: int | None) -> int:
        given = None if start_by is None else days(start_by)
        here = county([package("N1", priority="urgent", start_by=given)], [framework("BRACKEN")])
        assert value(here, "unmet_urgent", {"N1": "F-BRACKEN"}) == 0
        return value(here, "unmet_urgent")

    # 300 minutes and 420 for the person; due today is not overdue
    assert [counted(start) for start in (None, 1, 0, -1)] == [720, 720, 720, 1_440]


@pytest.mark.parametrize(("late", "factor"), [(0, 1), (1, 2), (27, 2), (28, 3), (112, 6), (358, 14)])
def test_whoever_has_waited_longest_counts_most(late: int, factor: int) -> None:
    here = county([package("N1", priority="urgent", start_by=days(-late))], [framework("BRACKEN")])
    assert value(here, "unmet_urgent") == 720 * factor
    settled = county([package("N1", priority="urgent", start_by=days(-late))], [framework("BRACKEN")], overdue_weeks=0)
    assert value(settled, "unmet_urgent") == 720 * min(factor, 2)
