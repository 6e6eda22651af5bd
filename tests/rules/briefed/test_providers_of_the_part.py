"""In a run for named providers new care goes to them alone; running care of theirs may go wherever the other rules let it."""

from __future__ import annotations

import numpy as np

from optimiser.domain.brief import Part
from optimiser.rules.briefed.providers_of_the_part import ProvidersOfThePart
from tests.making import county, framework, legacy, package


def test_new_care_goes_to_the_providers_named() -> None:
    here = county(
        [package("N1"), package("R1", contract_id="F-BRACKEN")],
        [framework("BRACKEN"), framework("CLOVER"), legacy("BRACKEN"), legacy("DOCK")],
    )
    rule = ProvidersOfThePart(Part(providers=("BRACKEN", "DOCK")))
    expected = {"N1": ["F-BRACKEN", "L-BRACKEN", "L-DOCK"], "R1": ["F-BRACKEN", "F-CLOVER", "L-BRACKEN", "L-DOCK"]}
    in_model = rule.passes(here, np.arange(2, dtype=np.int64))
    for package_id, allowed in expected.items():
        at = here.package_index[package_id]
        for contract, held in enumerate(here.contracts):
            found = rule.finding(here, at, contract)
            assert found.passed == in_model[at, contract] == (held.contract_id in allowed)
    assert rule.in_use(here)
    assert not ProvidersOfThePart().in_use(here)
