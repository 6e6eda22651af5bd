"""Caps on new work: what a provider takes on, and what it began since."""

from __future__ import annotations

import datetime as dt

import pytest

from optimiser.judging.limit_use import Usage
from optimiser.rules.book import standard_rules
from tests.making import cap, county, days, framework, legacy, package, plan, restriction
from tests.rules.judging import broken, used


@pytest.mark.parametrize(
    ("care_started", "counted"),
    [
        (days(-31), 0),  # the cap began 30 days ago
        (days(-30), 300),  # the day on which it began counts
        (days(-1), 300),
        (None, 0),  # unknown: nothing says that it began under the cap
    ],
)
def test_a_cap_counts_what_the_provider_has_since_it_began(care_started: dt.date | None, counted: int) -> None:
    running = package("R1", contract_id="F-BRACKEN", care_started=care_started)
    here = county([running], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 20)])
    assert used(here, "capped_new_work", "R-BRACKEN") == counted


def test_a_cap_counts_everything_that_the_provider_takes_on() -> None:
    # 20 hours per four weeks = 300 minutes a week.
    long_ago = package("R1", contract_id="F-BRACKEN", care_started=days(-400))
    here = county([long_ago, package("N1"), package("N2", hours=5.25)], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 20)])
    assert broken(here, {"N1": "F-BRACKEN"}) == []
    assert broken(here, {"N2": "F-BRACKEN"}) == [("capped_new_work", "R-BRACKEN")]


def test_care_begun_under_the_cap_leaves_less_of_it() -> None:
    begun = package("R1", contract_id="F-BRACKEN", hours=0.25, care_started=days(-2))
    here = county([begun, package("N1"), package("N2", hours=4.75)], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 20)])
    assert broken(here, {"N1": "F-BRACKEN"}) == [("capped_new_work", "R-BRACKEN")]  # 15 + 300
    assert broken(here, {"N2": "F-BRACKEN"}) == []  # 15 + 285


def test_care_that_comes_from_another_provider_is_taken_on_whenever_it_began() -> None:
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    running = package("R1", contract_id="F-CLOVER", care_started=days(-400), transfer_decision="suitable")
    here = county([running], contracts, restrictions=[cap("BRACKEN", 20)])
    assert used(here, "capped_new_work", "R-BRACKEN") == 0
    assert used(here, "capped_new_work", "R-BRACKEN", {"R1": "F-BRACKEN"}) == 300


def test_care_on_another_contract_of_the_same_provider_is_not_taken_on() -> None:
    contracts = [framework("BRACKEN"), legacy("BRACKEN")]
    running = package("R1", contract_id="L-BRACKEN", care_started=days(-400))
    here = county([running], contracts, restrictions=[cap("BRACKEN", 20)])
    assert used(here, "capped_new_work", "R-BRACKEN", {"R1": "F-BRACKEN"}) == 0


def test_a_cap_in_one_area_counts_the_care_there() -> None:
    contracts = [framework("BRACKEN"), framework("BRACKEN", contract_id="F-BRACKEN-2", area_id="A2"), legacy("BRACKEN")]
    people = [package("N1"), package("N2", area_id="A2"), package("N3", hours=0.25)]
    here = county(people, contracts, restrictions=[cap("BRACKEN", 20, area_id="A1")])
    assert used(here, "capped_new_work", "R-BRACKEN", {"N1": "L-BRACKEN", "N2": "F-BRACKEN-2"}) == 300
    assert broken(here, {"N1": "F-BRACKEN", "N2": "F-BRACKEN-2"}) == []
    # The legacy framework's care in the area counts too: 300 + 15.
    assert broken(here, {"N1": "F-BRACKEN", "N3": "L-BRACKEN"}) == [("capped_new_work", "R-BRACKEN")]


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(days(0), None, True), (days(1), None, False), (days(-9), days(0), False), (days(-9), days(1), True)],
)
def test_a_cap_counts_only_while_it_is_in_force(starts: dt.date, ends: dt.date | None, counts: bool) -> None:
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 1, starts=starts, ends=ends)])
    assert (broken(here, {"N1": "F-BRACKEN"}) == [("capped_new_work", "R-BRACKEN")]) is counts


def test_a_cap_exceeded_on_entry_may_stay_so_but_not_grow() -> None:
    begun = package("R1", contract_id="F-BRACKEN", care_started=days(-1))
    here = county([begun, package("N1", hours=0.25)], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 4)])
    assert broken(here) == []
    assert broken(here, {"N1": "F-BRACKEN"}) == [("capped_new_work", "R-BRACKEN")]


def test_a_full_restriction_says_nothing_of_hours() -> None:
    here = county([package("R1", contract_id="F-BRACKEN")], [framework("BRACKEN")], restrictions=[restriction("BRACKEN")])
    assert Usage.of(here, standard_rules(), plan(here)).limits == ()
