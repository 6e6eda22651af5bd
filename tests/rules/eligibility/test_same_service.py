"""Services, asked of those that deliver them alone."""

from __future__ import annotations

from tests.making import (
    area,
    county,
    framework,
    package,
    principal,
    specialist,
)
from tests.rules.judging import finding, passes, value


def test_a_service_is_asked_of_those_that_deliver_it_alone() -> None:
    people = [package("N1"), package("N2", service="night"), package("N3", service="day_centre")]
    here = county(people, [framework("BRACKEN"), specialist("OWL")])
    assert [passes(here, "service", name, "F-BRACKEN") for name in ("N1", "N2", "N3")] == [True, False, False]
    assert [passes(here, "service", name, "S-OWL") for name in ("N1", "N2", "N3")] == [False, True, False]
    assert finding(here, "service", "N3", "S-OWL").sentence == "The package is day centre; the contract is for night."


def test_specialist_care_stands_outside_of_the_shares_and_is_no_legacy() -> None:
    people = [package("R1", hours=10, contract_id="P-ALDER"), package("N1", hours=50, service="night")]
    here = county(people, [principal("ALDER"), specialist("OWL")])
    assert here.demand_minutes.tolist() == [600]
    assert value(here, "principal_first", {"N1": "S-OWL"}) == 0
    assert value(here, "legacy", {"N1": "S-OWL"}) == 0
    assert value(here, "unmet", {"N1": None}) == 2 * (3_000 + 420), "but unmet need counts"
    assert passes(county(people, [specialist("OWL")], areas=[area(go_live=None)]), "area_live", "N1", "S-OWL")
