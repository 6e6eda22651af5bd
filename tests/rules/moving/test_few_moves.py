"""How many may move in one run."""

from __future__ import annotations

import pytest

from optimiser.rules.moving.few_moves import FewMoves
from tests.making import county, framework, package
from tests.rules.judging import kept

RUNNING = [package(name, contract_id="F-CLOVER", transfer_decision="suitable") for name in ("R1", "R2")]
PLANS = [{}, {"R1": "F-BRACKEN"}, {"R1": "F-BRACKEN", "R2": "F-BRACKEN"}]


@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_no_more_move_than_the_run_allows(most: int) -> None:
    here = county([*RUNNING, package("N1")], [framework("BRACKEN"), framework("CLOVER")], max_moves=most)
    assert [kept(here, FewMoves(), places) for places in PLANS] == [moved <= most for moved in range(3)]
    assert kept(here, FewMoves(), {"N1": "F-BRACKEN"}), "new care does not move"


def test_a_run_may_say_otherwise_than_the_setting() -> None:
    here = county(RUNNING, [framework("BRACKEN"), framework("CLOVER")], max_moves=5)
    assert [kept(here, FewMoves(1), places) for places in PLANS] == [True, True, False]
