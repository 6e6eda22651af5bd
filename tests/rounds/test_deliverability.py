"""Judging by staff, where it does not take the command line to see it."""

from __future__ import annotations

from collections.abc import Sequence

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.rounds.check import check
from optimiser.rounds.deliverability import judge_providers
from optimiser.rounds.story import Order, build_provider
from optimiser.rounds.week_records import together
from tests.making import at, framework, package, snapshot
from tests.making.weeks import BRISK, case_of, visit, worker


def test_one_care_worker_still_serves_whom_one_can_serve() -> None:
    """A needs two every morning, B one: alone, W makes B's visits on five days. Left: seven of A's and two of B's."""
    people = [package("A", at(0), contract_id="F-ROWAN", workers=2), package("B", at(1_000), contract_id="F-ROWAN")]
    visits = (visit("VA", "A", workers=2), visit("VB", "B", "10:00", "12:00"))
    here = snapshot(people, [framework("ROWAN")], visits=visits)
    checked: list[str] = []

    def build(order: Order, names: Sequence[str]) -> tuple[RoundsPlan, bool]:
        plan = together([build_provider(order, name) for name in names])
        checked.extend(check(case_of(plan, order.snapshot, order.workers)))
        return plan, True

    (judged,) = judge_providers(Order(here, workers=(worker("W"),), thoroughness=BRISK), ["ROWAN"], build)
    assert (judged.verdict, judged.staff, judged.unserved) == ("no plan found", 1, 9)
    assert judged.breaks[0][2] == 2
    assert judged.unserved_with_one_more is not None and judged.unserved_with_one_more < 9
    assert checked == []
