"""Whether running care may move: the decision, and what protects."""

from __future__ import annotations

import pytest

from tests.making import county, framework, package
from tests.rules.judging import passes


@pytest.mark.parametrize(
    ("decision", "protected", "may", "may_with_pending"),
    [
        ("suitable", "", True, True),
        ("", "", False, True),  # the decision is pending
        ("not_suitable", "", False, False),
        ("suitable", "autism", False, False),  # the assessment protects, whatever the decision
        ("", "end_of_life", False, False),
        ("", "as agreed with the family", False, False),  # other text protects too
        ("not_suitable", "mental_health", False, False),
    ],
)
def test_running_care_moves_only_where_the_decision_allows(
    decision: str, protected: str, may: bool, may_with_pending: bool
) -> None:
    running = package("R1", contract_id="F-CLOVER", transfer_decision=decision, protected=protected)
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    assert passes(county([running], contracts), "may_move", "R1", "F-BRACKEN") is may
    assert passes(county([running], contracts, move_pending=True), "may_move", "R1", "F-BRACKEN") is may_with_pending


@pytest.mark.parametrize("decision", ["", "suitable", "not_suitable"])
def test_new_care_is_never_moved(decision: str) -> None:
    here = county([package("N1", protected="autism", transfer_decision=decision)], [framework("BRACKEN")])
    assert passes(here, "may_move", "N1", "F-BRACKEN")
