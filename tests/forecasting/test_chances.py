"""Chances are keyed by what they are for; hazards and counts are what their laws say."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimiser.forecasting.hazards import Hazard
from optimiser.forecasting.keyed_chance import Dice, poisson


def test_a_chance_depends_on_nothing_but_what_it_is_for() -> None:
    dice = Dice(7, 3)
    before = dice.chance("ends", "P1")
    dice.chance("hospital", "P2", 4)
    assert dice.chance("ends", "P1") == before == Dice(7, 3).chance("ends", "P1")
    others = {Dice(7, 4).chance("ends", "P1"), Dice(8, 3).chance("ends", "P1"), dice.chance("ends", "P2")}
    assert before not in others and len(others) == 3


def test_no_two_words_run_together() -> None:
    dice = Dice(1, 0)
    assert dice.chance("a", "bc") != dice.chance("ab", "c")
    assert Dice(1, 11).chance("a") != Dice(11, 1).chance("a")


def test_chances_are_spread_evenly() -> None:
    chances = [Dice(1, 0).chance("even", number) for number in range(4000)]
    assert all(0 <= each < 1 for each in chances)
    assert abs(sum(chances) / 4000 - 0.5) < 4 * math.sqrt(1 / 12 / 4000)
    tenths = [sum(int(each * 10) == tenth for each in chances) for tenth in range(10)]
    assert sum((count - 400) ** 2 / 400 for count in tenths) < 27.9  # chi squared, 9 degrees: one in a thousand


@pytest.mark.parametrize(("chance", "count"), [(0.0, 0), (0.36, 0), (0.37, 1), (0.73, 1), (0.74, 2), (0.92, 3)])
def test_a_count_by_the_table_of_poisson(chance: float, count: int) -> None:
    # With one on average: 0 in 36.8%, at most 1 in 73.6%, at most 2 in 92.0% of cases.
    assert poisson(chance, 1.0) == count


@given(st.floats(0, 0.999999), st.floats(0, 60), st.floats(0, 10))
def test_a_greater_rate_never_gives_fewer(chance: float, mean: float, more: float) -> None:
    assert poisson(chance, mean) <= poisson(chance, mean + more)


def test_no_rate_gives_nobody() -> None:
    assert poisson(0.999, 0.0) == 0


def test_a_hazard_of_a_half() -> None:
    # Not yet after one week in one half, after two in a quarter, after three in an eighth.
    hazard = Hazard([0.5] * 3)
    assert [hazard.after(0, chance) for chance in (0.0, 0.49, 0.51, 0.74, 0.76, 0.87, 0.88)] == [1, 1, 2, 2, 3, 3, None]
    assert hazard.after(1, 0.49) == 2
    assert hazard.after(3, 0.0) is None


def test_what_is_certain_happens_at_once_and_what_never_happens_never_does() -> None:
    assert Hazard([1.0] * 5).after(2, 1 - 2**-53) == 3
    assert Hazard([0.0] * 5).after(0, 1 - 2**-53) is None


def test_a_hazard_that_begins_later() -> None:
    assert Hazard([0.0, 0.0, 1.0]).after(0, 0.5) == 3
