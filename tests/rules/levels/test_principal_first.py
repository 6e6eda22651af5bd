"""What the principal is short of. D is the demand of an area in minutes a week."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from optimiser.county import County
from optimiser.domain.records import Area, Contract
from tests.making import area, county, days, framework, legacy, offer, package, principal
from tests.rules.judging import value


def alders(hours: float = 20, areas: tuple[Area, ...] = (), **given: Any) -> County:
    """Somebody running with Alder (20 hours) and with Bracken (10), and somebody new (10): D = 40 hours = 2,400 minutes."""
    people = [
        package("R1", hours=hours, contract_id="P-ALDER"),
        package("R2", hours=10, contract_id="F-BRACKEN"),
        package("N1", hours=10),
    ]
    return county(people, [principal("ALDER", **given), framework("BRACKEN")], areas=areas)


def test_the_principal_is_due_the_upper_edge_of_its_share() -> None:
    # E = 0.75 x 2,400 = 1,800; H = 1,200, or 1,800 with N1.
    assert value(alders(), "principal_first") == 600
    assert value(alders(), "principal_first", {"N1": "P-ALDER"}) == 0
    assert value(alders(hours=60), "principal_first") == 0  # above the edge already: 3,600 of 4,800


@pytest.mark.parametrize(
    ("max_hours_4w", "short"),
    [
        ("100", 300),  # 1,500 minutes a week are less than 1,800: E = 1,500
        ("120", 600),  # exactly 1,800
        ("99999", 600),
        ("0", 0),  # closed: nothing is due
        ("80.1", 2),  # E = 1,201.5; 1.5 is missing: half up
    ],
)
def test_or_its_contract_where_that_is_less(max_hours_4w: str, short: int) -> None:
    assert value(alders(max_hours_4w=Fraction(max_hours_4w)), "principal_first") == short


def test_demand_counts_everybody_in_the_area_waiting_and_pending_too() -> None:
    people = [package("N1", hours=10), package("N2", hours=10), package("N3", hours=20, area_id="A2")]
    here = county(people, [principal("ALDER"), framework("BRACKEN")], offers=[offer("N2", "F-BRACKEN")])
    # D = 1,200 (N1 unmet, N2 pending, N3 elsewhere and without a principal): E = 900.
    assert value(here, "principal_first") == 900
    assert value(here, "principal_first", {"N1": "P-ALDER"}) == 300


def test_the_upper_edge_is_rounded_down() -> None:
    # D = 615: 0.75 x 615 = 461.25, so 461.
    assert value(county([package("N1", hours=10.25)], [principal("ALDER")]), "principal_first") == 461


def test_areas_that_are_not_live_and_principals_not_in_force_are_left_out() -> None:
    assert value(alders(areas=(area(go_live=days(1)),)), "principal_first") == 0
    assert value(alders(areas=(area(go_live=None),)), "principal_first") == 0
    assert value(alders(ends=days(0)), "principal_first") == 0
    assert value(alders(starts=days(1)), "principal_first") == 0
    assert value(alders(starts=days(0)), "principal_first") == 600


def test_halves_are_rounded_once_over_all_areas() -> None:
    # E = 1.5 minutes a week (0.1 hours per four weeks) in each area, nothing delivered: 1.5 is 2, twice 1.5 is 3.
    def tiny(area_id: str) -> Contract:
        return principal("ALDER", contract_id=f"P-{area_id}", area_id=area_id, max_hours_4w=Fraction("0.1"))

    people = [package("N1"), package("N2", area_id="A2")]
    assert value(county(people[:1], [tiny("A1")]), "principal_first") == 2
    assert value(county(people, [tiny("A1"), tiny("A2")]), "principal_first") == 3


def test_only_the_principal_contract_itself_counts() -> None:
    # Alder's care on its legacy contract in the area is not on-contract: E = 0.75 x 600 = 450 stays due.
    here = county([package("R1", hours=10, contract_id="L-ALDER")], [principal("ALDER"), legacy("ALDER")])
    assert value(here, "principal_first") == 450


def test_a_council_may_set_another_target() -> None:
    here = county(
        [package("N1", hours=10)], [principal("ALDER")], principal_share_target=Fraction(1, 2), share_tolerance=Fraction(0)
    )
    assert value(here, "principal_first") == 300
