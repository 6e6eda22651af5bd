"""Contract hours looked for: a county whose right hours can be said by hand, the parts of the search, and its check."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.answers_record import CannotForecastError
from optimiser.forecasting.many_draws import Course
from optimiser.forecasting.rates_given import Given
from optimiser.forecasting.sizing import story
from optimiser.forecasting.sizing.bracket import Bracket
from optimiser.forecasting.sizing.check import Claim, faults
from optimiser.forecasting.sizing.exact_interval import interval
from optimiser.forecasting.sizing.marks import Marks, Seen
from optimiser.forecasting.sizing.report import sizes_files, sizes_record
from optimiser.forecasting.sizing.story import Asked, Sizing, sizing
from tests.making import days, framework, legacy, package, principal, snapshot

STILL = Given((), ends_per_week=0.0, decline=0.0)
ASKED = Asked(Fraction(0), Fraction(95, 100), draws=4, fresh_draws=3, step=8, last_weeks=2)


def village(*people: Any, hours: int = 40) -> Snapshot:
    """Ten people wait for 6 hours a week each. Alder is the principal, Bracken the framework; no legacy provider."""
    waiting = [package(f"W{number}", hours=6) for number in range(10 - len(people))]
    held = [principal("ALDER", max_hours_4w=Fraction(hours)), framework("BRACKEN", max_hours_4w=Fraction(hours))]
    return snapshot([*people, *waiting], held)


def sized(county: Snapshot, rates: Given = STILL, workers: int = 1, **asked: Any) -> Sizing:
    return sizing(Course(county, rates, weeks=3, seed=1), replace(ASKED, **asked), workers=workers)


def test_the_hours_of_a_village_are_those_worked_out_on_paper() -> None:
    """60 hours a week. 65% of them are 39: six people (36) are too few for Alder, seven (42) are 70%. The other three are 18.

    In four weeks these are 168 and 72 hours; with 160 Alder has six people, with 64 Bracken two, and one waits.
    """
    made = sized(village())
    assert dict(made.found) == {"P-ALDER": 168, "F-BRACKEN": 72}
    assert made.failed == {"P-ALDER": 160, "F-BRACKEN": 64}
    assert made.holding(made.today) == (0,)
    assert made.holding(made.with_found) == made.holding(made.roomy) == (4,)
    assert made.holding(made.fresh) == (3,)


def test_more_hours_for_the_principal_can_be_too_many() -> None:
    """20 people with 6 hours each, one on the legacy framework: 65% are 13 people for Alder, 25% five for Bracken. Given all it
    may have, Alder takes 15 (75%) and leaves Bracken four (20%); with 13 or 14 every mark holds. 13 are 312 hours in four weeks,
    and the six that are left for Bracken 144.
    """
    held = [principal("ALDER", max_hours_4w=Fraction(400)), framework("BRACKEN", max_hours_4w=Fraction(400))]
    people = [package(f"W{number}", hours=6) for number in range(19)]
    old = package("OLD", hours=6, contract_id="L-DOCK", care_started=days(-90))
    made = sized(snapshot([*people, old], [*held, legacy("DOCK", max_hours_4w=Fraction(24))]))
    assert made.holding(made.today) == (0,)
    assert dict(made.found) == {"P-ALDER": 312, "F-BRACKEN": 144}
    assert made.holding(made.with_found) == (4,)
    assert made.hours_alone_can(0)
    assert sizes_record(made)["areas"][0]["why"] == []


def test_hours_of_an_earlier_round_are_taken_where_those_at_the_end_do_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if other areas had taken what the village was counting on: its framework ends with too little."""

    def too_few(search: story._Search, *_: object) -> None:
        search.framework = [2]

    monkeypatch.setattr(story._Search, "_frameworks", too_few)
    monkeypatch.setattr(story, "MOST_REPAIRS", 0)
    made = sized(village())
    assert dict(made.found) == {"P-ALDER": 168, "F-BRACKEN": 240}, (
        "all 60 hours a week are allowed to Bracken in every earlier round"
    )
    assert made.holding(made.with_found) == made.most_held == (4,)


def test_no_hours_are_below_those_that_run() -> None:
    """Nine of ten have care with Bracken already: 54 hours a week, 216 in four, although its mark needs none of it."""
    held = [package(f"R{number}", hours=6, contract_id="F-BRACKEN", care_started=days(-90)) for number in range(9)]
    made = sized(village(*held))
    assert dict(made.found)["F-BRACKEN"] == 216
    assert not made.hours_alone_can(0)  # at most one person is left for the principal: 10%
    (area,) = sizes_record(made)["areas"]
    assert (
        "With all the room for the framework, in 4 of 4 draws there is not: the principal's share not below its tolerance."
        in area["why"]
    )
    # the one who waits is all that Alder can have: 6 hours a week, 24 in four
    assert dict(made.found)["P-ALDER"] == 24


