"""Who waits of standard and planned priority, and what the three levels of waiting have in common."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from tests.making import (
    county,
    days,
    framework,
    offer,
    package,
)
from tests.rules.judging import value


@pytest.mark.parametrize(
    ("priority", "waiting", "overdue"),
    [
        # (300 minutes + 420 for the person) x 1, and twice that when the start is past
        ("planned", 720, 1_440),
        # a standard package counts double
        ("standard", 1_440, 2_880),
    ],
)
def test_a_person_waiting_counts_with_their_hours_and_those_overdue_double(priority: str, waiting: int, overdue: int) -> None:
    def counted(start_by: dt.date | None) -> int:
        return value(county([package("N1", priority=priority, start_by=start_by)], [framework("BRACKEN")]), "unmet")

    assert counted(None) == waiting
    assert counted(days(1)) == waiting
    assert counted(days(0)) == waiting  # due today is not overdue
    assert counted(days(-1)) == overdue


def test_each_priority_counts_in_its_own_level() -> None:
    people = [
        package("N1", hours=10, priority="urgent"),  # 600 + 420 = 1,020
        package("N2", hours=5, priority="discharge"),  # 300 + 420 = 720
        package("N3", hours=5, priority="standard"),  # 2 x 720 = 1,440
        package("N4", hours=2, priority="planned"),  # 120 + 420 = 540
    ]
    here = county(people, [framework("BRACKEN")])
    assert [value(here, level) for level in ("unmet_urgent", "unmet_discharge", "unmet")] == [1_020, 720, 1_980]
    placed = {"N1": "F-BRACKEN", "N3": "F-BRACKEN"}
    assert [value(here, level, placed) for level in ("unmet_urgent", "unmet_discharge", "unmet")] == [0, 720, 540]


def test_who_has_care_or_an_offer_pending_is_not_unmet() -> None:
    people = [package("R1", contract_id="F-BRACKEN"), package("N1"), package("N2")]
    offers = [offer("N1", "F-BRACKEN"), offer("N2", "F-BRACKEN", "accepted")]
    assert value(county(people, [framework("BRACKEN")], offers=offers), "unmet") == 0


def test_somebody_whom_nobody_may_care_for_is_unmet_too() -> None:
    assert value(county([package("N1", skills=("dementia",))], [framework("BRACKEN")]), "unmet") == 1_440
    assert value(county([package("N1")]), "unmet") == 1_440  # not a single contract


def test_a_fractional_overdue_factor_is_rounded_once_over_the_level() -> None:
    # (15 + 420) x 1.5 = 652.5: half up, 653. Two of them are 1,305 exactly, not 2 x 653 = 1,306.
    small = [package(name, hours=0.25, priority="planned", start_by=days(-1)) for name in ("N1", "N2", "N3")]
    contracts = [framework("BRACKEN")]
    factor = Fraction(3, 2)
    assert value(county(small[:1], contracts, overdue_factor=factor), "unmet") == 653
    assert value(county(small[:2], contracts, overdue_factor=factor), "unmet") == 1_305
    assert value(county(small, contracts, overdue_factor=factor), "unmet") == 1_958  # 1,957.5
    assert value(county(small, contracts, overdue_factor=factor), "unmet_urgent") == 0


def test_a_council_may_weigh_persons_and_overdue_starts_otherwise() -> None:
    late = county([package("N1", priority="urgent", start_by=days(-1))], [framework("BRACKEN")], person_minutes=0)
    assert value(late, "unmet_urgent") == 600  # 300 x 2
    late = county([package("N1", priority="urgent", start_by=days(-1))], [framework("BRACKEN")], overdue_factor=Fraction(3))
    assert value(late, "unmet_urgent") == 2_160  # 720 x 3
