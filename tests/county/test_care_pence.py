"""What the care on a contract costs is kept while the same people are on it, and summed anew when they are not."""

from __future__ import annotations

from dataclasses import replace

from optimiser.county import County
from tests.making import framework, offer, package, snapshot

# 10 hours a week at 20 pounds an hour are 200 pounds, 5 hours are 100: weekly pence, by hand.
TEN, FIVE = 20_000, 10_000
FERN = framework("FERN", rates_pence=(2_000, 2_000, 2_000))


def county() -> County:
    return County.of(snapshot([package("A", hours=10), package("B", hours=5)], [FERN]))


def test_the_price_of_everybody_on_a_contract_is_summed() -> None:
    made = county()
    assert made.care_pence(0, [0, 1]) == TEN + FIVE
    assert made.care_pence(0, ()) == 0


def test_other_people_are_summed_anew() -> None:
    made = county()
    assert [made.care_pence(0, people) for people in ([0], [0, 1], [1], [1])] == [TEN, TEN + FIVE, FIVE, FIVE]


def test_a_change_of_offers_keeps_the_sums_and_a_change_of_prices_does_not() -> None:
    before = county()
    assert before.care_pence(0, [0]) == TEN
    asked = before.with_offers(replace(before.snapshot, offers=(offer("B", "F-FERN"),)))
    assert asked._care_pence is before._care_pence
    dearer = replace(FERN, rates_pence=(2_200, 2_200, 2_200))
    assert before.changed(contract=dearer).care_pence(0, [0]) == 22_000
    after = County.of(replace(before.snapshot, contracts=(dearer,)), like=before)
    assert after.care_pence(0, [0]) == 22_000
    assert before.care_pence(0, [0]) == TEN
