"""On random counties what is reported of the levels holds together, repeats, and is confirmed by trying every plan."""

from __future__ import annotations

from itertools import product
from math import prod

import numpy as np
from hypothesis import HealthCheck, assume, given, settings

from optimiser.allocating.story import allocate
from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.rules.book import standard_rules
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.problem import UNPLACED
from tests.making.drawn import snapshots

RULES = standard_rules()


@settings(max_examples=30)
@given(snapshots())
def test_the_figures_of_every_level_hold_together(snapshot: Snapshot) -> None:
    allocation = allocate(snapshot)
    free = sum(each.minutes_per_week for each in snapshot.packages if each.status == "new")
    tolerance = {"principal_first": free // 400, "volume_share": free // 400, "cost": free // 10}
    assert [level.name for level in allocation.levels] == [rule.name for rule in RULES.levels]
    for level in allocation.levels:
        assert all(type(figure) is int for figure in (level.value, level.best, level.bound, level.tolerance, level.given_away))
        assert level.value == allocation.verified.levels[level.name]
        assert 0 <= level.bound <= level.best <= level.value <= level.best + level.tolerance
        assert level.tolerance == tolerance.get(level.name, 0)
        assert level.given_away == level.value - level.best
        assert level.gap == (level.best - level.bound) / max(level.best, 1)
        gap = level.best - level.bound
        shut = gap <= free // 50 if level.name == "cost" else 10_000 * gap <= level.best if level.name == "travel" else gap < 1
        assert level.proven == shut
        assert not level.given_to or level.given_away
    assert allocation.stopped == "no"
    assert allocation.all_proven == all(level.proven for level in allocation.levels)


@settings(max_examples=10)
@given(snapshots())
def test_the_same_snapshot_gives_the_same_result(snapshot: Snapshot) -> None:
    one, two = allocate(snapshot), allocate(snapshot)
    assert one.levels == two.levels
    assert one.verified.plan == two.verified.plan
    everybody = range(len(snapshot.packages))
    assert [one.explain(index) for index in everybody] == [two.explain(index) for index in everybody]


@settings(max_examples=30)
@given(snapshots())
def test_what_another_choice_would_have_changed_is_what_the_check_finds(snapshot: Snapshot) -> None:
    allocation = allocate(snapshot)
    county, plan = allocation.county, allocation.verified.plan
    here = allocation.verified.levels
    for index, person in enumerate(county.packages):
        if person.package_id in county.offers_in_force.accepted:
            continue  # nobody chose: the provider has said yes
        for step in allocation.explain(index)["contracts"]:
            if "instead" in step:
                other = plan.with_package(index, county.contract_index[step["contract_id"]])
                there = {rule.name: rule.value(county, other) for rule in RULES.levels}
                assert step["instead"] == {name: there[name] - here[name] for name in here if there[name] != here[name]}


def every_plan(model: Model) -> list[tuple[int, ...]]:
    """The level values of every legal plan there is."""
    problem = model.problem
    own = [[UNPLACED, *np.flatnonzero(problem.choice_item == item).tolist()] for item in range(problem.item_count)]
    plans = (np.array(choices, dtype=np.int64) for choices in product(*own))
    return [problem.values(plan) for plan in plans if problem.is_legal(plan)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(snapshots())
def test_bests_and_bounds_are_confirmed_by_trying_every_plan(snapshot: Snapshot) -> None:
    model = build_model(County.of(snapshot), RULES)
    sizes = np.bincount(model.problem.choice_item, minlength=model.problem.item_count) + 1
    assume(2 < prod(sizes.tolist()) <= 300)
    left = every_plan(model)
    for index, level in enumerate(allocate(snapshot).levels):
        least = min(values[index] for values in left)
        assert level.bound <= least <= level.best, level.name
        # Later levels are judged among the plans that keep this one within its reported best and tolerance.
        left = [values for values in left if values[index] <= level.best + level.tolerance]
