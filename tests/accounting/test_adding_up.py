"""Figures added up for each combination of keys: as counting one line after another does it, however large the keys are."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.accounting.adding_up import added_up, alike_lines

KEYS = st.sampled_from((-1, 0, 1, 7, 2**40))
LINES = st.lists(st.tuples(KEYS, KEYS, st.integers(-(10**12), 10**12), st.integers(0, 9)), max_size=12)


@settings(max_examples=60)
@given(LINES)
def test_it_is_what_counting_line_after_line_comes_to(lines: list[tuple[int, int, int, int]]) -> None:
    expected: dict[tuple[int, ...], list[int]] = {}
    for one, other, figure, more in sorted(lines):
        sums = expected.setdefault((one, other), [0, 0, 0])
        for place, value in enumerate((1, figure, more)):
            sums[place] += value
    columns = [np.array([line[place] for line in lines], np.int64) for place in range(4)]
    found = added_up(columns[:2], columns[2:])
    assert list(found.items()) == list(expected.items())
    places, alike = alike_lines(columns[:2])
    assert [lines[places[at]][:2] for at in alike] == [line[:2] for line in lines]
    assert len(places) == len(expected)
