"""Bounds from prices: by hand, and on random counties whatever the prices are."""

from __future__ import annotations

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.proving.exact_bounds import Case, CutPrice, LevelCertificate, Prices, Proof, Split
from optimiser.proving.exact_rows import CountyRows, PartRow, disagreements, rows_of
from optimiser.rules.book import standard_rules
from optimiser.solving.formulation import build_model
from tests.making import area, days, framework, package, snapshot
from tests.making.drawn import counties
from tests.proving.small_rows import bests, by_hand, legal_plans, level_of


def test_a_price_on_a_limit_proves_what_waits() -> None:
    """Three packages of 60, 60 and 90 minutes on one contract with room for 150. Unmet they cost 2, 2 and 3 a minute of 30:
    the room holds 150 of 210 minutes, at one for 30 minutes, so 2 have to stay unmet, and whole packages fill just 150."""
    rows = by_hand([1, 1, 1], [(150, {0: 60, 1: 60, 2: 90})], [level_of({0: -2, 1: -2, 2: -3}, constant=7)])
    assert Proof(rows).prove(LevelCertificate(2), 2, 0) == 0
    assert Proof(rows).prove(LevelCertificate(2, (Prices(30, {0: -1}),)), 2, 0) == 2
    assert Proof(rows).prove(LevelCertificate(2, (Prices(30, {0: -2}),)), 2, 0) == 0, "a wrong price proves no more than none"
    assert Proof(rows).prove(LevelCertificate(2, (Prices(30, {0: 1}),)), 2, 0) <= 2, "so does one on a side that is not there"


def test_room_is_what_whole_items_fill() -> None:
    rows = by_hand([1, 1, 1], [(130, {0: 60, 1: 60, 2: 90})], [level_of({0: -1})])
    proof = Proof(rows)
    assert proof.room(rows.limits[0]) == 120
    proof.alive[1] = False
    assert proof.room(rows.limits[0]) == 90
    proof.alive[0] = proof.alive[2] = False
    assert proof.room(rows.limits[0]) == 0


def test_a_cut_is_worth_what_whole_fillings_have_of_it() -> None:
    """Two of 60 do not fit into 100, though one and two thirds would: at most one of them is placed, so one is unmet."""
    rows = by_hand([1, 1], [(100, {0: 60, 1: 60})], [level_of({0: -1, 1: -1}, constant=2)])
    cut = CutPrice(0, {0: 1, 1: 1}, -1)
    assert Proof(rows).prove(LevelCertificate(1, (Prices(cuts=(cut,)),)), 1, 0) == 1


def test_cases_prove_what_prices_alone_do_not() -> None:
    """Three items of which any two exclude each other, by three limits: to prices half of each is a plan."""
    limits = [(1, {0: 1, 1: 1}), (1, {1: 1, 2: 1}), (1, {0: 1, 2: 1})]
    rows = by_hand([1, 1, 1], limits, [level_of({0: -1, 1: -1, 2: -1}, constant=3)])
    half = Prices(2, {0: -1, 1: -1, 2: -1})
    assert Proof(rows).prove(LevelCertificate(2, (half,)), 2, 0) == 2, "rounded up from one and a half"
    apart = by_hand([1, 1, 1], limits, [level_of({0: -2, 1: -2, 2: -2}, constant=6)])
    assert Proof(apart).prove(LevelCertificate(4, (Prices(1, {0: -1, 1: -1, 2: -1}),)), 4, 0) == 3
    taken, not_taken = Case((Prices(1, {0: -2, 2: -2}),)), Case((Prices(1, {1: -2}),))
    split = LevelCertificate(4, (), Case((), Split(0, frozenset({0}), taken, not_taken)))
    assert Proof(apart).prove(split, 4, 0) == 4
    one_case_short = LevelCertificate(4, (), Case((), Split(0, frozenset({0}), taken, Case())))
    assert Proof(apart).prove(one_case_short, 4, 0) == 0


def test_a_level_that_no_choice_changes_is_what_it_is() -> None:
    """Where nobody waits, every level is a constant, its shares included: found by the property below."""
    people = [package("P1", contract_id="F-ALDER", area_id="A1")]
    county = County.of(snapshot(people, [framework("ALDER"), framework("BRACKEN")], areas=[area("A1", go_live=days(-200))]))
    rows = rows_of(county, standard_rules())
    values = [level.rule.value(county, rows.plan([])) for level in rows.levels]
    assert max(values) > 0
    proof = Proof(rows)
    assert [proof.prove(LevelCertificate(value), value, 0) for value in values] == values
    assert not any(level.step for level in rows.levels)


