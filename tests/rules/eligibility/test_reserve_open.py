"""The reserve, where it is opened."""

from __future__ import annotations

from optimiser.allocating.story import allocate
from tests.making import (
    county,
    legacy,
    package,
    reserve,
    snapshot,
)
from tests.rules.judging import passes


def test_the_reserve_is_asked_where_it_is_opened_alone() -> None:
    people = [package("N1"), package("N2", area_id="A2")]
    here = county(people, [reserve("WREN"), legacy("DOCK")], reserve_areas=["A2"])
    assert [passes(here, "reserve_open", name, "V-WREN") for name in ("N1", "N2")] == [False, True]
    assert passes(here, "reserve_open", "N1", "L-DOCK")


def test_somebody_whom_nobody_else_can_take_goes_to_the_reserve_and_is_told_so() -> None:
    made = allocate(snapshot([package("N1")], [reserve("WREN")], reserve_areas=["A1"]))
    record = made.explain(0)
    assert record["reason"].startswith("Placed with a provider of last resort")
    assert made.areas()[0]["reserve_hours_4w"] == "20.00"
