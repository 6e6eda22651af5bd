"""Cuts never take a legal packing away, and cut off what they were made for."""

from __future__ import annotations

import itertools
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.solving import knapsack_separation
from optimiser.solving.knapsack_separation import Knapsack, separate


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_cuts_hold_for_every_filling(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 8))
    weights = data.draw(st.lists(st.integers(1, 12), min_size=count, max_size=count))
    room = data.draw(st.integers(1, 30))
    somewhat = st.sampled_from([0.0, 1.0, 1.0]) | st.floats(0, 1)
    point = np.array(data.draw(st.lists(somewhat, min_size=count, max_size=count)))
    numbers = np.arange(count, dtype=np.int64)
    # Few packings allowed: then the whole items of the point are taken as given, and lifted.
    with patch.object(knapsack_separation, "MOST_PACKINGS", data.draw(st.sampled_from([2, 3, 400]))):
        cuts = separate([Knapsack(room, np.array(weights, dtype=np.int64), numbers, numbers)], point)
    for cut in cuts:
        assert cut.value @ point[cut.choice] > cut.upper
        for packing in itertools.product((0, 1), repeat=count):
            if np.dot(packing, weights) <= room:
                assert cut.value @ np.array(packing)[cut.choice] <= cut.upper
