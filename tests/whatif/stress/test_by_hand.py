"""A trial is what anybody gets by ending the contracts by hand and allocating."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from optimiser.allocating.story import Allocation, allocate
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.snapshot import Snapshot
from optimiser.rules.book import standard_rules
from optimiser.solving.formulation import Model
from optimiser.solving.outcome import Effort
from optimiser.solving.problem import UNPLACED, IntArray
from optimiser.whatif.stress.problem import contracts_of, varied
from optimiser.whatif.stress.report import stress_page, stress_record
from optimiser.whatif.stress.solve import swift, thorough
from optimiser.whatif.stress.story import Sweep, failure_of, hand_back_of
from tests.making import AS_OF
from tests.making.drawn import PROVIDERS, snapshots

RULES = standard_rules()


def by_hand(snapshot: Snapshot, contract_ids: frozenset[str]) -> Snapshot:
    """Written apart from ``ending.py``: contracts end today, their packages are new."""
    contracts = []
    for contract in snapshot.contracts:
        if contract.contract_id in contract_ids and (contract.ends is None or contract.ends > AS_OF):
            contract = replace(contract, ends=AS_OF)  # noqa: PLW2901
        contracts.append(contract)
    packages = []
    for package in snapshot.packages:
        if package.contract_id in contract_ids:
            emptied = {"contract_id": "", "round_id": "", "care_started": None, "start_by": None}
            package = replace(package, status="new", **emptied)  # type: ignore[arg-type]  # noqa: PLW2901
        packages.append(package)
    return replace(snapshot, contracts=tuple(contracts), packages=tuple(packages))


def levels_of(allocation: Allocation) -> list[tuple[str, int, int, int | None, bool]]:
    return [(level.name, level.value, level.best, level.bound, level.proven) for level in allocation.levels]


@given(snapshots())
@settings(max_examples=6, deadline=None)
def test_a_named_failure_has_the_levels_of_an_allocation_made_by_hand(snapshot: Snapshot) -> None:
    county = County.of(snapshot)
    for provider_id in PROVIDERS[:3]:
        contract_ids = contracts_of(snapshot, [provider_id])
        allocation = allocate(by_hand(snapshot, contract_ids))
        trial = thorough(varied(county, contract_ids), RULES, Effort())
        assert [(x.name, x.value, x.best, x.bound, x.proven) for x in trial.levels] == levels_of(allocation)


@given(snapshots())
@settings(max_examples=6, deadline=None)
def test_a_sweep_agrees_where_both_are_proven_and_never_claims_too_much(snapshot: Snapshot) -> None:
    county = County.of(snapshot)
    today = thorough(county, RULES, Effort())
    for provider_id in PROVIDERS[:3]:
        contract_ids = contracts_of(snapshot, [provider_id])
        allocation = allocate(by_hand(snapshot, contract_ids))
        trial = swift(varied(county, contract_ids), RULES, today.verified.plan)
        earlier_equal = True
        for mine, theirs in zip(trial.levels, allocation.levels, strict=True):
            if not earlier_equal:
                break  # a later level's minimum depends on the bests before it
            if mine.bound is not None:
                assert mine.bound <= theirs.best
            if mine.proven and theirs.proven:
                assert mine.best == theirs.best, mine.name
            earlier_equal = mine.best == theirs.best


def nobody_placed(model: Model, _: Plan) -> IntArray:
    """In place of polishing: the poorest plan there is."""
    return np.full(model.problem.item_count, UNPLACED, dtype=np.int64)


@given(snapshots())
@settings(max_examples=10, deadline=None)
def test_a_poor_plan_is_not_said_to_be_proven(snapshot: Snapshot) -> None:
    contract_ids = contracts_of(snapshot, PROVIDERS[:1])
    best = {level.name: level for level in allocate(by_hand(snapshot, contract_ids)).levels}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("optimiser.whatif.stress.solve._polished", nobody_placed)
        trial = swift(varied(County.of(snapshot), contract_ids), RULES, Plan.of([None] * len(snapshot.packages)))
    for level in trial.levels:
        assert level.bound is None or level.bound <= best[level.name].best
        if level.value > best[level.name].best:
            assert not level.proven
            break  # a later level's minimum depends on the bests before it


@given(snapshots())
@settings(max_examples=12, deadline=None)
def test_a_varied_county_is_the_county_of_the_snapshot_made_by_hand(snapshot: Snapshot) -> None:
    county = County.of(snapshot)
    for contract in snapshot.contracts[:4]:
        made = varied(county, {contract.contract_id})
        fresh = County.of(by_hand(snapshot, frozenset([contract.contract_id])))
        assert made.packages == fresh.packages
        assert made.offers_in_force == fresh.offers_in_force
        for name in ("running_on", "base_metres", "start_day", "demand_minutes", "band"):
            assert np.array_equal(getattr(made, name), getattr(fresh, name)), name


@given(snapshots())
@settings(max_examples=2, deadline=None)
def test_a_sweep_repeats_and_ranks_worst_first(snapshot: Snapshot) -> None:
    county = County.of(snapshot)
    first, second = (Sweep(county, RULES).everybody(worst=2) for _ in range(2))
    assert first.singles == second.singles
    assert first.pairs == second.pairs
    severities = [each.severity for each in first.singles]
    assert severities == sorted(severities, reverse=True)
    assert {each.failure.subject for each in first.singles} == {p.provider_id for p in snapshot.providers}
    page = stress_page(stress_record(first)).decode()
    assert ("The worst providers, two at a time" in page) == bool(first.pairs)


def test_a_hand_back_ends_one_contract_alone() -> None:
    from tests.making import county, framework, package, principal

    made = county(
        [package("N1", contract_id="P-ALDER"), package("N2", contract_id="F-ALDER", area_id="A2")],
        [principal("ALDER"), framework("ALDER", area_id="A2"), framework("BRACKEN")],
    )
    (tried,) = Sweep(made, RULES).named([hand_back_of(made, "P-ALDER")]).singles
    assert (tried.loss.lost.people, tried.loss.by_tier["framework"].people) == (1, 1)
    assert tried.loss.takers[0][0] == "BRACKEN"
    (whole,) = Sweep(made, RULES).named([failure_of(made, ["ALDER"])]).singles
    assert (whole.loss.lost.people, whole.loss.unplaced_people) == (2, 1)
    assert [(area.area_id, area.breaks, area.without_principal) for area in whole.loss.areas] == [
        ("A2", True, False),
        ("A1", False, True),
    ]
