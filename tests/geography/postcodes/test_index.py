"""The index of postcodes: what goes in comes out, a damaged one is never read, and the nearest is the nearest."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from optimiser.geography.postcodes.index import NotAnIndexError, PostcodeIndex, index_bytes, packed
from optimiser.geography.postcodes.spelling import (
    INWARDS,
    Postcode,
    inward_number,
    inward_of,
    postcode_of,
)
from tests.geography.postcodes.small_index import KNOWN, code, small_bytes, small_index


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("NR1 2DH", "NR1 2DH"),
        ("nr12dh", "NR1 2DH"),
        (" N R 1 2\u00a0DH ", "NR1 2DH"),
        ("nr122dh", "NR12 2DH"),
        ("m1 1ae", "M1 1AE"),
        ("EC1A1BB", "EC1A 1BB"),
        ("GIR 0AA", "GIR 0AA"),
    ],
)
def test_blanks_and_small_letters_do_not_matter(text: str, read: str) -> None:
    assert str(postcode_of(text)) == read


@pytest.mark.parametrize(
    "text", ["", "NR1", "NR1 2D", "NR1 2DC", "NR1-2DH", "NRR1 2DH", "1NR 2DH", "NR123 2DH", "NR1 2DH 1", "NR１ 2DH"]
)
def test_what_is_not_written_as_one_is_none(text: str) -> None:
    """No inward part has a C; and only Latin digits count."""
    assert postcode_of(text) is None


def test_every_inward_part_has_a_number_in_the_order_of_the_alphabet() -> None:
    every = [inward_of(number) for number in range(INWARDS)]
    assert every == sorted(set(every))
    assert [inward_number(each) for each in every] == list(range(INWARDS))
    assert (every[0], every[-1]) == ("0AA", "9ZZ")


def test_what_goes_in_comes_out() -> None:
    index = small_index()
    found = index.find(code("NR1 2DQ"))
    assert found is not None
    assert (found.easting, found.northing, found.quality, found.country) == (624017, 307111, 1, "England")
    assert (found.ended, found.has_place) == ((2019, 7), True)
    assert {each for each in KNOWN if index.find(code(each)) is None} == set()
    assert [index.find(code(each)) for each in ("NR1 2DB", "NR2 2DH", "ZZ9 9ZZ", "AA1 1AA")] == [None] * 4
    assert (index.about["postcodes"], index.about["in_use"], index.about["ended"], index.about["districts"]) == (11, 10, 1, 8)


def test_the_edges_of_what_it_holds() -> None:
    corner = {"NR1 1AA": packed(700_000, 1_300_000, 9, 5, (2999, 12), large=True), "NR1 1AB": packed(0, 0, 1, 1, (1970, 1))}
    index = small_index(corner)
    found = [index.find(code(each)) for each in corner]
    assert [(each.easting, each.northing, each.ended) for each in found if each] == [
        (700_000, 1_300_000, (2999, 12)),
        (0, 0, (1970, 1)),
    ]
    with pytest.raises(ValueError, match="easting is beyond"):
        packed(1 << 20, 0, 1, 1)


def test_the_order_of_what_goes_in_changes_nothing() -> None:
    shuffled = list(KNOWN.items())
    random.Random(3).shuffle(shuffled)
    assert small_bytes(dict(shuffled)) == small_bytes()


@pytest.mark.parametrize("content", [b"", b"postcode,lat\n", small_bytes()[:-1], small_bytes() + b"x", small_bytes()[:40]])
def test_what_is_no_whole_index_is_not_opened(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "index"
    file.write_bytes(content)
    with pytest.raises(NotAnIndexError):
        PostcodeIndex.opened(file)


def test_one_byte_that_is_another_is_found() -> None:
    content = bytearray(small_bytes())
    content[-20] ^= 1
    with pytest.raises(NotAnIndexError, match="damaged"):
        PostcodeIndex(bytes(content))


def test_the_nearest_is_in_use_and_no_post_box() -> None:
    """From 6 m beside the post box and on the very spot of the one that ended, NR1 2DH is 40 m away."""
    found = small_index().nearest_in_use(624017, 307111)
    assert found is not None
    assert (str(found[0].postcode), found[1]) == ("NR1 2DH", 40.0)


def test_of_several_as_near_the_first_by_the_alphabet() -> None:
    two = {"NR2 1AA": packed(10, 0, 1, 1), "NR10 1AA": packed(0, 10, 1, 1), "NR2 1AB": packed(0, 10, 1, 1)}
    found = small_index(two).nearest_in_use(0, 0)
    assert found is not None
    assert str(found[0].postcode) == "NR10 1AA"
    assert small_index({"NR9 3XX": packed(0, 0, 9, 1)}).nearest_in_use(0, 0) is None


def test_the_nearest_equals_a_search_through_all() -> None:
    drawn = random.Random(11)
    places = {
        Postcode(f"NR{1 + number % 9}", inward_of(number)): (drawn.randrange(20_000), drawn.randrange(20_000))
        for number in range(400)
    }
    index = PostcodeIndex(index_bytes(list(places), [packed(*place, 1, 1) for place in places.values()], {"sources": []}))
    for _ in range(100):
        east, north = drawn.randrange(-5_000, 25_000), drawn.randrange(-5_000, 25_000)
        found = index.nearest_in_use(east, north)
        assert found is not None
        squares = {each: (x - east) ** 2 + (y - north) ** 2 for each, (x, y) in places.items()}
        assert squares[found[0].postcode] == min(squares.values())
        assert found[1] == pytest.approx(min(squares.values()) ** 0.5)
