"""On counties small enough to try every list of steps there is: none of them leaves less unmet need than ours."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.candidates import judge
from optimiser.judging.checking import findings
from optimiser.judging.limit_use import entry_plan
from optimiser.reoptimising.story import reoptimise
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.waiting import UnmetLevel
from optimiser.rules.moving.books_that_move import moving_rules
from tests.reoptimising.counties import full_counties

Places = tuple[int | None, ...]
Values = tuple[int, ...]


def unmet_of_every_legal_plan(county: County, rules: RuleBook) -> dict[Places, Values]:
    """The unmet levels of every plan that the check finds nothing against."""
    candidates = judge(county, rules, np.arange(len(county.packages), dtype=np.int64))
    places: list[list[int | None]] = []
    for package, now in enumerate(entry_plan(county).contracts):
        elsewhere = [int(contract) for contract in candidates.of(package) if contract != now]
        places.append([now, *elsewhere])
    levels = [rule for rule in rules.levels if isinstance(rule, UnmetLevel)]
    found = {}
    for contracts in product(*places):
        plan = Plan.of(contracts)
        if not findings(county, rules, plan)[0]:
            found[contracts] = tuple(rule.value(county, plan) for rule in levels)
    return found


def least_unmet_by_steps(county: County, legal: dict[Places, Values], step_moves: int) -> Values:
    """The least, in strict order, of the plans that some list of steps leads to, each step leaving less unmet need."""
    entry = entry_plan(county).contracts

    def is_step(before: Places, after: Places) -> bool:
        changed = [package for package, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
        if any(before[package] != entry[package] for package in changed) or legal[after] >= legal[before]:
            return False
        moved = sum(entry[package] is not None for package in changed)
        return moved <= step_moves and moved < len(changed)

    reached, fresh = {entry}, [entry]
    while fresh:
        before = fresh.pop()
        new = [after for after in legal if after not in reached and is_step(before, after)]
        reached.update(new)
        fresh += new
    return min(legal[places] for places in reached)


@settings(max_examples=12, deadline=None)
@given(full_counties(most=7), st.integers(1, 3), st.integers(1, 3))
def test_no_list_of_steps_leaves_less_unmet_need(snapshot: Snapshot, most: int, in_step: int) -> None:
    county, rules = County.of(snapshot), moving_rules(max_moves=most)
    legal = unmet_of_every_legal_plan(county, rules)
    made = reoptimise(snapshot, max_moves=most, step_moves=in_step)
    unmet = [rule.name for rule in rules.levels if isinstance(rule, UnmetLevel)]
    values = made.values[-1]
    assert tuple(values[name] for name in unmet) == least_unmet_by_steps(county, legal, in_step)
    bounds = {level.name: level.bound for level in made.allocation.levels}
    assert tuple(bounds[name] for name in unmet) <= min(legal.values())
