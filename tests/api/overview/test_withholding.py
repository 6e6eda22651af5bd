"""No count that a viewer may not see can be worked out from those that they do: every small area is tried."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.overview.answers import withheld


@pytest.mark.parametrize(("smallest", "parts", "most"), [(5, 3, 26), (3, 3, 24), (2, 4, 16)])
def test_every_withheld_count_may_be_several(smallest: int, parts: int, most: int) -> None:
    """Whoever knows the rule and everything shown still has more than one area in mind, for each count."""
    names = [f"part {number}" for number in range(parts)]
    alike: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(most), repeat=parts):
        hidden, total = withheld(dict(zip(names, counts, strict=True)), smallest)
        shown = [None if name in hidden else count for name, count in zip(names, counts, strict=True)]
        alike[None if total else sum(counts), *shown].append(counts)
    tried = 0
    for (_, *seen), areas in alike.items():
        gone = [place for place, count in enumerate(seen) if count is None]
        together = sum(areas[0][place] for place in gone)
        for place in gone:
            if together < most:  # a larger area could hold as many again
                assert len({counts[place] for counts in areas}) > 1, areas
                tried += 1
    assert tried > 20


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 400), min_size=1), st.integers(1, 10))
def test_what_is_shown_is_never_small_and_what_is_large_enough_is_shown(parts: dict[str, int], smallest: int) -> None:
    hidden, total = withheld(parts, smallest)
    assert all(parts[name] >= smallest for name in parts.keys() - hidden)
    assert len(hidden) != 1 or total or len(parts) == 1
    if min(parts.values()) >= smallest:
        assert (hidden, total) == (frozenset(), False)


def test_by_hand() -> None:
    """Three people pending could be told from 300 in all, so framework care, first in the list, is withheld beside them."""
    parts = {"framework": 80, "principal": 200, "unmet": 17, "pending": 3}
    assert withheld(parts, 5) == (frozenset({"framework", "pending"}), False)
    assert withheld({"framework": 6, "principal": 0}, 5) == (frozenset({"framework", "principal"}), True)
