"""A week's price, worked by hand: half a penny goes up."""

from __future__ import annotations

import numpy as np
import pytest

from optimiser.domain.money import weekly_pence

BY_HAND = [
    (0, 2400, 0),
    (60, 2400, 2400),
    (15, 2401, 600),  # 600.25
    (15, 2402, 601),  # 600.5
    (15, 2403, 601),  # 600.75
    (105, 1999, 3498),  # 3,498.25
]


@pytest.mark.parametrize(("minutes", "rate", "pence"), BY_HAND)
def test_a_week_costs_its_hours_half_up(minutes: int, rate: int, pence: int) -> None:
    assert weekly_pence(minutes, rate) == pence


def test_many_at_once_cost_the_same() -> None:
    minutes, rates, pence = (np.array(each, dtype=np.int64) for each in zip(*BY_HAND, strict=True))
    assert weekly_pence(minutes, rates).tolist() == pence.tolist()
