"""Whether running care may move: the decision, and what protects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.county import County
from optimiser.domain.person_records import Decision
from tests.making import county, days, framework, package
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


def decided(number: int, decision: str, *, move: str = "reoptimise", to: str = "", on: int = 0, weeks: int = 26) -> Decision:
    """A decision about R1, from so many days after the snapshot's on."""
    return Decision(f"DE{number}", "R1", move, to, decision, "", "social worker", days(on), days(on + 7 * weeks))


def with_decisions(*decisions: Decision, column: str = "suitable", protected: str = "") -> County:
    running = package("R1", contract_id="F-CLOVER", transfer_decision=column, protected=protected)
    contracts = [framework("BRACKEN"), framework("CLOVER"), framework("ALDER")]
    made = county([running], contracts)
    return County.of(replace(made.snapshot, decisions=decisions))


@pytest.mark.parametrize(
    ("decisions", "to_bracken", "to_alder"),
    [
        ([decided(1, "suitable")], True, True),
        ([decided(1, "suitable", to="BRACKEN")], True, False),  # to one provider, and to no other
        ([decided(1, "suitable", move="transfer")], False, False),  # made for another move
        ([decided(1, "suitable", move="hand_back"), decided(2, "suitable", to="ALDER")], False, True),
        ([decided(1, "suitable", on=-182)], False, False),  # 26 weeks are over today
        ([decided(1, "suitable", on=-181)], True, True),  # and end tomorrow
        ([decided(1, "suitable", on=1)], False, False),  # not yet
        ([decided(1, "suitable", on=-9), decided(2, "not_suitable", on=-2)], False, False),  # the later one counts
        ([decided(1, "not_suitable", on=-9), decided(2, "suitable", on=-2)], True, True),
        ([decided(1, "suitable"), decided(2, "not_suitable", to="ALDER")], True, False),  # on one day the one against it
    ],
)
def test_a_decision_is_used_for_its_own_move_to_its_own_provider_while_it_is_valid(
    decisions: list[Decision], to_bracken: bool, to_alder: bool
) -> None:
    here = with_decisions(*decisions)
    assert passes(here, "may_move", "R1", "F-BRACKEN") is to_bracken
    assert passes(here, "may_move", "R1", "F-ALDER") is to_alder


def test_no_decision_moves_a_protected_person() -> None:
    assert not passes(with_decisions(decided(1, "suitable"), protected="autism"), "may_move", "R1", "F-BRACKEN")


def test_a_decision_is_read_on_the_day_of_the_move_and_for_its_kind() -> None:
    here = with_decisions(decided(1, "suitable", move="transfer", weeks=12))
    for day, may in ((0, True), (83, True), (84, False)):
        then = here.moving_on(days(day), move_pending=False, move="transfer")
        assert passes(then, "may_move", "R1", "F-BRACKEN") is may
    assert not passes(here.moving_on(days(0), move_pending=False, move="relieve"), "may_move", "R1", "F-BRACKEN")
