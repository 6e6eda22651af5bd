"""How far shares are from those agreed. D is the demand of an area in minutes a week."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from optimiser.domain.records import Contract
from tests.making import area, county, days, framework, legacy, package, principal
from tests.rules.judging import value


def shared(contracts: list[Contract], minutes: dict[str, int], **given: Any) -> int:
    """The level's value when the contracts have running care of so many minutes."""
    running = [
        package(f"R-{contract_id}", hours=Fraction(own, 60), contract_id=contract_id)
        for contract_id, own in minutes.items()
        if own
    ]
    return value(county(running, contracts, **given), "volume_share")


@pytest.mark.parametrize(
    ("with_alder", "outside"),
    [
        (0, 400),  # D = 615: 0.65 x 615 = 399.75, so 400 at least
        (390, 10),
        (405, 0),
        (450, 0),  # 0.75 x 615 = 461.25, so 461 at most
        (465, 4),
        (615, 154),
    ],
)
def test_the_principals_share_is_from_65_to_75_percent(with_alder: int, outside: int) -> None:
    sizes = [("N1", with_alder), ("N2", 615 - with_alder)]
    people = [package(name, hours=Fraction(minutes, 60)) for name, minutes in sizes if minutes]
    here = county(people, [principal("ALDER"), legacy("DOCK")])
    places = {"N1": "P-ALDER", "N2": "L-DOCK"}
    assert value(here, "volume_share", {each.package_id: places[each.package_id] for each in people}) == outside


def test_the_frameworks_hours_are_parted_by_the_contracts_maxima() -> None:
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(40)), framework("CLOVER", max_hours_4w=Fraction(120))]
    # Parts 1/4 and 3/4. Of 1,200 minutes 300 and 900 are fair: |600 - 300| + |600 - 900|.
    assert shared(contracts, {"F-BRACKEN": 600, "F-CLOVER": 600}) == 600
    assert shared(contracts, {"F-BRACKEN": 300, "F-CLOVER": 900}) == 0


def test_one_contract_without_a_maximum_makes_all_parts_equal() -> None:
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(40)), framework("CLOVER"), framework("FERN")]
    assert shared(contracts, {"F-BRACKEN": 600, "F-CLOVER": 600, "F-FERN": 600}) == 0
    # Of 900 minutes 300 each: 300 + 0 + 300.
    assert shared(contracts, {"F-BRACKEN": 600, "F-CLOVER": 300, "F-FERN": 0}) == 600


def test_a_closed_contract_is_left_out_with_what_it_still_has() -> None:
    contracts = [
        framework("BRACKEN", max_hours_4w=Fraction(40)),
        framework("CLOVER", max_hours_4w=Fraction(40)),
        framework("FERN", max_hours_4w=Fraction(0)),
    ]
    assert shared(contracts, {"F-BRACKEN": 600, "F-CLOVER": 600, "F-FERN": 900}) == 0
    assert shared(contracts, {"F-BRACKEN": 600, "F-CLOVER": 300, "F-FERN": 900}) == 300  # 450 each: 150 + 150


def test_a_contract_not_in_force_today_is_left_out() -> None:
    contracts = [framework("BRACKEN"), framework("CLOVER", ends=days(0)), framework("FERN", starts=days(1))]
    assert shared(contracts, {"F-BRACKEN": 600}) == 0
    assert shared([*contracts, framework("GORSE", starts=days(0))], {"F-BRACKEN": 600}) == 600  # 300 each


def test_an_area_without_a_principal_has_fair_parts_all_the_same() -> None:
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    assert shared(contracts, {"F-BRACKEN": 600}) == 600
    assert shared(contracts, {"F-BRACKEN": 600}, areas=[area(go_live=None)]) == 0  # but not before it is live


def test_halves_of_the_shares_are_rounded_once_over_the_level() -> None:
    # Parts 1/4 and 3/4, 15 minutes with the smaller: |15 - 3.75| + |0 - 11.25| = 22.5, half up 23; two such areas are 45.
    def pair(area_id: str) -> list[Contract]:
        return [
            framework("BRACKEN", contract_id=f"B-{area_id}", area_id=area_id, max_hours_4w=Fraction(40)),
            framework("CLOVER", contract_id=f"C-{area_id}", area_id=area_id, max_hours_4w=Fraction(120)),
        ]

    one = package("R1", hours=0.25, contract_id="B-A1")
    two = package("R2", hours=0.25, contract_id="B-A2", area_id="A2")
    assert value(county([one], pair("A1")), "volume_share") == 23
    assert value(county([one, two], [*pair("A1"), *pair("A2")]), "volume_share") == 45


def test_principal_and_framework_add_up() -> None:
    # D = 1,200: Alder should have 780 to 900 and has 600: 180. Of Bracken's and Clover's 600, 300 each: 600.
    people = [package("R1", hours=10, contract_id="P-ALDER"), package("R2", hours=10, contract_id="F-BRACKEN")]
    here = county(people, [principal("ALDER"), framework("BRACKEN"), framework("CLOVER")])
    assert value(here, "volume_share") == 780
