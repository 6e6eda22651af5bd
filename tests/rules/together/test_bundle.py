"""A round called off at once: to one contract, or nowhere."""

from __future__ import annotations

from fractions import Fraction

from optimiser.allocating.story import allocate
from optimiser.reoptimising.story import reoptimise
from tests.making import (
    FAKENHAM,
    county,
    framework,
    offer,
    package,
    provider,
    snapshot,
)
from tests.rules.judging import broken


def test_a_bundle_goes_to_one_contract_or_nowhere() -> None:
    people = [package("N1", bundle_id="B1"), package("N2", bundle_id="B1"), package("N3")]
    here = county(people, [framework("BRACKEN"), framework("CLOVER")])
    assert broken(here, {"N1": "F-BRACKEN", "N2": "F-BRACKEN"}) == []
    assert broken(here, {"N1": None, "N2": None, "N3": "F-CLOVER"}) == []
    assert broken(here, {"N1": "F-BRACKEN", "N2": "F-CLOVER"}) == [("bundle_together", "B1")]
    assert broken(here, {"N1": "F-BRACKEN", "N2": None}) == [("bundle_together", "B1")]


def test_what_bars_one_bars_the_contract_for_all_and_each_counts_for_itself() -> None:
    people = [package("N1", bundle_id="B1"), package("N2", FAKENHAM, bundle_id="B1")]
    made = allocate(snapshot(people, [framework("BRACKEN", bands=(1,)), framework("CLOVER", rates_pence=(9900, 9900, 9900))]))
    assert [made.explain(number)["contract_id"] for number in (0, 1)] == ["F-CLOVER", "F-CLOVER"]
    step = next(each for each in made.explain(0)["contracts"] if each["contract_id"] == "F-BRACKEN")
    assert step["verdict"] == "may not be asked"
    assert [name for name, passed, *_ in step["findings"] if not passed] == ["bundle_together"]
    assert "N2" not in str(step), "another person is never named"
    alone = allocate(snapshot(people, [framework("BRACKEN", bands=(1,))]))
    assert alone.verified.levels["unmet"] == 2 * 720 * 2


def test_a_bundle_needs_room_for_all_of_it() -> None:
    people = [package("N1", bundle_id="B1"), package("N2", bundle_id="B1"), package("N3", priority="planned")]
    made = allocate(snapshot(people, [framework("BRACKEN", max_hours_4w=Fraction(39))]))
    assert [made.outcome(number) for number in range(3)] == ["unmet", "unmet", "placed"]
    assert made.all_proven
    record = made.explain(0)
    assert record["contracts"][0]["verdict"] == "is full"
    assert record["reason"].startswith("Nobody has room: 1 contract(s)")
    wider = allocate(snapshot(people, [framework("BRACKEN", max_hours_4w=Fraction(40))]))
    assert [wider.outcome(number) for number in range(3)] == ["placed", "placed", "unmet"]


def test_an_offer_takes_a_package_out_of_its_bundle_and_one_left_alone_goes_alone() -> None:
    people = [package("N1", bundle_id="B1"), package("N2", bundle_id="B1"), package("R1", bundle_id="B1", contract_id="F-CLOVER")]
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(20)), framework("CLOVER")]
    here = county(people, contracts, offers=[offer("N2", "F-CLOVER")])
    assert here.bundles == {}
    before = county(people, contracts)
    assert set(before.bundles) == {"B1"}
    assert before.with_offers(here.snapshot).bundles == {}, "worked out anew where offers change"
    assert broken(here, {"N1": "F-BRACKEN"}) == []


def test_a_bundle_is_one_step_of_a_reoptimisation() -> None:
    """R1 makes room for both or for nobody: each alone would leave room that the other lacks."""
    people = [
        package("R1", hours=10, contract_id="F-ALDER", transfer_decision="suitable"),
        package("N1", skills=("dementia",), bundle_id="B1"),
        package("N2", skills=("dementia",), bundle_id="B1"),
    ]
    providers = [provider("ALDER", skills=("dementia",)), provider("BRACKEN")]
    made = reoptimise(
        snapshot(people, [framework("ALDER", max_hours_4w=Fraction(40)), framework("BRACKEN")], providers=providers)
    )
    assert [[len(step.moves), len(step.placements)] for step in made.steps.steps] == [[1, 2]]
    assert made.allocation.all_proven