def test_a_part_is_never_below_zero() -> None:
    """A shortfall of 100 minutes below a mark, of which the one package makes up 40: 60 are left, whatever is paid for it."""
    short = PartRow(1, 100, {0: -40})
    level = level_of({})
    rows = by_hand([1], [], [type(level)(level.rule, 1, 0, {}, (short,), 20)])
    assert Proof(rows).reach(short) == (60, 100)
    assert Proof(rows).prove(LevelCertificate(60), 60, 0) == 60
    assert Proof(rows).prove(LevelCertificate(60, (Prices(1, parts={(0, 0): 1}),)), 60, 0) == 60
    over = PartRow(1, -100, {0: 40})
    rows = by_hand([1], [], [type(level)(level.rule, 1, 0, {}, (over,), 20)])
    assert Proof(rows).prove(LevelCertificate(0, (Prices(1, parts={(0, 0): 1}),)), 0, 0) <= 0


WHOLE = st.integers(-400, 400)


@st.composite
def any_prices(draw: st.DrawFn, rows: CountyRows, index: int) -> Prices:
    """Of some rows, whatever they are worth."""
    limits = draw(st.dictionaries(st.integers(0, len(rows.limits) - 1), WHOLE, max_size=4)) if rows.limits else {}
    levels = draw(st.dictionaries(st.integers(0, index - 1), WHOLE, max_size=2)) if index else {}
    turns = [(level, part) for level in {index, *levels} for part in range(len(rows.levels[level].parts))]
    parts = draw(st.dictionaries(st.sampled_from(sorted(turns)), WHOLE, max_size=4)) if turns else {}
    cuts = [
        CutPrice(limit, draw(st.dictionaries(st.integers(0, len(rows.items) - 1), st.integers(0, 9))), draw(WHOLE))
        for limit in sorted(limits)[:1]
    ]
    return Prices(draw(st.integers(1, 50)), limits, parts, levels, tuple(cuts))


@st.composite
def any_cases(draw: st.DrawFn, rows: CountyRows, index: int, deep: int = 2) -> Case:
    prices = tuple(draw(st.lists(any_prices(rows, index), max_size=1)))
    items = [item for item, choices in enumerate(rows.choices_of) if choices]
    if not deep or not items or draw(st.booleans()):
        return Case(prices)
    item = draw(st.sampled_from(items))
    choices = frozenset(draw(st.lists(st.sampled_from(rows.choices_of[item]), max_size=3)))
    return Case(prices, Split(item, choices, *(draw(any_cases(rows, index, deep - 1)) for _ in range(2))))


@given(county=counties, data=st.data())
@settings(max_examples=20, deadline=None)
def test_any_prices_and_any_cases_give_a_true_bound(county: County, data: st.DataObject) -> None:
    rows = rows_of(county, standard_rules())
    assume(rows.items and math.prod(len(choices) + 1 for choices in rows.choices_of) <= 600)
    tolerances = [level.rule.tolerance(county) for level in rows.levels]
    proof = Proof(rows)
    for index, (best, tolerance) in enumerate(zip(bests(rows, tolerances), tolerances, strict=True)):
        prices = tuple(data.draw(st.lists(any_prices(rows, index), max_size=2)))
        claimed = best + data.draw(st.integers(-200, 200))
        certificate = LevelCertificate(claimed, prices, data.draw(st.none() | any_cases(rows, index)))
        assert proof.prove(certificate, best, tolerance) <= best


@given(county=counties)
@settings(max_examples=20, deadline=None)
def test_the_rows_are_those_of_the_model_and_of_the_check(county: County) -> None:
    rules = standard_rules()
    rows, model = rows_of(county, rules), build_model(county, rules)
    here = {(rows.items[item], contract) for item, contract in rows.choices}
    there = {
        (model.item_packages[item], int(contract))
        for item, contract in zip(model.problem.choice_item.tolist(), model.choice_contract.tolist(), strict=True)
    }
    assert here == there
    assert len(rows.items) == model.problem.item_count
    assert sorted(limit.room for limit in rows.limits) == sorted(model.problem.limit_capacity.tolist())
    plans = [[], [each[0] for each in rows.choices_of if each], [each[-1] for each in rows.choices_of if each]]
    assert not list(disagreements(rows, plans))
    for plan in legal_plans(rows)[:20] if len(rows.choices) < 12 else ():
        values = model.problem.values(model.choices_of(rows.plan(plan)))
        assert values == tuple(level.whole(level.scaled(plan)) for level in rows.levels)
