"""A plan is verified by the check alone, and what a verified plan says of itself is recomputed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.checking import DisagreementError, LegalPlan, VerifiedPlan, verify
from optimiser.rules.book import standard_rules
from tests.making import county, framework, legacy, package, plan

RULES = standard_rules()


def small() -> County:
    """Somebody running with Bracken, who may deliver 40 hours per four weeks, and somebody new."""
    people = [package("R1", contract_id="F-BRACKEN"), package("N1")]
    return county(people, [framework("BRACKEN", max_hours_4w=Fraction(40)), legacy("DOCK")])


def test_a_verified_plan_has_every_level_recomputed_in_the_strict_order() -> None:
    verified = verify(small(), RULES, plan(small(), {"N1": "L-DOCK"}))
    assert list(verified.levels) == [level.name for level in RULES.levels]
    # N1 is 300 minutes on the legacy framework; twice 5 hours at £24.00; Bracken's 300 minutes and nobody else's: fair.
    assert verified.levels == {
        "unmet_urgent": 0,
        "unmet_discharge": 0,
        "unmet": 0,
        "legacy": 300,
        "principal_first": 0,
        "volume_share": 0,
        "disruption": 0,
        "cost": 24_000,
        "travel": 0,
    }


def test_a_verified_plan_tells_what_every_limit_is_used_for() -> None:
    usage = verify(small(), RULES, plan(small(), {"N1": "F-BRACKEN"})).usage
    assert [(limit.subject, limit.whole_minutes) for limit in usage.limits] == [("F-BRACKEN", 600)]
    assert (usage.on_entry, usage.used) == ((300,), (600,))


def test_no_verified_plan_is_made_by_hand() -> None:
    verified = verify(small(), RULES, plan(small()))
    for seal in (None, object(), "verified", verified):
        with pytest.raises(TypeError, match=r"found legal, or verified, by optimiser\.judging\.checking alone"):
            VerifiedPlan(verified.plan, verified.usage, seal, verified.levels)
        with pytest.raises(TypeError, match="found legal"):
            LegalPlan(verified.plan, verified.usage, seal)


def test_no_other_plan_takes_over_the_seal_of_a_verified_one() -> None:
    verified, changed = verify(small(), RULES, plan(small())), Plan.of([None, None])
    with pytest.raises((TypeError, ValueError)):
        replace(verified, plan=changed)  # type: ignore[call-arg]
    assert "seal" not in vars(verified)


def test_what_the_model_says_must_be_what_the_check_finds() -> None:
    here, chosen = small(), plan(small(), {"N1": "L-DOCK"})
    values = dict(verify(here, RULES, chosen).levels)
    assert verify(here, RULES, chosen, values).levels == values
    with pytest.raises(DisagreementError, match="legacy: model 299, check 300"):
        verify(here, RULES, chosen, {**values, "legacy": 299})
    with pytest.raises(DisagreementError, match=r"legacy: model 0, check 300; cost: model None, check 24000"):
        verify(here, RULES, chosen, {name: 0 if name == "legacy" else values[name] for name in values if name != "cost"})


def test_a_plan_for_another_number_of_packages_is_no_plan_of_this_county() -> None:
    for contracts in ([], [0], [0, None, None]):
        with pytest.raises(ValueError, match="packages, but the county has 2"):
            verify(small(), RULES, Plan.of(contracts))


@pytest.mark.parametrize("nowhere", [-1, 2, 99])
def test_a_plan_on_a_contract_that_does_not_exist_is_no_plan_of_this_county(nowhere: int) -> None:
    with pytest.raises(ValueError, match="a contract that the county does not have"):
        verify(small(), RULES, Plan.of([0, nowhere]))
