"""The strict order of the levels, their tolerances, and when each counts as proven."""

from __future__ import annotations

from fractions import Fraction

from optimiser.rules.book import standard_rules
from tests.making import (
    county,
    framework,
    offer,
    package,
)


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
