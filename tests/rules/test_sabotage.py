"""A model half that is wrong is caught: no plan that the check does not confirm reaches a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from optimiser.checking import DisagreementError, PlanRefusedError
from optimiser.county import County, Ints
from optimiser.domain.snapshot import Snapshot
from optimiser.pipeline import allocate
from optimiser.rules.base import Bools, Level, Limit, LimitRule
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.rules.vocabulary import Charges, Pairs
from tests.making import (
    AS_OF,
    FAKENHAM,
    area,
    cap,
    days,
    framework,
    legacy,
    offer,
    package,
    principal,
    provider,
    restriction,
    snapshot,
)
from tests.rules.judging import rule_named

STANDARD = standard_rules()


def spoilt(name: str, method: str, wrong: Callable[..., Any]) -> RuleBook:
    """The standard book with one method of one rule replaced."""
    rule = type(rule_named(name))()
    setattr(rule, method, wrong)
    kinds: dict[str, Any] = {
        kind: tuple(rule if each.name == name else each for each in getattr(STANDARD, kind))
        for kind in ("standing", "eligibility", "limits", "levels")
    }
    return replace(STANDARD, **kinds)


# ---- who may be asked ---------------------------------------------------------------------------------------------------

BARRED: Mapping[str, Snapshot] = {
    "in_force": snapshot([package("N1")], [framework("BRACKEN", ends=AS_OF)]),
    "area": snapshot([package("N1")], [framework("BRACKEN", area_id="A2")]),
    "area_live": snapshot([package("N1")], [framework("BRACKEN")], areas=[area(go_live=days(1))]),
    "not_restricted": snapshot([package("N1")], [framework("BRACKEN")], restrictions=[restriction("BRACKEN")]),
    "rating": snapshot([package("N1")], [framework("BRACKEN")], providers=[provider("BRACKEN", cqc_rating="inadequate")]),
    "skills": snapshot([package("N1", workers=2)], [framework("BRACKEN")]),
    "band": snapshot([package("N1", FAKENHAM)], [framework("BRACKEN", bands=(1, 2))]),
    "distance": snapshot(
        [package("N1", FAKENHAM)], [framework("BRACKEN")], providers=[provider("BRACKEN", max_distance_miles=Fraction(9))]
    ),
    "no_standing_decline": snapshot([package("N1")], [framework("BRACKEN")], offers=[offer("N1", "F-BRACKEN", "declined")]),
    "not_excluded": snapshot([package("N1", excluded_provider_ids=("BRACKEN",))], [framework("BRACKEN")]),
}
"""Per rule: somebody whom that rule alone keeps from the only provider."""


def allow_all(county: County, packages: Ints) -> Bools:
    return np.ones((len(packages), len(county.contracts)), dtype=np.bool_)


def test_every_county_is_for_a_rule_of_new_care() -> None:
    assert set(BARRED) <= {rule.name for rule in STANDARD.eligibility if not rule.running_only}


@pytest.mark.parametrize("name", BARRED)
def test_a_rule_that_the_model_forgets_is_caught_by_the_check(name: str) -> None:
    honest = allocate(BARRED[name])
    assert honest.outcome(0) == "unmet"
    with pytest.raises(PlanRefusedError) as refused:
        allocate(BARRED[name], rules=spoilt(name, "passes", allow_all))
    assert [broken.finding.rule for broken in refused.value.broken] == [name]


def test_a_rule_that_the_model_applies_a_day_late_is_caught_on_that_day() -> None:
    def a_day_late(county: County, packages: Ints) -> Bools:
        days_left = [c.ends is None or county.as_of < c.ends + timedelta(days=1) for c in county.contracts]
        return np.broadcast_to(np.array(days_left), (len(packages), len(county.contracts)))

    with pytest.raises(PlanRefusedError):
        allocate(BARRED["in_force"], rules=spoilt("in_force", "passes", a_day_late))


# ---- how much -----------------------------------------------------------------------------------------------------------

FULL: Mapping[str, Snapshot] = {
    "contract_hours": snapshot([package("N1")], [framework("BRACKEN", max_hours_4w=Fraction(19))]),
    "provider_hours": snapshot(
        [package("N1")], [framework("BRACKEN")], providers=[provider("BRACKEN", max_hours_4w=Fraction(19))]
    ),
    "capped_new_work": snapshot([package("N1")], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 19)]),
}
"""Per limit: room for 19 of the 20 hours per four weeks."""


class CountsNothing(Limit):
    """A limit whose model half counts nobody."""

    def __init__(self, honest: Limit) -> None:
        self.honest = honest
        self.rule, self.subject, self.minutes, self.contracts = honest.rule, honest.subject, honest.minutes, honest.contracts

    def counts(self, county: County, package: int, contract: int) -> bool:
        return self.honest.counts(county, package, contract)

    def counts_many(self, county: County, packages: Ints, contracts: Ints) -> Bools:
        return np.zeros(len(packages), dtype=np.bool_)

    def sentence(self, county: County, used: int) -> str:
        return self.honest.sentence(county, used)


@pytest.mark.parametrize("name", FULL)
def test_a_limit_that_the_model_forgets_is_caught_by_the_check(name: str) -> None:
    honest_rule = rule_named(name)
    assert isinstance(honest_rule, LimitRule)

    def limits(county: County) -> list[Limit]:
        return [CountsNothing(limit) for limit in honest_rule.limits(county)]

    assert allocate(FULL[name]).outcome(0) == "unmet"
    with pytest.raises(PlanRefusedError) as refused:
        allocate(FULL[name], rules=spoilt(name, "limits", limits))
    assert [broken.finding.rule for broken in refused.value.broken] == [name]


def test_every_full_county_is_for_a_limit() -> None:
    assert set(FULL) <= {rule.name for rule in STANDARD.limits}


# ---- what is settled ----------------------------------------------------------------------------------------------------

SETTLED: Mapping[str, Snapshot] = {
    # The principal is better placed than the framework provider who has the care, and it may move.
    "running_care_stays": snapshot(
        [package("R1", contract_id="F-BRACKEN", transfer_decision="suitable")], [framework("BRACKEN"), principal("ALDER")]
    ),
    "accepted_offer_holds": snapshot(
        [package("N1")], [legacy("DOCK"), principal("ALDER")], offers=[offer("N1", "L-DOCK", "accepted")]
    ),
    "pending_offer_waits": snapshot([package("N1")], [framework("BRACKEN")], offers=[offer("N1", "F-BRACKEN")]),
}


@pytest.mark.parametrize("name", SETTLED)
def test_a_settlement_that_the_model_forgets_is_caught_by_the_check(name: str) -> None:
    def nobody(_county: County) -> dict[int, int | None]:
        return {}

    assert allocate(SETTLED[name]).all_proven
    with pytest.raises(PlanRefusedError) as refused:
        allocate(SETTLED[name], rules=spoilt(name, "settled", nobody))
    assert name in [broken.finding.rule for broken in refused.value.broken]


# ---- what is better -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [level.name for level in STANDARD.levels])
def test_a_level_that_the_model_counts_otherwise_is_caught_by_the_check(name: str) -> None:
    honest = rule_named(name)
    assert isinstance(honest, Level)

    def one_more(county: County, pairs: Pairs, charges: Charges) -> None:
        honest.charge(county, pairs, charges)
        charges.always(1)

    here = snapshot([package("N1")], [framework("BRACKEN")])
    with pytest.raises(DisagreementError, match=f"{name}: model"):
        allocate(here, rules=spoilt(name, "charge", one_more))


@pytest.mark.parametrize("name", ["legacy", "principal_first", "volume_share", "cost", "travel", "unmet"])
def test_a_level_that_the_model_leaves_out_is_caught_by_the_check(name: str) -> None:
    def nothing(_county: County, _pairs: Pairs, _charges: Charges) -> None:
        return None

    people = [package("R1", FAKENHAM, contract_id="L-DOCK"), package("N1", workers=2)]
    here = snapshot(people, [legacy("DOCK"), principal("ALDER")])
    with pytest.raises(DisagreementError, match=f"{name}: model 0, check"):
        allocate(here, rules=spoilt(name, "charge", nothing))
