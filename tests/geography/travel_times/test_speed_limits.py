"""What a ``maxspeed`` of OpenStreetMap means in km/h, or that it means nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimiser.geography.travel_times.speed_limits import NoLimitError, lowest_limit

MILE = 1.609344


@pytest.mark.parametrize(
    ("text", "kph"),
    [
        ("50", 50),
        ("50.5", 50.5),
        ("50 km/h", 50),
        ("50 kmh", 50),
        ("30 mph", 30 * MILE),
        ("30mph", 30 * MILE),
        ("30 MPH", 30 * MILE),
        ("5 knots", 9.26),
        ("['30 mph', '40 mph']", 30 * MILE),
        ("['50', '30 mph']", 30 * MILE),
        ('["60 mph", "none"]', 60 * MILE),
        ("40|30|50", 30),
        ("60 mph;30 mph", 30 * MILE),
        ("30 mph @ (22:00-06:00)", 30 * MILE),
        ("30 mph @ (Mo-Fr 08:00-09:00, 15:00-16:00; PH off)", 30 * MILE),
        ("60 mph; 20 mph @ (08:00-09:00 AND (children)); 70 mph @ wet", 20 * MILE),
        ("['60 mph', '40 mph @ (Mo-Fr 07:00-10:00)']", 40 * MILE),
        ("GB:nsl_single", 60 * MILE),
        ("gb:nsl_dual", 70 * MILE),
        ("GB:nsl_restricted", 30 * MILE),
        ("GB:motorway", 70 * MILE),
        ("UK:urban", 30 * MILE),
        ("GB-ENG:rural", 60 * MILE),
        ("GB:zone20", 20 * MILE),
        ("GB:zone:30", 30 * MILE),
        ("GB:20 mph", 20 * MILE),
        ("walk", 3 * MILE),
        ("GB:walk", 3 * MILE),
    ],
)
def test_a_limit_is_read_in_its_own_unit(text: str, kph: float) -> None:
    found = lowest_limit(text)
    assert found is not None
    assert found == pytest.approx(kph, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    ["", "none", "signals", "variable", "['none', 'signals']", "RO:urban", "DE:zone30", "GB-WLS:urban", "GB:national", "nan"],
)
def test_a_word_without_a_number_is_no_limit(text: str) -> None:
    """Another country's zone is in that country's unit, whatever number it holds: it is none of England's roads."""
    assert lowest_limit(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "0 mph",
        "GB:zone0",
        "['0', '30 mph']",
        "-30",
        "1000",
        "30 furlongs",
        "30 m",
        "mph",
        "fast",
        "30 40",
        "3O mph",
        "1e2",
        "٣٠",
    ],
)
def test_what_cannot_be_read_is_never_taken_for_a_limit(text: str) -> None:
    with pytest.raises(NoLimitError):
        lowest_limit(text)


@given(st.text(alphabet="0123456789 mphkn@()[]',;|:GBzone-.", max_size=40))
def test_no_text_gives_a_limit_of_nothing_or_below(text: str) -> None:
    try:
        found = lowest_limit(text)
    except NoLimitError:
        return
    assert found is None or found > 0
