"""Rules that a transfer and a hand-back have never heard of: kept, judged on the day, and told no further than they may be."""

from __future__ import annotations

from typing import Any

import pytest

from optimiser.domain.plan import Known
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.check import check
from optimiser.transferring.handing_back.report import hand_back_files
from optimiser.transferring.handing_back.story import plan_hand_back
from optimiser.transferring.report import verified_files
from optimiser.transferring.transfer_plan import TransferPlan
from tests.making import framework, legacy, provider
from tests.making.transfers import POLICY, files, planned, small_county, where

FIRST, THIRD = "2027-03-01", "2027-03-30"
pytestmark = pytest.mark.usefixtures("toys")


def level(plan: TransferPlan, name: str) -> Any:
    return next(level for level in plan.levels if level.name == name)


def test_a_rule_that_goes_by_the_day_is_judged_on_every_wave() -> None:
    plan = planned(small_county({"A1": {"visits_per_week": 29}}))
    assert where(plan) == {"R1": THIRD, "R2": "stays", "R3": "stays", "R4": FIRST}
    shortfall = level(plan, "shortfall")
    assert (shortfall.value, shortfall.bound, shortfall.proven) == (3_300, 3_300, True)
    assert files(plan)  # and the check confirms it


def test_the_check_finds_a_move_before_its_day() -> None:
    made = files(planned())
    late = small_county({"A1": {"visits_per_week": 29}})
    assert check(late, POLICY, Known(), ["A1"], made) == [f"A1: fails toy_begins_late for P-NEW on {FIRST}"]


def two_at_once(**given: Any) -> Snapshot:
    """R1 has somebody who needs two care workers at once, which NEW offers; the toy does not allow it to them."""
    skilled = ("double_handed",)
    holders = [provider("NEW", cqc_rating="not_rated", skills=skilled), provider("OLD", skills=skilled), provider("SMALL")]
    return small_county({"A2": {"workers": 2}}, providers=holders, **given)


@pytest.mark.parametrize("name_blockers", [False, True])
def test_a_private_rule_is_told_in_no_file_of_a_transfer(name_blockers: bool) -> None:
    plan = planned(two_at_once(), recut=True)
    assert where(plan)["R1"] == "stays"
    made = verified_files(plan, {}, name_blockers=name_blockers)
    for name, content in made.items():
        for private in ("toy_two", "toy two", "two at once", "wo care workers"):
            assert private not in content.decode(), name
    assert "The whole round stays: 1 person may not move." in made["transfers.csv"].decode()


def test_a_private_rule_is_told_in_no_file_of_a_hand_back() -> None:
    plan = plan_hand_back(two_at_once(), "L-OLD", POLICY)
    for name, content in hand_back_files(plan, {}).items():
        assert "toy" not in content.decode(), name
    assert {plan.county.contracts[option.contract].contract_id for option in plan.placed.values()} == {"L-SMALL", "P-NEW"}
    assert plan.county.package_index["A2"] not in plan.placed  # SMALL does not offer two at once


def test_a_limit_that_says_nothing_binds_a_transfer_with_the_care_that_it_counts() -> None:
    short = {"visits_per_week": 3}
    # Nine hours of short care may go to NEW: the ten of R1 do not fit, the five that one of its two people needs do.
    assert where(planned(small_county({"A1": short, "A2": short})))["R1"] == "stays"
    assert where(planned(small_county({"A1": short})))["R1"] == FIRST
    plan = planned(small_county({"A1": short, "A2": short}))
    assert "toy_short_care of P-NEW" in files(plan)["transfers.csv"].decode()


def test_the_check_finds_a_limit_that_is_passed() -> None:
    short = {"visits_per_week": 3}
    made = files(planned())
    assert "toy_short_care of P-NEW is passed" in check(small_county({"A1": short, "A2": short}), POLICY, Known(), ["A1"], made)
    assert check(small_county({"A1": short}), POLICY, Known(), ["A1"], made) == []


def test_a_hand_back_keeps_the_limit_and_the_rule_of_the_day() -> None:
    short = {"visits_per_week": 3}
    contracts = [framework("NEW"), legacy("OLD")]
    holders = [provider("NEW"), provider("OLD")]
    people: dict[str, Any] = {"N0": {"contract_id": "F-NEW"}, "A1": short, "A2": short}
    gone: dict[str, Any] = {name: {"contract_id": "F-NEW", "round_id": ""} for name in ("C1", "Y1")}
    county = small_county(people | gone, contracts=contracts, providers=holders, rounds=[])
    plan = plan_hand_back(county, "L-OLD", POLICY)
    placed = {plan.county.packages[member].package_id for member in plan.placed}
    assert len(placed & {"A1", "A2"}) == 1
    assert hand_back_files(plan, {})
    late = small_county(people | gone | {"B1": {"visits_per_week": 29}}, contracts=contracts, providers=holders, rounds=[])
    plan = plan_hand_back(late, "L-OLD", POLICY)
    assert plan.county.package_index["B1"] not in plan.placed
