"""Neither the order of rows nor anybody's id changes what a county is worth."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.judging.checking import findings
from optimiser.rules.book import standard_rules
from tests import making
from tests.making.drawn import plans, snapshots
from tests.making.written import write

RECORDS = ("areas", "surgeries", "providers", "offices", "contracts", "restrictions", "packages", "offers")
IDS = {f"{record}_id" for record in ("area", "surgery", "provider", "office", "contract", "restriction", "package", "offer")}


def read_back(snapshot: Snapshot, seed: int) -> Snapshot:
    with TemporaryDirectory() as folder:
        write(snapshot, Path(folder), Random(seed))
        return read_snapshot(Path(folder)).snapshot


@settings(max_examples=40)
@given(snapshots(), st.integers(0, 2**32))
def test_rows_in_any_order_are_the_same_snapshot_with_the_same_digest(snapshot: Snapshot, seed: int) -> None:
    shuffled = read_back(snapshot, seed)
    assert shuffled == snapshot
    assert shuffled.digest() == snapshot.digest()


def without(snapshot: Snapshot, record: str) -> Snapshot:
    """The snapshot with no records of one kind."""
    parts: dict[str, Any] = {record: ()}
    return replace(snapshot, **parts)


def test_the_digest_changes_with_every_kind_of_record() -> None:
    base = making.snapshot(
        [making.package("N1")],
        [making.framework("BRACKEN")],
        restrictions=[making.restriction("BRACKEN")],
        offers=[making.offer("N1", "F-BRACKEN")],
    )
    changed = [
        replace(base, as_of=making.days(1)),
        replace(base, policy=replace(base.policy, person_minutes=421)),
        *(without(base, name) for name in RECORDS),
        replace(base, packages=(replace(base.packages[0], minutes_per_week=315),)),
    ]
    assert len({each.digest() for each in (base, *changed)}) == len(changed) + 1


def relabelled(snapshot: Snapshot, order: Random) -> tuple[Snapshot, dict[str, str]]:
    """The same county with other ids throughout, in another order, and what became of each id."""
    old = [getattr(record, fields(record)[0].name) for name in RECORDS for record in getattr(snapshot, name)]
    numbers = list(range(len(old)))
    order.shuffle(numbers)
    new = {name: f"X{number:03}" for name, number in zip(old, numbers, strict=True)}

    def renamed(record: Any) -> Any:
        given: dict[str, Any] = {
            part.name: new.get(getattr(record, part.name), "") for part in fields(record) if part.name in IDS
        }
        if hasattr(record, "excluded_provider_ids"):
            given["excluded_provider_ids"] = tuple(sorted(new[name] for name in record.excluded_provider_ids))
        return replace(record, **given)

    parts: dict[str, Any] = {}
    for name in RECORDS:
        records = [renamed(record) for record in getattr(snapshot, name)]
        parts[name] = tuple(sorted(records, key=lambda record: str(getattr(record, fields(record)[0].name))))
    return replace(snapshot, **parts), new


@settings(max_examples=60)
@given(st.data())
def test_other_ids_give_the_corresponding_plan_the_same_values_and_the_same_verdict(data: Any) -> None:
    snapshot, rules = data.draw(snapshots()), standard_rules()
    county = County.of(snapshot)
    plan = data.draw(plans(county))
    renamed, new = relabelled(snapshot, Random(data.draw(st.integers(0, 2**32))))
    other = County.of(renamed)
    places: list[int | None] = [None] * len(plan.contracts)
    for package, contract in plan.placed():
        name = new[county.contracts[contract].contract_id]
        places[other.package_index[new[county.packages[package].package_id]]] = other.contract_index[name]
    corresponding = Plan.of(places)
    assert {rule.name: rule.value(county, plan) for rule in rules.levels} == {
        rule.name: rule.value(other, corresponding) for rule in rules.levels
    }
    broken, again = findings(county, rules, plan)[0], findings(other, rules, corresponding)[0]
    assert sorted(each.finding.rule for each in broken) == sorted(each.finding.rule for each in again)
