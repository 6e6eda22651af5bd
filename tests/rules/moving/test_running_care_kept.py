"""Running care is never ended, where it may move either."""

from __future__ import annotations

from optimiser.rules.moving.books_that_move import moving_rules
from optimiser.rules.moving.running_care_kept import RunningCareKept
from tests.making import county, framework, package
from tests.rules.judging import settled

CONTRACTS = [framework("BRACKEN"), framework("CLOVER")]


def test_who_may_not_move_is_settled_where_they_are() -> None:
    here = county([package("R1", contract_id="F-CLOVER", transfer_decision="suitable", protected="autism")], CONTRACTS)
    assert settled(here, "running_care_kept", {"R1": "F-CLOVER"}, rules=moving_rules()) == [True]


def test_who_may_move_goes_somewhere_and_never_nowhere() -> None:
    here = county([package("R1", contract_id="F-CLOVER", transfer_decision="suitable"), package("N1")], CONTRACTS)
    rule = RunningCareKept()
    assert rule.settled(here) == {}, "for the model to decide"
    verdicts = [rule.finding(here, here.package_index["R1"], contract) for contract in (0, 1, None)]
    assert [found and found.passed for found in verdicts] == [True, True, False]
    assert verdicts[2] and verdicts[2].sentence == "The care runs under contract F-CLOVER and would be ended."
    assert rule.finding(here, here.package_index["N1"], None) is None, "new care may wait"
