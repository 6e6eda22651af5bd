"""Runs for a part of the county, and pins with what they cost: counties to work out on paper, and what holds of all."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optimiser.allocating import story
from optimiser.allocating.asked import MOST_PRICED, Price
from optimiser.allocating.report import allocation_files
from optimiser.allocating.story import Allocation, allocate
from optimiser.county import County
from optimiser.domain.brief import Brief, Part
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.briefing import BriefRefusedError
from optimiser.judging.checking import findings
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.outcome import Effort, Progress
from tests.explaining.changing import explained
from tests.explaining.reading import grade
from tests.making import contract, framework, legacy, package, snapshot
from tests.making.drawn import snapshots


def where(allocation: Allocation) -> dict[str, str | None]:
    """Per package the contract that it is on."""
    county, plan = allocation.county, allocation.verified.plan.contracts
    return {
        person.package_id: None if on is None else county.contracts[on].contract_id
        for person, on in zip(county.packages, plan, strict=True)
    }


def costs(price: Price | None) -> dict[str, int]:
    """Per level on which a pin costs anything what it costs, all of them proven to the unit."""
    assert price is not None
    assert price.levels is not None
    assert all(level.proven and level.at_least == level.costs == level.at_most for level in price.levels)
    return {level.with_pin.name: level.costs for level in price.levels if level.costs}


TWO_AREAS = snapshot(
    [package("N1"), package("N2"), package("N3", area_id="A2"), package("R1", contract_id="L-DOCK")],
    [framework("BRACKEN"), contract("F2-CLOVER", "CLOVER", area_id="A2"), legacy("DOCK")],
)
"""Five hours each; everybody who waits has room with the framework of their area."""


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Part(), {"N1": "F-BRACKEN", "N2": "F-BRACKEN", "N3": "F2-CLOVER"}),
        (Part(areas=("A2",)), {"N1": None, "N2": None, "N3": "F2-CLOVER"}),
        (Part(packages=("N2",)), {"N1": None, "N2": "F-BRACKEN", "N3": None}),
        (Part(areas=("A2",), packages=("N2",)), {"N1": None, "N2": "F-BRACKEN", "N3": "F2-CLOVER"}),
        (Part(providers=("CLOVER",)), {"N1": None, "N2": None, "N3": "F2-CLOVER"}),
        (Part(providers=("DOCK",)), {"N1": "L-DOCK", "N2": "L-DOCK", "N3": "L-DOCK"}),
        (Part(areas=("A1",), providers=("DOCK",)), {"N1": "L-DOCK", "N2": "L-DOCK", "N3": None}),
    ],
)
def test_only_the_part_is_decided_on(part: Part, expected: dict[str, str | None]) -> None:
    allocation = allocate(TWO_AREAS, brief=Brief(part))
    assert where(allocation) == {**expected, "R1": "L-DOCK"}
    assert allocation.all_proven
    waits = sum(contract is None for contract in expected.values())
    assert allocation.verified.levels["unmet"] == waits * 2 * (300 + 420)  # of the whole county: who is outside waits in truth


def test_tolerances_are_measured_by_what_the_run_is_for() -> None:
    # 300 of 900 minutes wait in the part: 300 / 10 pence may be given away, not 900 / 10.
    given = {level.name: level.tolerance for level in allocate(TWO_AREAS, brief=Brief(Part(packages=("N2",)))).levels}
    whole = {level.name: level.tolerance for level in allocate(TWO_AREAS).levels}
    assert (given["cost"], whole["cost"]) == (30, 90)


def test_who_is_outside_is_told_so_and_is_no_unlucky_one() -> None:
    allocation = allocate(TWO_AREAS, brief=Brief(Part(packages=("N2",))))
    record = explained(allocation, "N1")
    assert record["outcome"] == "unmet"
    assert record["reason"] == "Outside of the part that this run was for: nobody was asked, and it waits as before."
    assert record["contracts"] == []
    assert "did not look for a care provider for you" in record["person"]
    assert explained(allocation, "R1")["reason"] == "Running care stays where it is."
    some = explained(allocate(TWO_AREAS, brief=Brief(Part(providers=("CLOVER",)))), "N1")
    assert "some care providers only" in some["person"]
    assert [step["verdict"] for step in some["contracts"]] == ["may not be asked"] * len(some["contracts"])


ONE_PERSON = snapshot(
    [package("N1")],
    [framework("BRACKEN"), framework("CLOVER", rates_pence=(2500, 2500, 2500)), legacy("DOCK", rates_pence=(2300, 2300, 2300))],
)
"""Five hours: £120.00 a week with BRACKEN, £125.00 with CLOVER, £115.00 with DOCK, by exception. All offices are in Dereham."""


@pytest.mark.parametrize(
    ("pinned_to", "price"),
    [
        ("F-BRACKEN", {}),
        ("F-CLOVER", {"cost": 500}),
        # Each of two framework contracts should have half of 300 minutes: |300 - 150| + |0 - 150| are 300, and of nothing 0.
        ("L-DOCK", {"legacy": 300, "volume_share": -300, "cost": -500}),
        (None, {"unmet": 1440, "volume_share": -300, "cost": -12_000}),
    ],
)
def test_a_pin_costs_what_is_worked_out_on_paper(pinned_to: str | None, price: dict[str, int]) -> None:
    assert where(allocate(ONE_PERSON)) == {"N1": "F-BRACKEN"}
    allocation = allocate(ONE_PERSON, brief=Brief(pins={"N1": pinned_to}))
    assert where(allocation) == {"N1": pinned_to}
    assert allocation.asked is not None
    assert costs(allocation.asked.prices[0]) == price
    assert allocation.asked.together is None


def test_a_pin_is_told_as_a_persons_and_not_as_a_rules() -> None:
    allocation = allocate(ONE_PERSON, brief=Brief(pins={"N1": "F-CLOVER"}))
    record = explained(allocation, "N1")
    assert record["reason"] == "Pinned to this contract by a named person for this run; every rule and limit allows it."
    assert {step["contract_id"]: step["verdict"] for step in record["contracts"]} == {
        "F-BRACKEN": "has room",
        "F-CLOVER": "pinned by a named person",
        "L-DOCK": "has room",
    }
    assert record["remedies"] is None
    assert "Someone in our team has picked them for you." in record["person"]
    waiting = explained(allocate(ONE_PERSON, brief=Brief(pins={"N1": None})), "N1")
    assert waiting["reason"] == "Pinned by a named person for this run: it stays waiting, and nobody was asked."
    assert waiting["remedies"] is None
    assert max(grade(each["person"]) for each in (record, waiting)) < 7


def test_a_pin_that_takes_the_last_room_costs_what_the_other_loses() -> None:
    # BRACKEN has room for five hours. Pinned, N2 (planned, 1 x 720) keeps N1 (standard, 2 x 720) out.
    tight = snapshot([package("N1"), package("N2", priority="planned")], [framework("BRACKEN", max_hours_4w=Fraction(20))])
    assert where(allocate(tight)) == {"N1": "F-BRACKEN", "N2": None}
    allocation = allocate(tight, brief=Brief(pins={"N2": "F-BRACKEN"}))
    assert where(allocation) == {"N1": None, "N2": "F-BRACKEN"}
    assert allocation.asked is not None
    assert costs(allocation.asked.prices[0]) == {"unmet": 720}
    assert "all are full" in explained(allocation, "N1")["reason"]


def test_pins_are_priced_one_by_one_and_all_together() -> None:
    # CLOVER alone costs 500 pence more a week for each of two; one full home saves nothing for the other.
    two = replace(ONE_PERSON, packages=(package("N1"), package("N2")))
    asked = allocate(two, brief=Brief(pins={"N1": "F-CLOVER", "N2": None})).asked
    assert asked is not None
    assert asked.pins == (("N1",), ("N2",))
    assert costs(asked.together)["unmet"] == costs(asked.prices[1])["unmet"] == 1440


def test_more_pins_than_are_priced_one_by_one_are_priced_together() -> None:
    people = tuple(package(f"N{number:02}") for number in range(MOST_PRICED + 1))
    pins: dict[str, str | None] = dict.fromkeys((person.package_id for person in people), "F-CLOVER")
    asked = allocate(replace(ONE_PERSON, packages=people), brief=Brief(pins=pins)).asked
    assert asked is not None
    assert asked.prices == ()
    # Of 3,300 minutes BRACKEN would have 1,800 (150 above its half) and CLOVER 1,500; pinned, both are 1,650 off their halves.
    # Five people with CLOVER cost 500 pence a week more each, eleven six times 500 more than that.
    assert costs(asked.together) == {"volume_share": 3000, "cost": 3000}
    assert [pin["price"] for pin in asked.record()["pins"]] == [None] * 11


def test_a_bundle_is_pinned_and_priced_as_one() -> None:
    two = replace(ONE_PERSON, packages=(package("N1", bundle_id="B1"), package("N2", bundle_id="B1")))
    allocation = allocate(two, brief=Brief(pins={"N2": "F-CLOVER"}))
    assert where(allocation) == {"N1": "F-CLOVER", "N2": "F-CLOVER"}
    assert allocation.asked is not None
    assert allocation.asked.pins == (("N1", "N2"),)
    assert costs(allocation.asked.prices[0]) == {"cost": 1000}


TWO_PINS = Brief(pins={"N1": "F-CLOVER", "N2": None})


def test_each_run_that_prices_says_which_of_how_many_it_is() -> None:
    told: list[Progress] = []
    two = replace(ONE_PERSON, packages=(package("N1"), package("N2")))
    allocate(two, brief=TWO_PINS, report=told.append)
    assert list(dict.fromkeys(news.price_run for news in told)) == [None, (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("by_hand", [False, True])
def test_prices_can_be_ended_between_and_the_plan_stays(monkeypatch: pytest.MonkeyPatch, *, by_hand: bool) -> None:
    """Over HTTP somebody asks for it; on a terminal Ctrl-C may come while the next model is built."""
    two = replace(ONE_PERSON, packages=(package("N1"), package("N2")))
    whole, built = allocate(two, brief=TWO_PINS), list[object]()

    def build(county: County, rules: RuleBook) -> Model:
        if by_hand and len(built) == 2:
            raise KeyboardInterrupt
        built.append(county)
        return build_model(county, rules)

    monkeypatch.setattr(story, "build_model", build)
    ended = allocate(two, brief=TWO_PINS, should_stop=lambda: not by_hand and len(built) == 2)
    assert len(built) == 2, "no further model was built"
    assert ended.asked is not None
    prices = [price.record() is None for price in (*ended.asked.prices, ended.asked.together) if price]
    assert prices == [not by_hand, True, True]
    assert (ended.stopped, ended.levels) == ("cancelled", whole.levels)
    assert where(ended) == where(whole)


def test_a_price_that_the_clock_cut_is_not_known_and_the_run_says_so() -> None:
    asked = allocate(ONE_PERSON, brief=Brief(pins={"N1": "F-CLOVER"}), effort=Effort(wall_seconds=0)).asked
    assert asked is not None
    assert not asked.all_priced
    assert asked.record()["pins"] == [{"package_ids": ["N1"], "contract_id": "F-CLOVER", "price": None}]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(snapshots())
def test_a_run_for_all_areas_is_the_run_for_the_county(given: Snapshot) -> None:
    assume(any(person.status == "new" for person in given.packages))
    everywhere = Brief(Part(areas=tuple(area.area_id for area in given.areas)))
    part, whole = (allocation_files(allocate(given, brief=brief), {}) for brief in (everywhere, None))
    assert part["allocations.csv"] == whole["allocations.csv"]
    assert part["explanations.jsonl"] == whole["explanations.jsonl"]
    assert part["result.json"] != whole["result.json"]  # which names the part


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(snapshots(), st.data())
def test_whatever_is_asked_is_refused_or_kept_within_all_rules(given: Snapshot, data: st.DataObject) -> None:
    new = [person.package_id for person in given.packages if person.status == "new"]
    assume(new)
    anywhere = st.sampled_from([None, *(held.contract_id for held in given.contracts)])
    pins = data.draw(st.dictionaries(st.sampled_from(new), anywhere, max_size=2))
    part = Part(packages=tuple(data.draw(st.lists(st.sampled_from(new), unique=True, max_size=4).map(sorted))))
    try:
        allocation = allocate(given, brief=Brief(part, pins))
    except BriefRefusedError as refused:
        assert refused.faults
        return
    assert findings(County.of(given), standard_rules(), allocation.verified.plan)[0] == []
    found, accepted = where(allocation), allocation.county.offers_in_force.accepted
    if allocation.asked is None:
        return
    pinned = allocation.asked.brief.pins
    assert {name: found[name] for name in pinned} == pinned
    inside = {*new} if not part else {*allocation.asked.brief.part.packages}
    assert all(found[name] is None or name in accepted for name in new if name not in inside)
    for price in allocation.asked.prices:
        assert price.levels is not None
        first = next((level for level in price.levels if level.costs), None)
        assert first is None or not first.proven or first.costs > 0  # who pins gains nothing, where it is first felt
