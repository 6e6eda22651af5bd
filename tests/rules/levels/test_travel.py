"""The ways to people, in metres a week."""

from __future__ import annotations

from tests.making import (
    SWANTON,
    at,
    county,
    framework,
    legacy,
    offer,
    office,
    package,
)
from tests.rules.judging import value


def test_each_visit_counts_the_way_from_the_nearest_office() -> None:
    # 5,000 m, five visits
    here = county([package("N1", SWANTON)], [framework("BRACKEN")])
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 25_000
    assert value(here, "travel") == 0  # nobody travels to somebody unmet
    offices = [office("BRACKEN", office_id="O1"), office("BRACKEN", at(3_000, 3_600), "O2")]
    here = county([package("N1", SWANTON, visits_per_week=7)], [framework("BRACKEN")], offices=offices)
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 2_800  # 400 m


def test_running_care_of_the_provider_nearby_is_a_base_too() -> None:
    running = package("R1", at(3_000, 4_300), contract_id="L-BRACKEN", visits_per_week=1)
    here = county([running, package("N1", SWANTON)], [framework("BRACKEN"), legacy("BRACKEN"), framework("CLOVER")])
    # R1 itself is sqrt(3,000² + 4,300²) = 5,243.09 m from the office: itself it does not help.
    assert value(here, "travel") == 5_243
    # N1 is 300 m from R1, on whichever contract of Bracken's that runs.
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 5_243 + 5 * 300
    # Clover has nobody there.
    assert value(here, "travel", {"N1": "F-CLOVER"}) == 5_243 + 25_000


def test_two_who_run_next_to_each_other_help_each_other() -> None:
    people = [
        package("R1", SWANTON, contract_id="F-BRACKEN", visits_per_week=1),
        package("R2", at(3_000, 4_100), contract_id="F-BRACKEN", visits_per_week=2),
    ]
    assert value(county(people, [framework("BRACKEN")]), "travel") == 100 + 2 * 100


def test_running_care_in_another_area_is_no_base() -> None:
    running = package("R1", at(3_000, 4_300), area_id="A2", contract_id="L-BRACKEN", visits_per_week=1)
    here = county([running, package("N1", SWANTON)], [framework("BRACKEN"), legacy("BRACKEN")])
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 5_243 + 25_000


def test_care_that_only_the_plan_places_is_no_base() -> None:
    people = [package("N1", SWANTON), package("N2", SWANTON)]
    offers = [offer("N2", "F-BRACKEN", "accepted")]  # accepted, but not yet running
    here = county(people, [framework("BRACKEN")], offers=offers)
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 50_000


def test_metres_are_rounded_half_up_before_they_are_multiplied() -> None:
    # 1,000.6 m count as 1,001, five times; 1,000.4 m as 1,000.
    people = [package("N1", at(1_000.6)), package("N2", at(1_000.4))]
    here = county(people, [framework("BRACKEN")])
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 5_005
    assert value(here, "travel", {"N2": "F-BRACKEN"}) == 5_000
