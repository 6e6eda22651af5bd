"""Providers whom a person has refused."""

from __future__ import annotations

from tests.making import county, framework, legacy, package
from tests.rules.judging import finding, passes


def test_a_provider_whom_the_person_does_not_want_is_not_asked_on_any_contract() -> None:
    contracts = [framework("BRACKEN"), legacy("BRACKEN"), framework("CLOVER")]
    here = county([package("N1", excluded_provider_ids=("BRACKEN",)), package("N2")], contracts)
    assert not passes(here, "not_excluded", "N1", "F-BRACKEN")
    assert not passes(here, "not_excluded", "N1", "L-BRACKEN")
    assert passes(here, "not_excluded", "N1", "F-CLOVER")
    assert passes(here, "not_excluded", "N2", "F-BRACKEN")


def test_a_refusal_is_called_a_refusal() -> None:
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    here = county([package("N1", excluded_provider_ids=("BRACKEN",))], contracts)
    assert finding(here, "not_excluded", "N1", "F-BRACKEN").sentence == "The person has refused Bracken."
    assert finding(here, "not_excluded", "N1", "F-CLOVER").sentence == "The person has not refused Clover."
