"""Services, the reserve, rest and bundles, worked out by hand; both halves must agree."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optimiser.allocating.story import allocate
from optimiser.reoptimising.story import reoptimise
from tests.making import (
    FAKENHAM,
    area,
    county,
    days,
    framework,
    legacy,
    offer,
    package,
    principal,
    provider,
    reserve,
    snapshot,
    specialist,
)
from tests.rules.judging import broken, finding, passes, value

# ---- service ------------------------------------------------------------------------------------------------------------


def test_a_service_is_asked_of_those_that_deliver_it_alone() -> None:
    people = [package("N1"), package("N2", service="night"), package("N3", service="day_centre")]
    here = county(people, [framework("BRACKEN"), specialist("OWL")])
    assert [passes(here, "service", name, "F-BRACKEN") for name in ("N1", "N2", "N3")] == [True, False, False]
    assert [passes(here, "service", name, "S-OWL") for name in ("N1", "N2", "N3")] == [False, True, False]
    assert finding(here, "service", "N3", "S-OWL").sentence == "The package is day centre; the contract is for night."


def test_specialist_care_stands_outside_of_the_shares_and_is_no_legacy() -> None:
    people = [package("R1", hours=10, contract_id="P-ALDER"), package("N1", hours=50, service="night")]
    here = county(people, [principal("ALDER"), specialist("OWL")])
    assert here.demand_minutes.tolist() == [600]
    assert value(here, "principal_first", {"N1": "S-OWL"}) == 0
    assert value(here, "legacy", {"N1": "S-OWL"}) == 0
    assert value(here, "unmet", {"N1": None}) == 2 * (3_000 + 420), "but unmet need counts"
    assert passes(county(people, [specialist("OWL")], areas=[area(go_live=None)]), "area_live", "N1", "S-OWL")


# ---- the reserve --------------------------------------------------------------------------------------------------------


def test_the_reserve_is_asked_where_it_is_opened_alone() -> None:
    people = [package("N1"), package("N2", area_id="A2")]
    here = county(people, [reserve("WREN"), legacy("DOCK")], reserve_areas=["A2"])
    assert [passes(here, "reserve_open", name, "V-WREN") for name in ("N1", "N2")] == [False, True]
    assert passes(here, "reserve_open", "N1", "L-DOCK")


def test_the_reserve_counts_twice_everywhere_and_comes_after_everybody_else() -> None:
    people = [package("R1", contract_id="V-WREN"), package("N1"), package("N2", area_id="A2")]
    contracts = [reserve("WREN", rates_pence=(100, 100, 100)), legacy("DOCK")]
    here = county(people, contracts, reserve_areas=["A1", "A2"], areas=[area("A2", go_live=None)])
    assert value(here, "legacy") == 600, "running care stays, also where the reserve is closed"
    assert value(here, "legacy", {"N1": "L-DOCK", "N2": "L-DOCK"}) == 600 + 300
    assert value(here, "legacy", {"N1": "V-WREN", "N2": "V-WREN"}) == 600 * 3
    made = allocate(here.snapshot)
    assert [made.explain(made.county.package_index[name])["contract_id"] for name in ("N1", "N2")] == ["L-DOCK", "L-DOCK"]
    steps = made.explain(made.county.package_index["N1"])["contracts"]
    assert [step["tier"] for step in steps] == ["legacy", "reserve"]


def test_somebody_whom_nobody_else_can_take_goes_to_the_reserve_and_is_told_so() -> None:
    made = allocate(snapshot([package("N1")], [reserve("WREN")], reserve_areas=["A1"]))
    record = made.explain(0)
    assert record["reason"].startswith("Placed with a provider of last resort")
    assert made.areas()[0]["reserve_hours_4w"] == "20.00"


# ---- rested -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("begun", "may"), [(-84, True), (-83, False), (0, False), (None, True)])
def test_care_rests_for_twelve_weeks(begun: int | None, may: bool) -> None:
    started = None if begun is None else days(begun)
    running = package("R1", contract_id="F-CLOVER", transfer_decision="suitable", care_started=started)
    here = county([running, package("N1", care_started=days(0))], [framework("BRACKEN"), framework("CLOVER")])
    assert passes(here, "rested", "R1", "F-BRACKEN") is may
    assert passes(here, "rested", "N1", "F-BRACKEN"), "new care has nothing to rest from"
    later = here.moving_on(days(84), move_pending=False)
    assert passes(later, "rested", "R1", "F-BRACKEN"), "on a wave's day it is that day that counts"


def test_a_council_may_let_care_move_at_once() -> None:
    running = package("R1", contract_id="F-CLOVER", care_started=days(0))
    here = county([running], [framework("BRACKEN"), framework("CLOVER")], rest_days=0)
    assert passes(here, "rested", "R1", "F-BRACKEN")


# ---- overdue_weeks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "factor"), [(0, 1), (1, 2), (27, 2), (28, 3), (112, 6), (358, 14)])
def test_whoever_has_waited_longest_counts_most(late: int, factor: int) -> None:
    here = county([package("N1", priority="urgent", start_by=days(-late))], [framework("BRACKEN")])
    assert value(here, "unmet_urgent") == 720 * factor
    settled = county([package("N1", priority="urgent", start_by=days(-late))], [framework("BRACKEN")], overdue_weeks=0)
    assert value(settled, "unmet_urgent") == 720 * min(factor, 2)


# ---- bundles ------------------------------------------------------------------------------------------------------------


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


# ---- parts --------------------------------------------------------------------------------------------------------------


def test_whose_care_is_divided_is_counted_once_in_figures_and_in_parts_everywhere_else() -> None:
    people = [package("N1"), package("N2", part_of="N1"), package("N3", part_of="N1")]
    made = allocate(snapshot(people, [framework("BRACKEN", max_hours_4w=Fraction(40))]))
    figures = made.areas()[0]
    assert (figures["people"], figures["unmet_people"], figures["contracts"][0]["people"]) == (1, 1, 1)
    assert made.verified.levels["unmet"] == 2 * 720
