"""What a week costs, in pence: half up package by package, or the guarantee where that is more."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from tests.making import (
    FAKENHAM,
    SWANTON,
    area,
    county,
    days,
    framework,
    legacy,
    package,
    principal,
)
from tests.rules.judging import value


def test_a_half_penny_is_rounded_up_package_by_package() -> None:
    # A quarter of an hour at £24.02 is 600.5 pence: 601, and two of them are 1,202 (not 1,201).
    people = [package("N1", hours=0.25), package("N2", hours=0.25)]
    here = county(people, [framework("BRACKEN", rates_pence=(2402, 2402, 2402))])
    assert value(here, "cost", {"N1": "F-BRACKEN"}) == 601
    assert value(here, "cost", {"N1": "F-BRACKEN", "N2": "F-BRACKEN"}) == 1_202


def test_less_than_half_a_penny_is_rounded_down() -> None:
    # A quarter of an hour at £24.01: 600.25 pence.
    here = county([package("N1", hours=0.25)], [framework("BRACKEN", rates_pence=(2401, 2401, 2401))])
    assert value(here, "cost", {"N1": "F-BRACKEN"}) == 600


def test_the_band_of_the_place_sets_the_rate() -> None:
    people = [package("N1"), package("N2", SWANTON), package("N3", FAKENHAM)]
    here = county(people, [framework("BRACKEN", rates_pence=(1824, 1968, 2172))])
    assert value(here, "cost", {"N1": "F-BRACKEN"}) == 9_120  # 5 x 18.24
    assert value(here, "cost", {"N2": "F-BRACKEN"}) == 9_840  # 5 x 19.68
    assert value(here, "cost", {"N3": "F-BRACKEN"}) == 10_860  # 5 x 21.72


def test_the_guarantee_is_paid_where_less_is_delivered() -> None:
    # 80% of 40 hours per four weeks are 8 hours a week, at £24.00: £192.00.
    contracts = [principal("ALDER", guarantee=Fraction(4, 5), max_hours_4w=Fraction(40))]
    here = county([package("N1"), package("N2")], contracts)
    assert value(here, "cost") == 19_200  # nothing delivered
    assert value(here, "cost", {"N1": "P-ALDER"}) == 19_200  # £120.00 delivered
    assert value(here, "cost", {"N1": "P-ALDER", "N2": "P-ALDER"}) == 24_000  # £240.00 delivered


def test_the_guarantee_is_of_value_at_the_rate_of_band_one() -> None:
    # Guaranteed 8 hours x £24.00 = £192.00; 5 hours delivered in band 3 at £40.00 are £200.00.
    contracts = [principal("ALDER", guarantee=Fraction(4, 5), max_hours_4w=Fraction(40), rates_pence=(2400, 2400, 4000))]
    assert value(county([package("N1", FAKENHAM)], contracts), "cost", {"N1": "P-ALDER"}) == 20_000


def test_a_guarantee_is_rounded_half_up() -> None:
    # 50% of one hour per four weeks is an eighth of an hour a week: at £24.04 300.5 pence.
    contracts = [principal("ALDER", guarantee=Fraction(1, 2), max_hours_4w=Fraction(1), rates_pence=(2404, 2404, 2404))]
    assert value(county([], contracts), "cost") == 301


@pytest.mark.parametrize(
    ("starts", "ends", "pence"),
    [
        (None, None, 19_200),
        (days(0), days(1), 19_200),
        (None, days(0), 12_000),  # no longer in force: what is delivered is paid, the guarantee is not
        (days(1), None, 12_000),  # not yet in force
    ],
)
def test_a_guarantee_is_paid_only_while_the_contract_is_in_force(
    starts: dt.date | None, ends: dt.date | None, pence: int
) -> None:
    given = {"guarantee": Fraction(4, 5), "max_hours_4w": Fraction(40), "starts": starts, "ends": ends}
    here = county([package("R1", contract_id="P-ALDER")], [principal("ALDER", **given)])
    assert value(here, "cost") == pence


def test_a_guarantee_of_a_contract_without_a_maximum_is_nothing() -> None:
    assert value(county([], [principal("ALDER", guarantee=Fraction(4, 5))]), "cost") == 0


def test_an_older_block_contracts_guarantee_counts_before_and_after_the_go_live() -> None:
    block = legacy("DOCK", area_id="A1", guarantee=Fraction(1, 2), max_hours_4w=Fraction(40))
    # 5 hours a week at £24.00
    assert value(county([], [block]), "cost") == 12_000
    assert value(county([], [block], areas=[area(go_live=None)]), "cost") == 12_000


def test_each_contract_is_paid_for_itself() -> None:
    # Alder's £192.00 guaranteed beside Bracken's £120.00 delivered.
    contracts = [principal("ALDER", guarantee=Fraction(4, 5), max_hours_4w=Fraction(40)), framework("BRACKEN")]
    assert value(county([package("R1", contract_id="F-BRACKEN")], contracts), "cost") == 31_200