def test_where_providers_decline_it_is_said_that_hours_cannot() -> None:
    made = sized(village(), replace(STILL, decline=1.0))
    (area,) = sizes_record(made)["areas"]
    assert area["hours_alone_can"] == "no"
    assert area["held_with_open_framework"] == 0
    assert area["waiting_declined_with_open_framework"] == "60.00"
    assert any("has said no" in each for each in area["why"])


def test_the_files_are_the_same_however_many_processes_play() -> None:
    rates = replace(STILL, ends_per_week=0.05, decline=0.2)
    one, two = (sized(village(), rates, workers=count) for count in (1, 2))
    assert sizes_files(one, sizes_record(one)) == sizes_files(two, sizes_record(two))


@pytest.mark.parametrize(
    ("county", "asked", "said"),
    [
        (village(), {"last_weeks": 4}, "the last 4 weeks are to be looked at, and 3 are played"),
        (snapshot([package("A")], [legacy("DOCK")]), {}, "no area is live on the last day with a principal or framework"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(county: Snapshot, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(CannotForecastError, match=said):
        sized(county, **asked)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 80), st.integers(0, 80))
def test_a_bracket_ends_at_the_fewest_steps_that_hold(least: int, more: int, guess: int, above: int) -> None:
    top = least + more
    fewest = least + above % (more + 1)
    bracket, tried = Bracket(least, top, guess), 0
    while not bracket.is_closed:
        steps = bracket.next()
        assert bracket.fails < steps < bracket.holds
        bracket.told(steps, holds=steps >= fewest)
        tried += 1
    assert bracket.next() == fewest
    assert tried <= 20


@given(st.integers(1, 60), st.data())
def test_an_interval_is_that_of_clopper_and_pearson(draws: int, data: st.DataObject) -> None:
    """Its ends, to a hundredth of a percent, are where the chance of so many, or more, or fewer, is one in forty."""
    held = data.draw(st.integers(0, draws))

    def at_least(count: int, share: float) -> float:
        return sum(comb(draws, each) * share**each * (1 - share) ** (draws - each) for each in range(count, draws + 1))

    low, high = map(float, interval(held, draws))
    if held:
        assert at_least(held, low) <= 0.025 + 1e-9 < at_least(held, low + 0.0001) + 1e-6
    if held < draws:
        assert 1 - at_least(held + 1, high) <= 0.025 + 1e-9 < 1 - at_least(held + 1, high - 0.0001) + 1e-6
    assert (low == 0, high == 1) == (held == 0, held == draws)


def test_an_interval_from_a_table() -> None:
    """95 of 100: 88.72% to 98.36%, as tables of exact intervals have it."""
    assert interval(95, 100) == (Fraction(8871, 10_000), Fraction(9836, 10_000))


def test_marks_hold_at_their_edges_and_not_beyond() -> None:
    marks = Marks(Fraction(60), Fraction(13, 20), Fraction(3, 4), 1)
    assert marks.missed(Seen(60, 65, 25, 100)) == marks.missed(Seen(0, 75, 25, 100)) == []
    assert marks.missed(Seen(61, 64, 24, 100)) == ["unmet", "principal_low", "framework_low"]
    assert marks.missed(Seen(0, 76, 24, 100)) == ["principal_high", "framework_low"]
    assert marks.missed(Seen(0, 0, 0, 0)) == []
    # 50% with the largest hours: 49% is as good, less is not; where the largest hold, nothing less does
    assert marks.as_good_as(Seen(0, 49, 30, 100), Seen(0, 50, 30, 100))
    assert not marks.as_good_as(Seen(0, 48, 30, 100), Seen(0, 50, 30, 100))
    assert not marks.as_good_as(Seen(0, 64, 30, 100), Seen(0, 65, 30, 100))


WEEK = {"unmet_minutes": 0, "share_of_minutes": 100, "principal_minutes": 70, "framework_minutes": 30}


@pytest.mark.parametrize(
    ("found", "held", "week", "said"),
    [
        ({"P-ALDER": 24}, 1, WEEK, ""),
        ({"P-ALDER": 23}, 1, WEEK, "has 23 hours in four weeks, and 360 minutes a week run under it"),
        ({"L-DOCK": 24}, 1, WEEK, "is no principal or framework contract"),
        ({}, 0, WEEK, "is said to hold in 0 draws, and holds in 1"),
        ({}, 1, WEEK | {"unmet_minutes": 1}, "is said to hold in 1 draws, and holds in 0"),
        ({}, 1, WEEK | {"principal_minutes": 64}, "holds in 0"),
        ({}, 1, WEEK | {"principal_minutes": 76}, "holds in 0"),
        ({}, 1, WEEK | {"framework_minutes": 24}, "holds in 0"),
    ],
)
def test_the_check_finds_what_is_wrong(found: dict[str, int], held: int, week: dict[str, int], said: str) -> None:
    person = package("A", hours=6, contract_id="P-ALDER", care_started=days(-9))
    county = snapshot([person], [principal("ALDER"), legacy("DOCK")])
    faulty = list(faults(county, days(21), found, Fraction(0), [Claim("area A1", held, [[week]])]))
    assert len(faulty) == bool(said)
    assert said in "".join(faulty)
