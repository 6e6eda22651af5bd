"""How many people change provider."""

from __future__ import annotations

from tests.making import county, framework, legacy, package
from tests.rules.judging import value


def test_disruption_counts_people_whose_provider_changes() -> None:
    people = [
        package("R1", contract_id="F-BRACKEN", transfer_decision="suitable"),
        package("R2", contract_id="F-BRACKEN", hours=40, transfer_decision="suitable"),
        package("N1"),
    ]
    here = county(people, [framework("BRACKEN"), legacy("BRACKEN"), framework("CLOVER")])
    assert value(here, "disruption", {"N1": "F-CLOVER"}) == 0  # new care changes nobody's provider
    assert value(here, "disruption", {"R1": "F-CLOVER"}) == 1
    assert value(here, "disruption", {"R1": "F-CLOVER", "R2": "F-CLOVER"}) == 2  # people, not hours
    assert value(here, "disruption", {"R1": "L-BRACKEN"}) == 0  # another contract of the same provider
