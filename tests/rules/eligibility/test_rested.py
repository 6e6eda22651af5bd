"""Nobody is moved twice in twelve weeks."""

from __future__ import annotations

import pytest

from tests.making import (
    county,
    days,
    framework,
    package,
)
from tests.rules.judging import passes


@pytest.mark.parametrize(("begun", "may"), [(-84, True), (-83, False), (0, False), (None, True)])
def test_care_rests_for_twelve_weeks(begun: int | None, may: bool) -> None:
    started = None if begun is None else days(begun)
    running = package("R1", contract_id="F-CLOVER", transfer_decision="suitable", care_started=started)
    here = county([running, package("N1", care_started=days(0))], [framework("BRACKEN"), framework("CLOVER")])
    assert passes(here, "rested", "R1", "F-BRACKEN") is may
    assert passes(here, "rested", "N1", "F-BRACKEN"), "new care has nothing to rest from"
    later = here.moving_on(days(84), move_pending=False, move="transfer")
    assert passes(later, "rested", "R1", "F-BRACKEN"), "on a wave's day it is that day that counts"


def test_a_council_may_let_care_move_at_once() -> None:
    running = package("R1", contract_id="F-CLOVER", care_started=days(0))
    here = county([running], [framework("BRACKEN"), framework("CLOVER")], rest_days=0)
    assert passes(here, "rested", "R1", "F-BRACKEN")
