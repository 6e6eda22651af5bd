"""An accepted offer holds, whatever the rules now say."""

from __future__ import annotations

from fractions import Fraction

from tests.making import county, days, framework, legacy, offer, package, plan, provider, restriction
from tests.rules.judging import broken, settled


def test_an_accepted_offer_holds() -> None:
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    here = county([package("N1"), package("N2")], contracts, offers=[offer("N1", "F-BRACKEN", "accepted")])
    assert settled(here, "accepted_offer_holds", {"N1": "F-BRACKEN", "N2": "F-CLOVER"}) == [True, None]
    assert settled(here, "accepted_offer_holds", {"N1": "F-CLOVER"}) == [False]
    assert settled(here, "accepted_offer_holds", {"N1": None}) == [False]


def test_an_accepted_offer_is_placed_whatever_the_rules_now_say() -> None:
    person = package("N1", area_id="A2", skills=("dementia",), excluded_provider_ids=("BRACKEN",))
    here = county(
        [person],
        [framework("BRACKEN", ends=days(-1), bands=(3,), max_hours_4w=Fraction(0))],
        providers=[provider("BRACKEN", cqc_rating="inadequate", max_hours_4w=Fraction(0), max_distance_miles=Fraction(0))],
        restrictions=[restriction("BRACKEN")],
        offers=[
            offer("N1", "F-BRACKEN", "declined", offer_id="Q1", reason="cannot_meet_need"),
            offer("N1", "F-BRACKEN", "accepted", offer_id="Q2"),
        ],
    )
    assert plan(here).contracts == (0,)
    assert broken(here) == []


def test_an_accepted_offer_cancels_those_still_pending() -> None:
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    offers = [offer("N1", "F-BRACKEN", "accepted"), offer("N1", "F-CLOVER")]
    here = county([package("N1")], contracts, offers=offers)
    assert here.offers_in_force.pending == {}
    assert settled(here, "accepted_offer_holds", {"N1": "F-BRACKEN"}) == [True]
    assert settled(here, "pending_offer_waits", {"N1": "F-BRACKEN"}) == [None]


def test_offers_on_running_care_settle_nothing() -> None:
    contracts = [framework("BRACKEN"), legacy("DOCK")]
    offers = [offer("R1", "F-BRACKEN", "accepted"), offer("R2", "F-BRACKEN")]
    here = county([package("R1", contract_id="L-DOCK"), package("R2", contract_id="L-DOCK")], contracts, offers=offers)
    assert settled(here, "accepted_offer_holds", {"R1": "L-DOCK"}) == [None]
    assert settled(here, "pending_offer_waits", {"R2": "L-DOCK"}) == [None]
    assert broken(here) == []
    assert broken(here, {"R1": "F-BRACKEN"})[0] == ("running_care_stays", "R1")


def test_answers_that_are_no_answer_leave_the_package_open() -> None:
    for response in ("declined", "expired", "withdrawn"):
        here = county([package("N1")], [framework("BRACKEN"), legacy("DOCK")], offers=[offer("N1", "F-BRACKEN", response)])
        assert settled(here, "pending_offer_waits", {"N1": "L-DOCK"}) == [None]
        assert broken(here, {"N1": "L-DOCK"}) == []
