"""The straight line times a factor, by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimiser.geography.travel_times.interface import degrees
from optimiser.geography.travel_times.straight_line import DRIVING, WALKING, StraightLineTravel

# A kilometre of latitude is 1 / 111.2 degrees, within a few metres.
KILOMETRE = 1 / 111.2


def test_a_kilometre_by_hand() -> None:
    """76 s for the kilometre and four minutes to park: 316 s; 1.3 km on the road."""
    told = DRIVING.matrix(degrees([52.6, 52.6 + KILOMETRE], [1.3, 1.3]))
    assert told.seconds[0].tolist() == [0, 316]
    assert abs(int(told.metres[0, 1]) - 1_300) <= 3
    assert told.provenance == "straight line, 76 s a kilometre and 4 minutes to park; metres x 1.3"


def test_walking_needs_no_parking() -> None:
    told = WALKING.matrix(degrees([52.6, 52.6 + KILOMETRE], [1.3, 1.3]))
    assert abs(int(told.seconds[0, 1]) - 975) <= 3


def test_from_a_place_to_itself_is_nothing_even_with_minutes_to_park() -> None:
    points = degrees([52.6, 52.7, 52.6], [1.3, 1.2, 1.3])
    told = StraightLineTravel(minutes_to_park=9).matrix(points)
    assert told.seconds[0, 2] == told.metres[0, 2] == told.seconds[1, 1] == 0
    assert told.seconds[0, 1] > 9 * 60


def test_no_places_are_no_ways() -> None:
    assert DRIVING.between(degrees([], []), degrees([52.6], [1.3])).seconds.shape == (0, 1)


places = st.lists(st.tuples(st.floats(52, 53), st.floats(0.2, 1.7)), min_size=1, max_size=5)


@given(places, places)
def test_a_table_is_the_same_whatever_else_is_asked(some: list[tuple[float, float]], others: list[tuple[float, float]]) -> None:
    origins, destinations = np.array(some), np.array(others)
    whole = DRIVING.between(origins, destinations)
    for row in range(len(some)):
        alone = DRIVING.between(origins[row : row + 1], destinations)
        assert alone.seconds.tolist() == whole.seconds[row : row + 1].tolist()
        assert alone.metres.tolist() == whole.metres[row : row + 1].tolist()
