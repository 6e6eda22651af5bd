"""A provider's own limit, over all its contracts."""

from __future__ import annotations

from fractions import Fraction

from tests.making import county, framework, package, provider
from tests.rules.judging import broken, used


def test_a_providers_limit_counts_everything_on_all_its_contracts() -> None:
    # 60 hours per four weeks = 900 minutes a week, on two contracts in two areas.
    contracts = [framework("BRACKEN"), framework("BRACKEN", contract_id="F-BRACKEN-2", area_id="A2"), framework("CLOVER")]
    people = [
        package("R1", contract_id="F-BRACKEN"),
        package("R2", contract_id="F-BRACKEN-2", area_id="A2"),
        package("R3", contract_id="F-CLOVER"),
        package("N1"),
        package("N2", area_id="A2"),
    ]
    here = county(people, contracts, providers=[provider("BRACKEN", max_hours_4w=Fraction(60))])
    assert used(here, "provider_hours", "BRACKEN") == 600
    assert used(here, "provider_hours", "BRACKEN", {"N1": "F-BRACKEN"}) == 900
    assert broken(here, {"N1": "F-BRACKEN"}) == []
    assert broken(here, {"N1": "F-BRACKEN", "N2": "F-BRACKEN-2"}) == [("provider_hours", "BRACKEN")]
