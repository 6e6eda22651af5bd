"""What holds of every re-optimisation, on random counties that are full."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.allocating.story import allocate
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.checking import findings
from optimiser.reoptimising.report import reoptimisation_files
from optimiser.reoptimising.story import Reoptimisation, reoptimise
from optimiser.rules.moving.books_that_move import moving_rules
from tests.reoptimising.counties import full_counties
from tests.rules.test_names_and_order import read_back, relabelled

FIRST = ("unmet_urgent", "unmet_discharge", "unmet")


def bests(made: Reoptimisation) -> dict[str, int]:
    return {level.name: level.best for level in made.allocation.levels}


@settings(max_examples=25, deadline=None)
@given(full_counties(), st.integers(0, 3), st.integers(1, 3))
def test_every_prefix_of_steps_is_legal_and_never_worse_than_no_change(snapshot: Snapshot, most: int, in_step: int) -> None:
    made = reoptimise(snapshot, max_moves=most, step_moves=in_step)
    county, rules = made.allocation.county, moving_rules(max_moves=most)
    values = [tuple(each.values()) for each in made.values]
    for count in range(len(made.steps.steps) + 1):
        plan = made.steps.after(county, count)
        assert findings(county, rules, plan)[0] == []
        assert tuple(rule.value(county, plan) for rule in rules.levels) == values[count]
        assert values[count] <= values[0]
    assert made.steps.plan == made.allocation.verified.plan
    assert all(step.placements and len(step.moves) <= in_step for step in made.steps.steps)
    assert made.moves == made.allocation.verified.levels["disruption"] <= most


@settings(max_examples=15, deadline=None)
@given(full_counties(), st.integers(1, 3))
def test_levels_hold_together_and_moves_never_make_the_unmet_levels_worse(snapshot: Snapshot, most: int) -> None:
    made, still = reoptimise(snapshot, max_moves=most), reoptimise(snapshot, max_moves=0)
    for level in made.allocation.levels:
        assert 0 <= level.bound <= level.best <= level.value <= level.best + level.tolerance
    assert tuple(bests(made)[name] for name in FIRST) <= tuple(bests(still)[name] for name in FIRST)
    if bests(made)["disruption"] == 0 and made.allocation.all_proven:
        assert bests(made) == bests(still)


@settings(max_examples=15, deadline=None)
@given(full_counties())
def test_no_moves_allowed_gives_the_allocation(snapshot: Snapshot) -> None:
    made, plain = reoptimise(snapshot, max_moves=0), allocate(snapshot)
    assert made.allocation.verified.plan == plain.verified.plan
    assert made.allocation.verified.levels == plain.verified.levels
    assert {level.name: level for level in made.allocation.levels} == {level.name: level for level in plain.levels}


@settings(max_examples=10, deadline=None)
@given(full_counties(), st.integers(0, 2**32), st.sampled_from([1, 1, 4]))
def test_rows_in_any_order_give_the_same_bytes(snapshot: Snapshot, seed: int, in_step: int) -> None:
    one, other = (reoptimise(read_back(snapshot, each), step_moves=in_step) for each in (seed, seed + 1))
    assert reoptimisation_files(one, {}) == reoptimisation_files(other, {})


@settings(max_examples=15, deadline=None)
@given(full_counties(), st.integers(0, 2**32))
def test_other_ids_give_the_same_values(snapshot: Snapshot, seed: int) -> None:
    made, other = reoptimise(snapshot), reoptimise(relabelled(snapshot, Random(seed))[0])
    if made.allocation.all_proven and other.allocation.all_proven:
        free = sum(each.minutes_per_week for each in snapshot.packages if each.status == "new")
        slack = {"cost": free // 50, "travel": bests(made)["travel"] // 10_000}  # the gaps that a proof may leave
        for name, best in bests(made).items():
            assert abs(best - bests(other)[name]) <= slack.get(name, 0), name


@settings(max_examples=15, deadline=None)
@given(full_counties(), st.integers(0, 3), st.integers(1, 10))
def test_more_room_with_a_provider_never_makes_it_worse(snapshot: Snapshot, which: int, hours: int) -> None:
    raised = [
        replace(each, max_hours_4w=(each.max_hours_4w or Fraction(0)) + 4 * hours) if number == which else each
        for number, each in enumerate(snapshot.providers)
    ]
    made, more = reoptimise(snapshot), reoptimise(replace(snapshot, providers=tuple(raised)))
    if made.allocation.all_proven and more.allocation.all_proven:
        before = tuple(bests(made)[name] for name in FIRST)
        after = tuple(bests(more)[name] for name in FIRST)
        assert after <= before
        if after == before and bests(more)["disruption"] == bests(made)["disruption"]:
            assert bests(more)["legacy"] <= bests(made)["legacy"]
