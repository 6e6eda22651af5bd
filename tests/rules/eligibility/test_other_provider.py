"""Running care moves to another provider or not at all."""

from __future__ import annotations

from tests.making import county, framework, legacy, package
from tests.rules.judging import passes


def test_running_care_does_not_move_to_another_contract_of_the_same_provider() -> None:
    running = package("R1", contract_id="L-BRACKEN", transfer_decision="suitable")
    here = county([running, package("N1")], [framework("BRACKEN"), legacy("BRACKEN"), framework("CLOVER")])
    assert not passes(here, "other_provider", "R1", "F-BRACKEN")
    assert passes(here, "other_provider", "R1", "F-CLOVER")
    assert passes(here, "other_provider", "N1", "F-BRACKEN")
    assert passes(here, "other_provider", "N1", "L-BRACKEN")
