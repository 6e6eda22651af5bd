"""Where a postcode is, and what is said of one that is no place of England."""

from __future__ import annotations

import pytest

from optimiser.geography.coordinate_systems import System
from optimiser.geography.postcodes.index import packed
from optimiser.geography.postcodes.postcode_places import NoSuchPlaceError, Place, district_at, place_of
from tests.geography.postcodes.small_index import code, small_index


def refused(text: str) -> NoSuchPlaceError:
    with pytest.raises(NoSuchPlaceError) as error:
        place_of(small_index(), text)
    return error.value


def test_the_place_of_a_postcode_in_use() -> None:
    """As the ONS publishes it, to a tenth of a metre."""
    assert place_of(small_index(), "nr12dh") == Place(code("NR1 2DH"), 52.615176, 1.307646, "")


def test_the_grid_agrees_with_the_worked_example_of_the_ordnance_survey() -> None:
    """Caister water tower: 651409.903, 313177.270 is 52 39 28.723 N, 1 42 57.787 E. 1e-5 degrees are a metre."""
    ((longitude, latitude),) = System("EPSG", "27700").to_degrees([(651409.903, 313177.270)])
    assert latitude == pytest.approx(52 + 39 / 60 + 28.723 / 3600, abs=1e-5)
    assert longitude == pytest.approx(1 + 42 / 60 + 57.787 / 3600, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("NR12 0AA", "its position is estimated from its neighbours"),
        ("TD15 1AA", ""),  # Berwick is in England, whatever its area
    ],
)
def test_a_place_that_is_an_estimate_is_said_to_be_one(text: str, note: str) -> None:
    assert place_of(small_index(), text).note == note


NO_PLACES = [
    ("", "an empty postcode", "A postcode is needed, such as NR1 2DH."),
    (
        "NR1 2DQ",
        "a postcode out of use since July 2019; the nearest in use is 40 metres and 1 letter away",
        "NR1 2DQ is out of use since July 2019. The nearest in use is NR1 2DH, 40 metres and 1 letter away.",
    ),
    (
        "NR1 2DG",
        "no postcode that the index holds; the nearest is 1 letter away",
        "NR1 2DG is no postcode that is known here. The nearest is NR1 2DA, 1 letter away (1 more is as near).",
    ),
    (
        "EC1 1BB",
        "no postcode that the index holds; the nearest is 1 letter away",
        "EC1 1BB is no postcode that is known here. The nearest is EC1A 1BB, 1 letter away.",
    ),
    (
        "nr1 2d",
        "a part of a postcode: 1 letter missing",
        "NR1 2D is only a part of a postcode. 2 in use begin so. The first is NR1 2DA, 1 letter more.",
    ),
    (
        "NR1",
        "a part of a postcode: 3 letters missing",
        "NR1 is only a part of a postcode. 3 in use begin so. The first is NR1 2DA, 3 letters more.",
    ),
    (
        "nr12",  # Wroxham and around
        "a part of a postcode: 3 letters missing",
        "NR12 is only a part of a postcode. 1 in use begin so. The first is NR12 0AA, 3 letters more.",
    ),
    (
        "NR1 2",  # not Wroxham
        "a part of a postcode: 2 letters missing",
        "NR1 2 is only a part of a postcode. 2 in use begin so. The first is NR1 2DA, 2 letters more.",
    ),
    ("TD14 5AA", "a postcode of Scotland", "TD14 5AA is a postcode of Scotland. Only England is known here."),
    ("EH1 1YZ", "a postcode of Scotland", "EH1 1YZ is a postcode of Scotland. Only England is known here."),
    ("cf10 1bh", "a postcode of Wales", "CF10 1BH is a postcode of Wales. Only England is known here."),
    (
        "BT1 5GS",
        "a postcode of Northern Ireland",
        "BT1 5GS is a postcode of Northern Ireland. Only England is known here.",
    ),
    (
        "JE2 3AB",
        "a postcode of the Channel Islands or the Isle of Man",
        "JE2 3AB is a postcode of the Channel Islands or the Isle of Man. Only England is known here.",
    ),
    (
        "NR9 3XX",
        "a postcode without a place",
        "NR9 3XX stands for an organisation or a post box. It is no place. Give the postcode of the building.",
    ),
    (
        "PE30 1AA",
        "a postcode whose position is the middle of its sector, perhaps miles away",
        "Only a rough place is known for PE30 1AA: the middle of its sector, perhaps miles away. Give latitude and longitude.",
    ),
    (
        "M1 1AE",
        "a postcode whose position is an old one of unknown quality",
        "Only a rough place is known for M1 1AE: an old one of unknown quality. Give latitude and longitude.",
    ),
    (
        "BX1 1LT",
        "a postcode without a place",
        "BX1 1LT stands for an organisation or a post box. It is no place. Give the postcode of the building.",
    ),
    (
        "14 High Street",
        "no postcode that the index holds, nor nearly one",
        "'14 High Str…' is no postcode that is known here, and none is within two letters of it.",
    ),
]
"""What is typed, in which way it is no place, and what is said of it."""


@pytest.mark.parametrize(("text", "kind", "said"), NO_PLACES)
def test_what_is_no_place_is_told_in_words(text: str, kind: str, said: str) -> None:
    error = refused(text)
    assert (error.kind, str(error)) == (kind, said)


@pytest.mark.parametrize(
    "text", ["\u00b2", "\u00df", "\0", "NR1\u200b2DH", "\u0130" * 9, "\U0001f3e0", "N\u0308R1 2DH", "\n", "--", "1" * 5_000]
)
def test_whatever_is_typed_is_refused_in_words(text: str) -> None:
    assert str(refused(text)).endswith(".")
    assert len(str(refused(text))) < 300


def test_the_kind_tells_nothing_of_where_somebody_is() -> None:
    """It stands where the value may not be shown."""
    assert "NR" not in "".join(refused(each).kind for each in ("NR1 2DQ", "NR1 2DG", "NR1 2D", "NR9 3XX"))


def test_a_position_outside_england_is_refused_whatever_its_country() -> None:
    with pytest.raises(NoSuchPlaceError, match="outside England"):
        place_of(small_index({"NR1 2DH": packed(0, 1_200_000, 1, 1)}), "NR1 2DH")


@pytest.mark.parametrize(
    ("latitude", "longitude", "district"),
    [
        (52.615176, 1.307646, "NR1"),
        (52.622, 1.305, "NR1"),
        (52.735, 1.478, "NR12"),  # a kilometre or so from NR12 0AA
        (52.0, 0.5, None),  # no postcode within five kilometres
    ],
)
def test_the_district_of_a_place_is_that_of_the_nearest_postcode(latitude: float, longitude: float, district: str | None) -> None:
    assert district_at(small_index(), latitude, longitude) == district
