"""What may move away from one provider within twelve months: 15% of its hours, or one package."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optimiser.domain.plan import EarlierMove
from optimiser.rules.moving.moved_share import MovedShare
from tests.making import county, days, framework, package
from tests.rules.judging import kept

CONTRACTS = [framework("BRACKEN"), framework("CLOVER")]


def clovers(*hours: float, share: str = "0.15") -> bool:
    """Whether Clover's running care of so many hours may all move, where 30 hours more of its care stay."""
    stays = package("STAYS", hours=30, contract_id="F-CLOVER")
    moving = [package(f"R{number}", hours=each, contract_id="F-CLOVER") for number, each in enumerate(hours)]
    here = county([stays, *moving], CONTRACTS, moved_share_limit=Fraction(share))
    return kept(here, MovedShare(), {each.package_id: "F-BRACKEN" for each in moving})


def test_fifteen_percent_may_go_and_no_minute_more() -> None:
    # 5.25 of 35.25 hours are 14.9%, 5.5 of 35.5 are 15.5%.
    assert clovers(2.5, 2.75)
    assert not clovers(2.75, 2.75)
    assert clovers(2.75, 2.75, share="0.16")


def test_one_package_may_always_go() -> None:
    assert clovers(30)
    assert not clovers(30, 0.25)


@pytest.mark.parametrize(("day", "counts"), [(-1, True), (-364, True), (-365, False), (-400, False)])
def test_what_went_within_twelve_months_counts(day: int, counts: bool) -> None:
    # 10 hours went and 30 run: 15% of 40 are 6 hours, all of them gone before R1 is asked.
    people = [package("R1", hours=1, contract_id="F-CLOVER"), package("R2", hours=29, contract_id="F-CLOVER")]
    rule = MovedShare([EarlierMove(days(day), "GONE", "CLOVER", 600)])
    assert kept(county(people, CONTRACTS), rule, {"R1": "F-BRACKEN"}) is not counts
