"""The best packing of a block over all capacities that it could have: against all packings there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimiser.solving.dantzig_wolfe.knapsacks import KnapsackBlock
from optimiser.solving.dantzig_wolfe.raised_pricing import RaisedPricing
from tests.solving.dantzig_wolfe.test_knapsacks import UNHURRIED, packings_of
from tests.solving.tiny import numbers


@UNHURRIED
@given(st.data())
def test_the_best_packing_at_any_capacity_is_the_best(data: st.DataObject) -> None:
    limits, count, raises = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 6)), data.draw(st.integers(0, 3))
    one = st.lists(st.integers(0, 5), min_size=limits, max_size=limits).filter(any)
    size = np.array(data.draw(st.lists(one, min_size=count, max_size=count)), dtype=np.int64)
    item = numbers(data.draw(st.lists(st.integers(0, 3), min_size=count, max_size=count)))
    usual = data.draw(st.lists(st.integers(0, 6), min_size=limits, max_size=limits))
    raised = []
    for number in range(raises):
        row = data.draw(st.integers(0, limits - 1))
        more = [room + data.draw(st.integers(1, 4)) * (place == row) for place, room in enumerate(usual)]
        raised.append((count + number, tuple(more)))
    block = KnapsackBlock(numbers(list(range(count))), item, size, tuple(usual), tuple(raised))
    worth = st.lists(st.integers(-5, 20).map(float), min_size=count, max_size=count)
    costs = st.lists(st.integers(-9, 0).map(float) | st.just(-np.inf), min_size=raises, max_size=raises)
    profit = np.array([*data.draw(worth), *data.draw(costs)])
    (value,), (chosen,) = RaisedPricing([block]).at(profit, np.zeros(len(profit), dtype=np.bool_))
    every = packings_of(block)
    for column, capacity in raised:
        every += [[*packing, column] for packing in packings_of(replace(block, capacity=capacity))]
    assert value == max(profit[packing].sum() for packing in every)
    assert sorted(chosen.tolist()) in [sorted(packing) for packing in every]
    assert profit[chosen].sum() == value
