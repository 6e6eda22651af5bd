"""Contracts that take over from each other and prices that change on a day, worked out by hand; both halves must agree."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optimiser.allocating.story import allocate
from optimiser.county import NOWHERE, County
from optimiser.county.succession import Succession
from optimiser.domain.records import Contract
from tests.making import AS_OF, county, days, following, framework, legacy, offer, package, plan, principal, rate, snapshot
from tests.rules.judging import passes, used
from tests.rules.judging import value as level

FIVE_HOURS = Fraction(20)
"""Five hours a week, in hours per four weeks."""


def chain() -> tuple[Contract, ...]:
    """Ended 30 days ago, then until today, then from today on."""
    first = framework("ALDER", ends=days(-30))
    second = following(first, "F-2", days(-30), ends=AS_OF)
    return first, second, following(second, "F-3", AS_OF)


def test_care_is_under_the_contract_that_has_taken_over_by_a_day() -> None:
    found = Succession.of(chain())
    assert [found.contract_on("F-ALDER", days(day)) for day in (-31, -30, -1, 0)] == ["F-ALDER", "F-2", "F-2", "F-3"]
    assert found.contract_on("F-3", days(-31)) == "F-3"


def test_care_stays_where_nothing_has_begun_in_its_place() -> None:
    first = framework("ALDER", ends=days(-10))
    found = Succession.of([first, following(first, "F-2", days(10))])
    assert [found.contract_on("F-ALDER", days(day)) for day in (0, 9, 10)] == ["F-ALDER", "F-ALDER", "F-2"]
    assert Succession.of([first]).contract_on("F-ALDER", AS_OF) == "F-ALDER"


def test_every_rule_reads_the_contract_that_care_is_under_today() -> None:
    here = county([package("R1", contract_id="F-ALDER"), package("N1")], chain(), offers=[offer("N1", "F-2")])
    assert here.packages[here.package_index["R1"]].contract_id == "F-3"
    assert here.contracts[here.running_on[here.package_index["R1"]]].contract_id == "F-3"
    assert here.offers_in_force.pending == {"N1": (here.contract_index["F-3"],)}
    assert here.contract_on(here.package_index["R1"], days(-1)) == here.contract_index["F-3"]
    assert here.contract_on(here.package_index["N1"], AS_OF) == NOWHERE


def test_two_offers_that_meet_on_one_contract_hold_once() -> None:
    first = framework("ALDER", ends=days(-1))
    after = following(first, "F-2", days(-1), max_hours_4w=FIVE_HOURS)
    here = county([package("N1")], [first, after], offers=[offer("N1", "F-ALDER"), offer("N1", "F-2")])
    assert used(here, "contract_hours", "F-2") == 300


def test_carried_care_counts_under_the_maximum_that_it_is_under_and_under_the_one_to_come() -> None:
    first = framework("ALDER", ends=days(10), max_hours_4w=FIVE_HOURS)
    here = county([package("R1", contract_id="F-ALDER"), package("N1")], [first, following(first, "F-2", days(10))])
    assert used(here, "contract_hours", "F-ALDER") == 300
    assert used(here, "contract_hours", "F-2") == 300, "R1 will have carried over"
    assert used(here, "contract_hours", "F-2", {"N1": "F-2"}) == 600
    assert used(here, "contract_hours", "F-ALDER", {"N1": "F-2"}) == 300, "N1 begins on the next one"


def test_a_contract_to_come_counts_as_one_with_the_one_before_it_in_the_shares() -> None:
    first = principal("ALDER", ends=days(10))
    people = [package("R1", contract_id="P-ALDER"), package("N1", start_by=days(10))]
    here = county(people, [first, following(first, "P-2", days(10)), framework("BRACKEN")])
    # D = 600, the upper edge is 450, the lower 390.
    assert level(here, "principal_first", {"N1": "F-BRACKEN"}) == 150
    assert level(here, "principal_first", {"N1": "P-2"}) == 0
    assert level(here, "volume_share", {"N1": "P-2"}) == 150, "above the upper edge"
    assert level(here, "volume_share", {"N1": "F-BRACKEN"}) == 90, "below the lower edge"


def test_a_contract_to_come_is_one_sum_with_the_guarantee_in_force() -> None:
    first = principal("ALDER", ends=days(10), max_hours_4w=Fraction(40), guarantee=Fraction(1))
    people = [package("R1", contract_id="P-ALDER"), package("N1", start_by=days(10))]
    here = county(people, [first, following(first, "P-2", days(10), rates_pence=(2600, 2600, 2600)), legacy("DOCK")])
    # Ten hours at 24 pounds are guaranteed; R1's five are 120 pounds, N1's five at the next contract's price 130.
    assert level(here, "cost", {"N1": None}) == 24_000
    assert level(here, "cost", {"N1": "P-2"}) == 25_000
    assert level(here, "cost", {"N1": "L-DOCK"}) == 24_000 + 12_000


def test_running_care_is_priced_today_and_new_care_at_its_start() -> None:
    people = [package("R1", contract_id="F-ALDER"), package("N1", start_by=days(6)), package("N2")]
    rates = [rate("F-ALDER", days(-5), 2500), rate("F-ALDER", days(5), 3000), rate("F-BRACKEN", days(-5), 9900)]
    here = county(people, [framework("ALDER"), framework("BRACKEN")], rates=rates)
    assert here.rates_pence(here.contract_index["F-ALDER"], days(-6)) == (2400, 2400, 2400)
    assert level(here, "cost") == 12_500
    assert level(here, "cost", {"N1": "F-ALDER"}) == 12_500 + 15_000
    assert level(here, "cost", {"N2": "F-ALDER"}) == 12_500 * 2


def test_the_guarantee_is_paid_at_todays_price() -> None:
    guaranteed = principal("ALDER", max_hours_4w=Fraction(40), guarantee=Fraction(1, 2))
    here = county([package("N1")], [guaranteed], rates=[rate("P-ALDER", AS_OF, 2500), rate("P-ALDER", days(1), 9900)])
    assert level(here, "cost", {"N1": None}) == 12_500


def test_an_ended_contract_has_no_guarantee_left_and_its_successor_its_own() -> None:
    first = principal("ALDER", ends=AS_OF, max_hours_4w=Fraction(40), guarantee=Fraction(1))
    here = county([package("R1", contract_id="P-ALDER")], [first, following(first, "P-2", AS_OF, guarantee=Fraction(1, 4))])
    assert level(here, "cost") == 12_000, "five hours delivered; two and a half guaranteed"


def test_no_restriction_and_no_band_is_asked_when_care_carries_over() -> None:
    first = framework("ALDER", ends=AS_OF)
    here = county([package("R1", contract_id="F-ALDER")], [first, following(first, "F-2", AS_OF, bands=(3,))])
    assert not passes(here, "band", "R1", "F-2"), "asked anew it would not be"
    made = allocate(here.snapshot)
    assert made.verified.plan == plan(here), "and it stays"


@pytest.mark.parametrize("tier", ["principal", "framework"])
def test_a_county_without_successors_keeps_its_very_packages(tier: str) -> None:
    made = snapshot([package("R1", contract_id="F-ALDER")], [framework("ALDER", tier=tier)])
    assert County.of(made).packages is made.packages
