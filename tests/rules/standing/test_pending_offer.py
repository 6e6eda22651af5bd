"""A pending offer holds its hours on each contract asked, and keeps its package out of the run."""

from __future__ import annotations

from fractions import Fraction

from optimiser.explaining.packages import outcome_of
from optimiser.judging.checking import verify
from optimiser.rules.book import standard_rules
from tests.making import cap, county, framework, legacy, offer, package, plan, provider
from tests.rules.judging import broken, settled, used


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


def test_a_package_with_a_pending_offer_is_left_out() -> None:
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    here = county([package("N1"), package("N2")], contracts, offers=[offer("N1", "F-BRACKEN")])
    assert settled(here, "pending_offer_waits", {"N1": None, "N2": None}) == [True, None]
    assert settled(here, "pending_offer_waits", {"N1": "F-BRACKEN"}) == [False]  # not even where it was asked
    verified = verify(here, standard_rules(), plan(here))
    assert [outcome_of(here, verified, index) for index in (0, 1)] == ["pending", "unmet"]
