"""What the setting changes: a large package that has waited is placed before many small ones of newcomers, and never before
another priority's level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from optimiser.allocating.story import Allocation, allocate
from optimiser.domain.policy import Policy
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.snapshot import settings_text as snapshot_settings
from optimiser.judging.checking import DisagreementError, PlanRefusedError
from optimiser.reoptimising.story import reoptimise
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.rules.longest_first.book_of_a_county import rules_for
from optimiser.rules.longest_first.longest_unmet import LongestUnmet
from optimiser.rules.vocabulary import Charges, Pairs
from tests.making import county, framework, noon, package, snapshot
from tests.making.drawn import snapshots
from tests.rules.judging import value

ROOM = [framework("BRACKEN", max_hours_4w=Fraction(4 * 20))]
LARGE = package("LARGE", hours=20, requested_at=noon(-28))
SMALL = [package(f"N{number}", hours=5, requested_at=noon(-1)) for number in range(4)]


def placed(found: Allocation) -> set[str]:
    names = [each.package_id for each in found.county.packages]
    return {names[package] for package, _ in found.verified.plan.placed()}


def test_one_large_package_that_has_waited_comes_before_four_newcomers() -> None:
    """20 hours of room: four times 720 x 2 outweigh (1,200 + 420) x 2, unless who has waited 28 days comes first."""
    waiting = [LARGE, *SMALL]
    assert placed(allocate(snapshot(waiting, ROOM))) == {each.package_id for each in SMALL}
    assert placed(allocate(snapshot(waiting, ROOM, largest_first_after_days=28))) == {"LARGE"}
    assert placed(allocate(snapshot(waiting, ROOM, largest_first_after_days=29))) == {each.package_id for each in SMALL}
    assert placed(reoptimise(snapshot(waiting, ROOM, largest_first_after_days=28)).allocation) == {"LARGE"}


def test_not_before_a_discharge_nor_before_somebody_urgent() -> None:
    for priority in ("urgent", "discharge"):
        others = [replace(each, priority=priority) for each in SMALL]
        found = allocate(snapshot([LARGE, *others], ROOM, largest_first_after_days=7))
        assert placed(found) == {each.package_id for each in SMALL}


def test_standard_counts_double_planned_among_those_who_have_waited() -> None:
    people = [LARGE, package("P1", hours=20, priority="planned", requested_at=noon(-28))]
    here = county(people, ROOM, largest_first_after_days=28)
    book = rules_for(here.policy)
    assert value(here, "longest_unmet", rules=book) == 2 * 1_200 + 1_200
    assert value(here, "longest_unmet", {"LARGE": "F-BRACKEN"}, rules=book) == 1_200


def test_who_is_passed_over_for_them_is_told_so() -> None:
    found = allocate(snapshot([LARGE, *SMALL], ROOM, largest_first_after_days=28))
    said = found.explain(found.county.package_index["N0"])["reason"]
    assert "has waited longest" in said or "have waited longest" in said


def test_off_the_book_is_the_standard_one() -> None:
    assert rules_for(snapshot().policy) is standard_rules()
    assert snapshot().digest() != snapshot(largest_first_after_days=1).digest()


@settings(max_examples=20, deadline=None)
@given(snapshots())
def test_on_random_counties_urgent_care_that_has_waited_is_never_worse_off(drawn: Snapshot) -> None:
    """Its hours unmet are never more than without the setting; the check confirms every plan."""
    on = replace(drawn, policy=replace(drawn.policy, largest_first_after_days=14))
    book, off, now = rules_for(on.policy), allocate(drawn), allocate(on)
    [first] = [rule for rule in book.levels if rule.name == "longest_urgent"]
    assert first.value(now.county, now.verified.plan) <= first.value(now.county, off.verified.plan)


@pytest.mark.parametrize("wrong", [lambda *_: None, lambda _county, _pairs, charges: charges.always(1)])
def test_a_model_half_that_is_wrong_is_caught(wrong: Callable[[object, Pairs, Charges], None]) -> None:
    here = snapshot([LARGE, package("OTHER", hours=20, requested_at=noon(-28))], ROOM, largest_first_after_days=28)
    spoilt = LongestUnmet()
    spoilt.charge = wrong  # type: ignore[method-assign, assignment]
    book: RuleBook = replace(
        rules_for(here.policy),
        levels=tuple(spoilt if rule.name == spoilt.name else rule for rule in rules_for(here.policy).levels),
    )
    with pytest.raises((DisagreementError, PlanRefusedError)):
        allocate(here, rules=book)


def test_a_county_in_which_nobody_uses_a_later_setting_has_the_digest_that_it_had() -> None:
    """Before there were any, the digest held the settings as Python shows them."""
    told = snapshot_settings(snapshot().policy)
    assert told.endswith("proof_pence_divisor=50)")
    assert eval(told, {"Policy": Policy, "Fraction": Fraction}) == Policy()
    assert "largest_first_after_days=28" in snapshot_settings(Policy(largest_first_after_days=28))
