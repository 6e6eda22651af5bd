"""Re-optimising a part of the county: whose care may move, and what is pinned before the first step."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.domain.brief import Brief, Part
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.briefing import BriefRefusedError
from optimiser.judging.checking import findings
from optimiser.reoptimising.report import reoptimisation_files
from optimiser.reoptimising.story import reoptimise
from tests.allocating.test_parts_and_pins import costs
from tests.explaining.changing import explained
from tests.making import package
from tests.reoptimising.counties import full_counties
from tests.reoptimising.test_by_hand import levels, row_of, running, said

ONE_FOR_ONE = [[("R1", "F-BRACKEN"), ("N1", "F-ALDER")]]
FULL = row_of(running("R1", "ALDER", round_id="RD-1"), package("N1", skills=("dementia",)), spare="BRACKEN")
"""ALDER alone can do what N1 needs and is full with R1, whom BRACKEN could look after as well."""


@pytest.mark.parametrize(
    ("part", "steps"),
    [
        (Part(), ONE_FOR_ONE),
        (Part(areas=("A1",)), ONE_FOR_ONE),
        (Part(packages=("N1",)), []),  # R1 is outside, and stays
        (Part(packages=("N1", "R1")), ONE_FOR_ONE),
        (Part(packages=("N1",), rounds=("RD-1",)), ONE_FOR_ONE),
        (Part(providers=("ALDER",)), ONE_FOR_ONE),  # what ALDER delivers may move wherever the rules let it
        (Part(providers=("BRACKEN",)), []),  # R1 is with ALDER, who is not asked
    ],
)
def test_only_whoever_is_in_the_part_is_moved_or_placed(part: Part, steps: list[list[tuple[str, str]]]) -> None:
    made = reoptimise(FULL, brief=Brief(part))
    assert said(made) == steps
    assert levels(made)["unmet"] == (720 if steps else 1440)
    assert made.allocation.all_proven


def test_a_round_without_anybody_who_waits_is_no_part() -> None:
    with pytest.raises(BriefRefusedError, match="nobody who waits is in it"):
        reoptimise(FULL, brief=Brief(Part(rounds=("RD-1",))))


def test_a_pin_keeps_running_care_where_it_is_and_costs_who_then_waits() -> None:
    made = reoptimise(FULL, brief=Brief(pins={"R1": "F-ALDER"}))
    assert said(made) == []
    assert made.allocation.asked is not None
    # 1,440 for N1 who waits, in place of 720 for the move; nobody is moved, and five hours fewer are paid and shared.
    price = costs(made.allocation.asked.prices[0])
    assert price == {"unmet": 720, "disruption": -1, "volume_share": price["volume_share"], "cost": -12_000}
    record = explained(made.allocation, "R1")
    assert record["reason"] == "Pinned by a named person for this run: the care stays where it is."


def test_pinned_placements_come_before_the_first_step() -> None:
    # N2 could go to either; pinned to BRACKEN it takes the room that R1 would have moved to.
    people = running("R1", "ALDER"), package("N1", skills=("dementia",)), package("N2", skills=("b",))
    county = row_of(*people, spare="BRACKEN")
    made = reoptimise(county, brief=Brief(pins={"N2": "F-BRACKEN"}))
    assert said(made) == []
    lines = list(csv.DictReader(io.StringIO(reoptimisation_files(made, {})["changes.csv"].decode())))
    assert [(line["step"], line["package_id"], line["kind"], line["to_contract_id"]) for line in lines] == [
        ("0", "N2", "pin", "F-BRACKEN")
    ]
    assert made.values[0]["unmet"] == 1440  # of N1 alone: N2 is there already
    assert explained(made.allocation, "N2")["reason"].startswith("Pinned to this contract by a named person")


@settings(max_examples=12, deadline=None)
@given(full_counties(), st.data())
def test_whatever_is_asked_every_prefix_of_steps_keeps_it(county: Snapshot, data: st.DataObject) -> None:
    names = [person.package_id for person in county.packages]
    part = Part(packages=tuple(data.draw(st.just([]) | st.lists(st.sampled_from(names), min_size=3, unique=True).map(sorted))))
    people = [person for person in county.packages if not part or person.package_id in part.packages]
    pinned = data.draw(st.lists(st.sampled_from(people), unique_by=lambda person: person.package_id, max_size=2))
    anywhere = st.sampled_from([None, *(held.contract_id for held in county.contracts)])
    pins = {person.package_id: person.contract_id or data.draw(anywhere) for person in pinned}
    try:
        made = reoptimise(county, brief=Brief(part, pins))
    except BriefRefusedError as refused:
        assert refused.faults
        return
    here, rules = made.allocation.county, made.allocation.rules
    assert made.steps.plan == made.allocation.verified.plan
    for count in range(len(made.steps.steps) + 1):
        plan = made.steps.after(here, count)
        assert findings(here, rules, plan)[0] == []
        for name, contract in pins.items():
            assert plan.contracts[here.package_index[name]] == (None if contract is None else here.contract_index[contract])
        changed = {here.packages[change.package].package_id for step in made.steps.steps[:count] for change in step.changes}
        assert not part or changed <= {*part.packages}
