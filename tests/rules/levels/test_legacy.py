"""Who is on the legacy framework, and, twice, on the reserve."""

from __future__ import annotations

from fractions import Fraction

from optimiser.allocating.story import allocate
from tests.making import (
    area,
    county,
    days,
    framework,
    legacy,
    package,
    reserve,
)
from tests.rules.judging import value


def test_the_reserve_counts_twice_everywhere_and_comes_after_everybody_else() -> None:
    people = [package("R1", contract_id="V-WREN"), package("N1"), package("N2", area_id="A2")]
    contracts = [reserve("WREN", rates_pence=(100, 100, 100)), legacy("DOCK")]
    here = county(people, contracts, reserve_areas=["A1", "A2"], areas=[area("A2", go_live=None)])
    assert value(here, "legacy") == 600, "running care stays, also where the reserve is closed"
    assert value(here, "legacy", {"N1": "L-DOCK", "N2": "L-DOCK"}) == 600 + 300
    assert value(here, "legacy", {"N1": "V-WREN", "N2": "V-WREN"}) == 600 * 3
    made = allocate(here.snapshot)
    assert [made.explain(made.county.package_index[name])["contract_id"] for name in ("N1", "N2")] == ["L-DOCK", "L-DOCK"]
    steps = made.explain(made.county.package_index["N1"])["contracts"]
    assert [step["tier"] for step in steps] == ["legacy", "reserve"]


def test_legacy_counts_its_minutes_in_areas_that_are_live() -> None:
    people = [
        package("R1", hours=10, contract_id="L-DOCK"),  # 600, running care too
        package("N1", hours=5),  # 300
        package("N2", hours=4, area_id="A2"),  # live from tomorrow
        package("N3", hours=3, area_id="A3"),  # no date
        package("N4", hours=2, area_id="A4"),  # 120: live from today
    ]
    areas = [area("A1"), area("A2", go_live=days(1)), area("A3", go_live=None), area("A4", go_live=days(0))]
    here = county(people, [framework("BRACKEN"), legacy("DOCK")], areas=areas)
    assert value(here, "legacy") == 600
    assert value(here, "legacy", dict.fromkeys(("N1", "N2", "N3", "N4"), "L-DOCK")) == 600 + 300 + 120
    assert value(here, "legacy", {"N1": "F-BRACKEN"}) == 600


def test_today_decides_whether_an_area_is_live_even_where_care_starts_later() -> None:
    here = county([package("N1", start_by=days(30))], [legacy("DOCK")], areas=[area(go_live=days(10))])
    assert value(here, "legacy", {"N1": "L-DOCK"}) == 0


def test_an_older_block_contract_counts_as_legacy() -> None:
    block = legacy("DOCK", area_id="A1", guarantee=Fraction(1, 2), max_hours_4w=Fraction(400))
    assert value(county([package("N1")], [block]), "legacy", {"N1": "L-DOCK"}) == 300
