"""Who waits to leave hospital."""

from __future__ import annotations

from tests.making import county, days, framework, package
from tests.rules.judging import value


def test_somebody_leaving_hospital_counts_once_with_their_hours_and_double_when_the_start_is_past() -> None:
    people = [
        package("N1", hours=10, priority="discharge"),  # 600 + 420 = 1,020
        package("N2", hours=5, priority="discharge", start_by=days(-1)),  # 2 x 720 = 1,440
        package("N3", hours=5, priority="urgent"),  # a level of its own
    ]
    here = county(people, [framework("BRACKEN")])
    assert value(here, "unmet_discharge") == 2_460
    assert value(here, "unmet_discharge", {"N2": "F-BRACKEN"}) == 1_020
