"""Worked examples of cost and travel, and of what each level tolerates and calls proven."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from optimiser.rules.book import standard_rules
from tests.making import (
    FAKENHAM,
    SWANTON,
    area,
    at,
    county,
    days,
    framework,
    legacy,
    offer,
    office,
    package,
    principal,
)
from tests.rules.judging import value

# ---- cost ---------------------------------------------------------------------------------------------------------------


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


# ---- travel -------------------------------------------------------------------------------------------------------------


def test_each_visit_counts_the_way_from_the_nearest_office() -> None:
    # 5,000 m, five visits
    here = county([package("N1", SWANTON)], [framework("BRACKEN")])
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 25_000
    assert value(here, "travel") == 0  # nobody travels to somebody unmet
    offices = [office("BRACKEN", office_id="O1"), office("BRACKEN", at(3_000, 3_600), "O2")]
    here = county([package("N1", SWANTON, visits_per_week=7)], [framework("BRACKEN")], offices=offices)
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 2_800  # 400 m


def test_running_care_of_the_provider_nearby_is_a_base_too() -> None:
    running = package("R1", at(3_000, 4_300), contract_id="L-BRACKEN", visits_per_week=1)
    here = county([running, package("N1", SWANTON)], [framework("BRACKEN"), legacy("BRACKEN"), framework("CLOVER")])
    # R1 itself is sqrt(3,000² + 4,300²) = 5,243.09 m from the office: itself it does not help.
    assert value(here, "travel") == 5_243
    # N1 is 300 m from R1, on whichever contract of Bracken's that runs.
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 5_243 + 5 * 300
    # Clover has nobody there.
    assert value(here, "travel", {"N1": "F-CLOVER"}) == 5_243 + 25_000


def test_two_who_run_next_to_each_other_help_each_other() -> None:
    people = [
        package("R1", SWANTON, contract_id="F-BRACKEN", visits_per_week=1),
        package("R2", at(3_000, 4_100), contract_id="F-BRACKEN", visits_per_week=2),
    ]
    assert value(county(people, [framework("BRACKEN")]), "travel") == 100 + 2 * 100


def test_running_care_in_another_area_is_no_base() -> None:
    running = package("R1", at(3_000, 4_300), area_id="A2", contract_id="L-BRACKEN", visits_per_week=1)
    here = county([running, package("N1", SWANTON)], [framework("BRACKEN"), legacy("BRACKEN")])
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 5_243 + 25_000


def test_care_that_only_the_plan_places_is_no_base() -> None:
    people = [package("N1", SWANTON), package("N2", SWANTON)]
    offers = [offer("N2", "F-BRACKEN", "accepted")]  # accepted, but not yet running
    here = county(people, [framework("BRACKEN")], offers=offers)
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 50_000


def test_metres_are_rounded_half_up_before_they_are_multiplied() -> None:
    # 1,000.6 m count as 1,001, five times; 1,000.4 m as 1,000.
    people = [package("N1", at(1_000.6)), package("N2", at(1_000.4))]
    here = county(people, [framework("BRACKEN")])
    assert value(here, "travel", {"N1": "F-BRACKEN"}) == 5_005
    assert value(here, "travel", {"N2": "F-BRACKEN"}) == 5_000


# ---- tolerances and proofs ----------------------------------------------------------------------------------------------


def test_tolerances_are_parts_of_the_minutes_of_all_new_packages() -> None:
    # New: 10 + 10 + 5.25 hours = 1,515 minutes, pending and accepted ones included; running care does not count.
    people = [
        package("N1", hours=10),
        package("N2", hours=10),
        package("N3", hours=5.25),
        package("R1", hours=90, contract_id="F-BRACKEN"),
    ]
    offers = [offer("N1", "F-BRACKEN"), offer("N2", "F-BRACKEN", "accepted")]
    here = county(people, [framework("BRACKEN")], offers=offers)
    tolerance = {rule.name: rule.tolerance(here) for rule in standard_rules().levels}
    # floor(1,515 / 400) = 3, floor(1,515 / 10) = 151
    assert {name: given for name, given in tolerance.items() if given} == {"principal_first": 3, "volume_share": 3, "cost": 151}
    proof = {rule.name: rule.proof(here) for rule in standard_rules().levels}
    # floor(1,515 / 50) = 30 pence; 0.01% for travel
    stated = {name: given for name, given in proof.items() if any(given)}
    assert stated == {"cost": (30, Fraction(0)), "travel": (0, Fraction(1, 10_000))}


def test_the_levels_stand_in_the_strict_order() -> None:
    assert [level.name for level in standard_rules().levels] == [
        "unmet_urgent",
        "unmet_discharge",
        "unmet",
        "legacy",
        "principal_first",
        "volume_share",
        "disruption",
        "cost",
        "travel",
    ]
