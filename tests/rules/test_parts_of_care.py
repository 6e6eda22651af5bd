"""Care that a person has divided: parts are packages, people are counted once."""

from __future__ import annotations

from fractions import Fraction

from optimiser.allocating.story import allocate
from tests.making import (
    framework,
    package,
    snapshot,
)


def test_whose_care_is_divided_is_counted_once_in_figures_and_in_parts_everywhere_else() -> None:
    people = [package("N1"), package("N2", part_of="N1"), package("N3", part_of="N1")]
    made = allocate(snapshot(people, [framework("BRACKEN", max_hours_4w=Fraction(40))]))
    figures = made.areas()[0]
    assert (figures["people"], figures["unmet_people"], figures["contracts"][0]["people"]) == (1, 1, 1)
    assert made.verified.levels["unmet"] == 2 * 720
