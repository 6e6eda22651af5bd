"""Plans that break rules are refused, each broken rule with its subject and its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from optimiser.county import County
from optimiser.judging.checking import PlanRefusedError, verify
from optimiser.rules.book import standard_rules
from tests.making import AS_OF, cap, county, framework, legacy, offer, package, plan, principal, provider, restriction

RULES = standard_rules()


def refused(county: County, places: Mapping[str, str | None]) -> list[str]:
    """What a plan is refused for: "subject: rule", in the order told."""
    with pytest.raises(PlanRefusedError) as error:
        verify(county, RULES, plan(county, places))
    return [f"{broken.subject}: {broken.finding.rule}" for broken in error.value.broken]


def test_running_care_may_neither_be_dropped_nor_moved() -> None:
    running = package("R1", contract_id="F-BRACKEN", transfer_decision="suitable")
    here = county([running], [framework("BRACKEN"), framework("CLOVER"), legacy("BRACKEN")])
    assert refused(here, {"R1": None}) == ["R1: running_care_stays"]
    assert refused(here, {"R1": "F-CLOVER"}) == ["R1: running_care_stays"]
    # Not even to another contract of the same provider.
    assert refused(here, {"R1": "L-BRACKEN"}) == ["R1: running_care_stays", "R1 on L-BRACKEN: other_provider"]


def test_an_accepted_offer_may_not_be_ignored() -> None:
    here = county([package("N1")], [framework("BRACKEN"), framework("CLOVER")], offers=[offer("N1", "F-BRACKEN", "accepted")])
    assert refused(here, {"N1": None}) == ["N1: accepted_offer_holds"]
    assert refused(here, {"N1": "F-CLOVER"}) == ["N1: accepted_offer_holds"]


def test_a_package_with_an_offer_pending_may_not_be_placed() -> None:
    here = county([package("N1")], [framework("BRACKEN"), framework("CLOVER")], offers=[offer("N1", "F-BRACKEN")])
    assert refused(here, {"N1": "F-BRACKEN"}) == ["N1: pending_offer_waits"]
    assert refused(here, {"N1": "F-CLOVER"}) == ["N1: pending_offer_waits"]


def test_every_broken_rule_is_listed() -> None:
    # N1: out of force, restricted, rated inadequate, not wanted, with two care workers: five rules of one pair.
    # N2 and N3: ten hours more than Clover's contract, its own limit and its cap allow: three limits.
    # R1 is dropped, N4 is placed elsewhere than accepted, N5 although an answer is awaited.
    people = [
        package("R1", contract_id="L-DOCK"),
        package("N1", workers=2, excluded_provider_ids=("BRACKEN",)),
        package("N2"),
        package("N3"),
        package("N4", hours=1),
        package("N5", hours=1),
    ]
    here = county(
        people,
        [framework("BRACKEN", ends=AS_OF), framework("CLOVER", max_hours_4w=Fraction(4)), legacy("DOCK"), principal("ALDER")],
        providers=[provider("BRACKEN", cqc_rating="inadequate"), provider("CLOVER", max_hours_4w=Fraction(5))],
        restrictions=[restriction("BRACKEN"), cap("CLOVER", 6)],
        offers=[offer("N4", "L-DOCK", "accepted"), offer("N5", "L-DOCK")],
    )
    places = {"R1": None, "N1": "F-BRACKEN", "N2": "F-CLOVER", "N3": "F-CLOVER", "N4": "P-ALDER", "N5": "P-ALDER"}
    assert refused(here, places) == [
        "N4: accepted_offer_holds",
        "N5: pending_offer_waits",
        "R1: running_care_stays",
        "N1 on F-BRACKEN: in_force",
        "N1 on F-BRACKEN: not_restricted",
        "N1 on F-BRACKEN: rating",
        "N1 on F-BRACKEN: skills",
        "N1 on F-BRACKEN: not_excluded",
        "F-CLOVER: contract_hours",
        "CLOVER: provider_hours",
        "R-CLOVER: capped_new_work",
    ]


def test_the_error_says_each_in_a_sentence() -> None:
    here = county([package("N1")], [framework("BRACKEN", max_hours_4w=Fraction(4))])
    with pytest.raises(PlanRefusedError) as error:
        verify(here, RULES, plan(here, {"N1": "F-BRACKEN"}))
    said = "F-BRACKEN: contract_hours: Contract F-BRACKEN would hold 20 hours per four weeks of at most 4 hours per four weeks."
    assert str(error.value) == f"the plan breaks 1 rule(s):\n  {said}"
    found = error.value.broken[0].finding
    assert (found.measured, found.limit, found.unit) == (300, "60", "minutes a week")


def test_of_very_many_the_error_shows_some_and_keeps_all() -> None:
    people = [package(f"N{number}") for number in range(30)]
    here = county(people, [framework("BRACKEN", ends=AS_OF)])
    with pytest.raises(PlanRefusedError, match=r"the plan breaks 30 rule\(s\)") as error:
        verify(here, RULES, plan(here, {each.package_id: "F-BRACKEN" for each in people}))
    assert len(error.value.broken) == 30
    assert str(error.value).count("\n") == 20


def test_running_care_and_accepted_offers_are_not_judged_by_who_may_be_asked() -> None:
    people = [package("R1", contract_id="F-BRACKEN"), package("N1", workers=2)]
    here = county(people, [framework("BRACKEN", ends=AS_OF)], offers=[offer("N1", "F-BRACKEN", "accepted")])
    assert verify(here, RULES, plan(here)).plan.contracts == (0, 0)


def test_what_exceeds_a_limit_on_entry_is_no_breach_of_the_plan() -> None:
    here = county([package("R1", contract_id="F-BRACKEN"), package("N1")], [framework("BRACKEN", max_hours_4w=Fraction(4))])
    verified = verify(here, RULES, plan(here))
    assert verified.usage.exceeded_on_entry() == [0]
    assert refused(here, {"N1": "F-BRACKEN"}) == ["F-BRACKEN: contract_hours"]
