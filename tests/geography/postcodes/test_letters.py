"""How far mistyped postcodes are in letters, against the plain definition."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest

from optimiser.geography.postcodes.index import PostcodeIndex, index_bytes, packed
from optimiser.geography.postcodes.letters import letters_apart, nearest_in_letters
from optimiser.geography.postcodes.spelling import INWARDS, Postcode, inward_of, squeezed
from tests.geography.postcodes.small_index import small_index


@cache
def edits(one: str, other: str) -> int:
    """The edit distance as it is defined."""
    if not one or not other:
        return len(one) + len(other)
    changed = edits(one[1:], other[1:]) + (one[0] != other[0])
    return min(changed, edits(one[1:], other) + 1, edits(one, other[1:]) + 1)


def apart(one: str, other: str) -> int:
    """The same where two neighbours exchanged, once, count as one."""
    swapped = [one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1)]
    return min(edits(one, other), *(1 + edits(each, other) for each in swapped if each != one))


def test_the_distance_of_many_words_is_that_of_each() -> None:
    drawn = random.Random(5)
    words = ["".join(drawn.choices("AB12", k=drawn.randrange(5))) for _ in range(60)]
    for text in ("", "A", "AB1", "BA21A"):
        found = letters_apart(text.encode(), np.array(words, dtype="S4"))
        assert found.tolist() == [edits(text, word) for word in words]


@pytest.mark.parametrize(
    ("typed", "nearest", "letters"),
    [
        ("NR1 2DG", "NR1 2DA", 1),  # NR1 2DH is as near: the first by the alphabet is named
        ("NRI 2DH", "NR1 2DH", 1),
        ("RN1 2DH", "NR1 2DH", 1),
        ("NR2 1DH", "NR1 2DH", 1),  # exchanged where the two parts meet
        ("N1 2DH", "NR1 2DH", 1),
        ("NR1 2DHH", "NR1 2DH", 1),
        ("NR1 2H", "NR1 2DH", 1),
        ("EC1 1BB", "EC1A 1BB", 1),
        ("TD5 1AX", "TD15 1AA", 2),
    ],
)
def test_the_nearest_is_found_with_its_letters(typed: str, nearest: str, letters: int) -> None:
    found = nearest_in_letters(small_index(), squeezed(typed))
    assert found is not None
    assert (str(found.postcode), found.letters) == (nearest, letters)


@pytest.mark.parametrize("typed", ["", "N", "XYZXYZ", "ÄÖÜ", "NR1 2DH NR1 2DH"])
def test_what_is_near_nothing_has_no_nearest(typed: str) -> None:
    assert nearest_in_letters(small_index(), squeezed(typed)) is None


def test_only_postcodes_that_may_be_used_are_named() -> None:
    """One that ended, one of Scotland and one without a place are one letter from these."""
    assert [nearest_in_letters(small_index(), each) for each in ("TD145AB", "NR93XY")] == [None, None]
    found = nearest_in_letters(small_index(), "NR12DR")
    assert found is not None
    assert str(found.postcode) != "NR1 2DQ"


def test_it_equals_a_search_through_all() -> None:
    drawn = random.Random(17)
    districts = ["N1", "NR1", "NR2", "NR11", "NR12", "E1", "EC1A", "RN1"]
    codes = [Postcode(each, inward_of(number)) for each in districts for number in drawn.sample(range(INWARDS), 4)]
    index = PostcodeIndex(index_bytes(codes, [packed(1, 1, 1, 1)] * len(codes), {"sources": []}))
    for _ in range(30):
        typed = list(squeezed(str(drawn.choice(codes))))
        for _ in range(drawn.randrange(1, 4)):
            at = drawn.randrange(len(typed))
            typed[at : at + drawn.randrange(2)] = drawn.choice(["1", "N", "R", ""])
        text = "".join(typed)
        far = {each: apart(text, squeezed(str(each))) for each in codes}
        least = min(far.values())
        found = nearest_in_letters(index, text)
        if not 1 <= least <= 2 or len(text) < 2:
            assert found is None or least == 0
            continue
        near = sorted(each for each, letters in far.items() if letters == least)
        assert found is not None
        assert (found.postcode, found.letters, found.others) == (near[0], least, len(near) - 1), text
