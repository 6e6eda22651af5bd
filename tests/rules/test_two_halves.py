"""On random counties the model half and the check half of every rule say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import event, given, settings
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.judging.checking import findings, verify
from optimiser.rules.book import standard_rules
from optimiser.solving.formulation import build_model
from optimiser.solving.one_change import Comparison
from tests.making import days, plan
from tests.making.drawn import choices, plans
from tests.making.drawn import counties as drawn_counties
from tests.making.living import living_counties
from tests.rules.judging import all_pairs, choices_of

RULES = standard_rules()
counties = drawn_counties | living_counties


@settings(max_examples=40)
@given(counties)
def test_every_eligibility_rule_says_the_same_of_every_pair(county: County) -> None:
    packages = np.arange(len(county.packages), dtype=np.int64)
    for rule in RULES.eligibility:
        model = rule.passes(county, packages)
        check = [[rule.finding(county, int(p), k).passed for k in range(len(county.contracts))] for p in packages]
        assert model.tolist() == check, rule.name


@settings(max_examples=15)
@given(counties)
def test_a_rule_says_the_same_of_some_packages_as_of_all(county: County) -> None:
    every = np.arange(len(county.packages), dtype=np.int64)
    some = every[1::3]
    for rule in RULES.eligibility:
        assert rule.passes(county, some).tolist() == rule.passes(county, every)[some].tolist(), rule.name


@settings(max_examples=15)
@given(counties, st.integers(0, 400), st.integers(0, 400))
def test_a_rule_that_says_that_days_change_nothing_says_the_same_on_every_day(county: County, one: int, other: int) -> None:
    every = np.arange(len(county.packages), dtype=np.int64)
    first, second = (county.moving_on(days(count), move_pending=True, move="transfer") for count in (one, other))
    for rule in RULES.eligibility:
        if not rule.depends_on_date:
            assert rule.passes(first, every).tolist() == rule.passes(second, every).tolist(), rule.name


@settings(max_examples=15)
@given(counties, st.integers(0, 400))
def test_a_rule_that_says_that_it_is_fixed_hears_of_no_day_offer_or_restriction(county: County, later: int) -> None:
    every = np.arange(len(county.packages), dtype=np.int64)
    snapshot = replace(county.snapshot, as_of=days(later), offers=(), restrictions=())
    other = County.of(snapshot)
    assert any(rule.fixed for rule in RULES.eligibility)
    for rule in RULES.eligibility:
        if rule.fixed:
            assert rule.passes(county, every).tolist() == rule.passes(other, every).tolist(), rule.name


@settings(max_examples=40)
@given(counties)
def test_every_limit_counts_the_same_cases(county: County) -> None:
    packages, contracts = all_pairs(county)
    for limit in RULES.all_limits(county):
        model = limit.counts_many(county, packages, contracts)
        check = [
            int(contract) in limit.contracts and limit.counts(county, int(package), int(contract))
            for package, contract in zip(packages, contracts, strict=True)
        ]
        assert model.tolist() == check, (limit.rule, limit.subject)
        # What counts at all counts on a contract that the limit names.
        assert all(
            limit.counts(county, int(p), int(k)) <= (int(k) in limit.contracts) for p, k in zip(packages, contracts, strict=True)
        )


@settings(max_examples=25)
@given(counties)
def test_every_standing_rule_settles_what_it_finds(county: County) -> None:
    for rule in RULES.standing:
        settled = rule.settled(county)
        for package in range(len(county.packages)):
            for contract in (None, *range(len(county.contracts))):
                found = rule.finding(county, package, contract)
                assert (found is None) == (package not in settled), rule.name
                assert found is None or found.passed == (settled[package] == contract), rule.name


@settings(max_examples=80)
@given(st.data())
def test_every_level_has_the_same_value_in_the_model_and_by_the_check(data: Any) -> None:
    county = data.draw(counties)
    model = build_model(county, RULES)
    chosen = data.draw(choices(model))
    made = model.plan_of(chosen)
    by_check = tuple(rule.value(county, made) for rule in RULES.levels)
    assert model.problem.values(chosen) == by_check


@settings(max_examples=80)
@given(st.data())
def test_choices_are_legal_exactly_when_the_check_finds_nothing(data: Any) -> None:
    county = data.draw(counties)
    model = build_model(county, RULES)
    chosen = data.draw(choices(model))
    legal = model.problem.is_legal(chosen)
    event(f"legal: {legal}")
    assert legal == (not findings(county, RULES, model.plan_of(chosen))[0])


@settings(max_examples=80)
@given(st.data())
def test_any_plan_passes_the_check_exactly_when_the_model_knows_and_allows_it(data: Any) -> None:
    county = data.draw(counties)
    model = build_model(county, RULES)
    made = data.draw(plans(county))
    known = choices_of(model, made)
    allowed = known is not None and model.problem.is_legal(known)
    event(f"allowed: {allowed}")
    assert allowed == (not findings(county, RULES, made)[0])


@settings(max_examples=25)
@given(counties)
def test_everybody_where_they_are_and_the_plan_made_by_hand_are_legal(county: County) -> None:
    model = build_model(county, RULES)
    names = [level.name for level in model.problem.levels]
    on_entry = plan(county)
    verify(county, RULES, on_entry)
    by_hand = model.problem.start
    assert model.problem.is_legal(by_hand)
    verify(county, RULES, model.plan_of(by_hand), dict(zip(names, model.problem.values(by_hand), strict=True)))


@settings(max_examples=25)
@given(st.data())
def test_a_comparison_with_a_neighbour_is_the_difference_of_the_checked_values(data: Any) -> None:
    county = data.draw(counties)
    model = build_model(county, RULES)
    chosen = data.draw(choices(model))
    here = {rule.name: rule.value(county, model.plan_of(chosen)) for rule in RULES.levels}
    comparison = Comparison(model.problem, chosen)
    for choice in range(model.problem.choice_count):
        other = chosen.copy()
        other[model.problem.choice_item[choice]] = choice
        there = {rule.name: rule.value(county, model.plan_of(other)) for rule in RULES.levels}
        assert comparison.differences(choice) == {name: there[name] - here[name] for name in here if there[name] != here[name]}
