"""A contract's maximum, and what is exceeded on entry."""

from __future__ import annotations

from fractions import Fraction

from optimiser.judging.limit_use import Usage
from optimiser.rules.book import standard_rules
from tests.making import county, framework, offer, package, plan
from tests.rules.judging import broken, used


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
