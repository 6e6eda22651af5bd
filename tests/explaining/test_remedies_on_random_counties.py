"""On random counties every remedy told works when it is carried out, and a unit less of it does not."""

from __future__ import annotations

from collections import Counter

from hypothesis import event, given, settings

from optimiser.allocating.story import allocate
from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.records import TIERS
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.checking import findings
from optimiser.rules.book import standard_rules
from tests.explaining.changing import UNITS, Record, carried_out
from tests.making.drawn import snapshots


def could_go_higher(snapshot: Snapshot, plan: Plan, package: int) -> bool:
    """Whether the package alone could go to a higher tier than it is in, by the check."""
    county, rules = County.of(snapshot), standard_rules()
    now = plan.contracts[package]
    tier = len(TIERS) if now is None else TIERS.index(county.contracts[now].tier)
    higher = [index for index, contract in enumerate(county.contracts) if TIERS.index(contract.tier) < tier]
    return any(not findings(county, rules, plan.with_package(package, contract))[0] for contract in higher)


@settings(max_examples=40)
@given(snapshots())
def test_remedies_work_and_are_the_smallest(snapshot: Snapshot) -> None:
    allocation = allocate(snapshot)
    plan = allocation.verified.plan
    for package, person in enumerate(snapshot.packages):
        told: list[Record] = allocation.explain(package).get("remedies") or []
        if allocation.explain(package).get("remedies") is not None:
            assert not could_go_higher(snapshot, plan, package)
        assert max(Counter(remedy["change"] for remedy in told).values(), default=1) == 1
        for remedy in told:
            event(remedy["change"])
            kind = remedy["change"]
            assert could_go_higher(carried_out(snapshot, person.package_id, remedy), plan, package)
            assert not could_go_higher(carried_out(snapshot, person.package_id, remedy, less=UNITS[kind]), plan, package)
