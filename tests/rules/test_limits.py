"""Worked examples: what counts under each limit. An hour per four weeks is 15 minutes a week."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from optimiser.judging.limit_use import Usage
from optimiser.rules.book import standard_rules
from tests.making import cap, county, days, framework, legacy, offer, package, plan, provider, restriction
from tests.rules.judging import broken, used

# ---- contract_hours -----------------------------------------------------------------------------------------------------


def test_a_contract_may_be_filled_to_its_maximum_and_no_further() -> None:
    # 40 hours per four weeks = 600 minutes a week; 300 are running.
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(40))]
    running = package("R1", contract_id="F-BRACKEN")
    exactly, more = package("N1", hours=5), package("N2", hours=5.25)
    here = county([running, exactly, more], contracts)
    assert used(here, "contract_hours", "F-BRACKEN", {"N1": "F-BRACKEN"}) == 600
    assert broken(here, {"N1": "F-BRACKEN"}) == []
    assert used(here, "contract_hours", "F-BRACKEN", {"N2": "F-BRACKEN"}) == 615
    assert broken(here, {"N2": "F-BRACKEN"}) == [("contract_hours", "F-BRACKEN")]


def test_a_limit_may_fall_between_whole_minutes() -> None:
    # 20.1 hours per four weeks = 301.5 minutes a week: 5 hours fit, 5.25 do not.
    here = county([package("N1"), package("N2", hours=5.25)], [framework("BRACKEN", max_hours_4w=Fraction("20.1"))])
    assert broken(here, {"N1": "F-BRACKEN"}) == []
    assert broken(here, {"N2": "F-BRACKEN"}) == [("contract_hours", "F-BRACKEN")]


def test_a_maximum_of_nothing_closes_a_contract_and_none_leaves_it_open() -> None:
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(0)), framework("CLOVER")]
    here = county([package("N1", hours=0.25), package("N2", hours=60)], contracts)
    assert broken(here, {"N1": "F-BRACKEN"}) == [("contract_hours", "F-BRACKEN")]
    assert broken(here, {"N2": "F-CLOVER"}) == []


# ---- provider_hours -----------------------------------------------------------------------------------------------------


def test_a_providers_limit_counts_everything_on_all_its_contracts() -> None:
    # 60 hours per four weeks = 900 minutes a week, on two contracts in two areas.
    contracts = [framework("BRACKEN"), framework("BRACKEN", contract_id="F-BRACKEN-2", area_id="A2"), framework("CLOVER")]
    people = [
        package("R1", contract_id="F-BRACKEN"),
        package("R2", contract_id="F-BRACKEN-2", area_id="A2"),
        package("R3", contract_id="F-CLOVER"),
        package("N1"),
        package("N2", area_id="A2"),
    ]
    here = county(people, contracts, providers=[provider("BRACKEN", max_hours_4w=Fraction(60))])
    assert used(here, "provider_hours", "BRACKEN") == 600
    assert used(here, "provider_hours", "BRACKEN", {"N1": "F-BRACKEN"}) == 900
    assert broken(here, {"N1": "F-BRACKEN"}) == []
    assert broken(here, {"N1": "F-BRACKEN", "N2": "F-BRACKEN-2"}) == [("provider_hours", "BRACKEN")]


# ---- capped_new_work ----------------------------------------------------------------------------------------------------


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


# ---- offers that hold hours ---------------------------------------------------------------------------------------------


def test_a_pending_offer_holds_its_hours_on_each_contract_asked() -> None:
    # Asked on both contracts of Bracken: 300 on each, so 600 under the provider's limit and under its cap.
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(99)), legacy("BRACKEN", max_hours_4w=Fraction(99))]
    here = county(
        [package("N1")],
        contracts,
        providers=[provider("BRACKEN", max_hours_4w=Fraction(99))],
        restrictions=[cap("BRACKEN", 99)],
        offers=[offer("N1", "F-BRACKEN"), offer("N1", "L-BRACKEN")],
    )
    assert used(here, "contract_hours", "F-BRACKEN") == 300
    assert used(here, "contract_hours", "L-BRACKEN") == 300
    assert used(here, "provider_hours", "BRACKEN") == 600
    assert used(here, "capped_new_work", "R-BRACKEN") == 600


def test_the_same_contract_asked_twice_holds_the_hours_once() -> None:
    offers = [offer("N1", "F-BRACKEN", offer_id="Q1"), offer("N1", "F-BRACKEN", offer_id="Q2")]
    here = county([package("N1")], [framework("BRACKEN", max_hours_4w=Fraction(99))], offers=offers)
    assert used(here, "contract_hours", "F-BRACKEN") == 300


def test_held_hours_are_not_there_for_others() -> None:
    # 600 minutes a week, 300 of them held for N1.
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(40))]
    here = county([package("N1"), package("N2"), package("N3", hours=5.25)], contracts, offers=[offer("N1", "F-BRACKEN")])
    assert broken(here, {"N2": "F-BRACKEN"}) == []
    assert broken(here, {"N3": "F-BRACKEN"}) == [("contract_hours", "F-BRACKEN")]


def test_an_acceptance_elsewhere_frees_the_hours_held() -> None:
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(20)), framework("CLOVER", max_hours_4w=Fraction(20))]
    offers = [offer("N1", "F-BRACKEN"), offer("N1", "F-CLOVER", "accepted")]
    here = county([package("N1"), package("N2")], contracts, offers=offers)
    assert used(here, "contract_hours", "F-BRACKEN") == 0
    assert used(here, "contract_hours", "F-CLOVER") == 300
    assert broken(here, {"N2": "F-BRACKEN"}) == []


def test_offers_on_running_care_hold_nothing() -> None:
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(40)), framework("CLOVER", max_hours_4w=Fraction(40))]
    running = package("R1", contract_id="F-BRACKEN")
    here = county([running], contracts, offers=[offer("R1", "F-CLOVER")])
    assert used(here, "contract_hours", "F-CLOVER") == 0
    assert used(here, "contract_hours", "F-BRACKEN") == 300


# ---- exceeded on entry --------------------------------------------------------------------------------------------------


def test_a_limit_exceeded_on_entry_may_stay_so_but_not_grow() -> None:
    # 300 minutes a week allowed, 600 running.
    people = [package("R1", contract_id="F-BRACKEN"), package("R2", contract_id="F-BRACKEN"), package("N1", hours=0.25)]
    here = county(people, [framework("BRACKEN", max_hours_4w=Fraction(20))])
    assert broken(here) == []
    assert broken(here, {"N1": "F-BRACKEN"}) == [("contract_hours", "F-BRACKEN")]
    usage = Usage.of(here, standard_rules(), plan(here))
    assert [usage.limits[index].subject for index in usage.exceeded_on_entry()] == ["F-BRACKEN"]


def test_accepted_offers_and_holds_count_as_entry() -> None:
    # 300 allowed: 300 accepted and 300 held are 600.
    offers = [offer("N1", "F-BRACKEN", "accepted"), offer("N2", "F-BRACKEN")]
    here = county([package("N1"), package("N2"), package("N3")], [framework("BRACKEN", max_hours_4w=Fraction(20))], offers=offers)
    assert used(here, "contract_hours", "F-BRACKEN") == 600
    assert broken(here) == []
    assert broken(here, {"N3": "F-BRACKEN"}) == [("contract_hours", "F-BRACKEN")]


def test_a_cap_exceeded_on_entry_may_stay_so_but_not_grow() -> None:
    begun = package("R1", contract_id="F-BRACKEN", care_started=days(-1))
    here = county([begun, package("N1", hours=0.25)], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 4)])
    assert broken(here) == []
    assert broken(here, {"N1": "F-BRACKEN"}) == [("capped_new_work", "R-BRACKEN")]


def test_a_full_restriction_says_nothing_of_hours() -> None:
    here = county([package("R1", contract_id="F-BRACKEN")], [framework("BRACKEN")], restrictions=[restriction("BRACKEN")])
    assert Usage.of(here, standard_rules(), plan(here)).limits == ()
