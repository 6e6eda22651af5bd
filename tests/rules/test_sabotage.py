"""A model half that is wrong is caught: no plan that the check does not confirm reaches a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from optimiser.allocating.story import allocate
from optimiser.county import County, Ints
from optimiser.domain.plan import EarlierMove
from optimiser.domain.records import Contract
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.checking import DisagreementError, PlanRefusedError
from optimiser.reoptimising.story import Reoptimisation, reoptimise
from optimiser.rules.base import Bools, Level, Limit, LimitRule, Rule
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.rules.eligibility.may_move import MayMove
from optimiser.rules.eligibility.other_provider import OtherProvider
from optimiser.rules.eligibility.rested import Rested
from optimiser.rules.levels.travel_by_rounds import TravelByRounds
from optimiser.rules.moving.books_that_move import moving_rules
from optimiser.rules.moving.disruption_first import DisruptionFirst
from optimiser.rules.moving.few_moves import FewMoves
from optimiser.rules.moving.moved_share import MovedShare
from optimiser.rules.moving.running_care_kept import RunningCareKept
from optimiser.rules.moving.unmet_and_moves import UnmetAndMoves
from optimiser.rules.vocabulary import Charges, Pairs
from tests.making import (
    AS_OF,
    FAKENHAM,
    SWANTON,
    area,
    cap,
    days,
    framework,
    legacy,
    offer,
    package,
    principal,
    provider,
    reserve,
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
        for kind in ("standing", "eligibility", "limits", "together", "levels")
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
    "service": snapshot([package("N1", service="night")], [framework("BRACKEN")]),
    "reserve_open": snapshot([package("N1")], [reserve("WREN")]),
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


# ---- what goes together -------------------------------------------------------------------------------------------------

APART: Mapping[str, Snapshot] = {
    "bundle_together": snapshot(
        [package("N1", bundle_id="B1"), package("N2", bundle_id="B1")], [framework("BRACKEN", max_hours_4w=Fraction(20))]
    ),
}
"""Per rule of what goes together: two packages that it keeps from the only provider, which has room for one."""


@pytest.mark.parametrize("name", APART)
def test_a_group_that_the_model_forgets_is_caught_by_the_check(name: str) -> None:
    def nobody(_county: County) -> list[tuple[int, ...]]:
        return []

    assert [allocate(APART[name]).outcome(package) for package in (0, 1)] == ["unmet", "unmet"]
    with pytest.raises(PlanRefusedError) as refused:
        allocate(APART[name], rules=spoilt(name, "groups", nobody))
    assert [broken.finding.rule for broken in refused.value.broken] == [name]


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


# ---- who may move -------------------------------------------------------------------------------------------------------

FIVE_HOURS = Fraction(20)
"""Five hours a week, in hours per four weeks."""


def making_room(*spare: Contract, person: Mapping[str, Any] = MappingProxyType({}), **given: Any) -> Snapshot:
    """N1 can go to ALDER alone, whose five hours R1 (in band 2) takes up; the ``spare`` contracts have room for R1."""
    return snapshot(
        [
            package("R1", SWANTON, contract_id="F-ALDER", **{"transfer_decision": "suitable", **person}),
            package("N1", skills=("dementia",)),
        ],
        [framework("ALDER", max_hours_4w=FIVE_HOURS), *spare],
        providers=[provider("ALDER", skills=("dementia",)), provider("BRACKEN")],
        **given,
    )


def everywhere(_rule: Any, county: County, packages: Ints) -> Bools:
    return allow_all(county, packages)


def moves_without_limit(_rule: Any, _county: County, _packages: Ints, _contracts: Ints) -> list[tuple[Ints, int]]:
    return []


def care_ended(_rule: Any, county: County) -> dict[int, int | None]:
    return {county.package_index["R1"]: None}


def one_more_than(kind: type[Level]) -> Callable[..., None]:
    honest = kind.charge

    def charge(rule: Level, county: County, pairs: Pairs, charges: Charges) -> None:
        honest(rule, county, pairs, charges)
        charges.always(1)

    return charge


OTHERS_MOVED = [EarlierMove(days(-30), "GONE", "ALDER", 300)]
MOVED: list[tuple[type[Rule], str, Any, Snapshot, Any]] = [
    (
        MayMove,
        "passes",
        everywhere,
        making_room(framework("BRACKEN"), person={"protected": "autism"}),
        None,
    ),
    (OtherProvider, "passes", everywhere, making_room(framework("ALDER", contract_id="F-TWO", bands=(2,))), None),
    (Rested, "passes", everywhere, making_room(framework("BRACKEN"), person={"care_started": days(-83)}), None),
    (RunningCareKept, "settled", care_ended, making_room(framework("BRACKEN")), None),
    (FewMoves, "rows", moves_without_limit, making_room(framework("BRACKEN")), 0),
    (MovedShare, "rows", moves_without_limit, making_room(framework("BRACKEN"), moved_share_limit=Fraction(1, 2)), None),
]
"""Per rule: a half of its model that is wrong, and a county in which that lets somebody move (or be left) who may not."""


@pytest.mark.parametrize(("kind", "method", "wrong", "here", "most"), MOVED, ids=[case[0].name for case in MOVED])
def test_a_rule_on_moving_that_the_model_forgets_is_caught_by_the_check(
    kind: type[Rule], method: str, wrong: Any, here: Snapshot, most: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> Reoptimisation:
        return reoptimise(here, max_moves=None if most is None else 1, history=OTHERS_MOVED if kind is MovedShare else None)

    made()
    monkeypatch.setattr(kind, method, wrong)
    if most is not None:
        monkeypatch.setattr(kind, "most", lambda _rule, _county: most)
    with pytest.raises(PlanRefusedError) as refused:
        made()
    assert kind.name in [broken.finding.rule for broken in refused.value.broken]


CHARGED: list[type[Level]] = [UnmetAndMoves, DisruptionFirst]


@pytest.mark.parametrize("kind", CHARGED)
def test_a_level_on_moving_that_the_model_counts_otherwise_is_caught(kind: type[Level], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "charge", one_more_than(kind))
    with pytest.raises(DisagreementError, match=f"{kind.name}: model"):
        reoptimise(making_room(framework("BRACKEN")))


def test_a_travel_level_by_rounds_that_the_model_counts_otherwise_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    here = snapshot([package("N1")], [framework("BRACKEN")])
    rules = STANDARD.with_rule(TravelByRounds(np.array([[60]], dtype=np.int64)))
    assert allocate(here, rules=rules).all_proven
    monkeypatch.setattr(TravelByRounds, "charge", one_more_than(TravelByRounds))
    with pytest.raises(DisagreementError, match="travel: model"):
        allocate(here, rules=rules)


def test_every_rule_has_a_case() -> None:
    tried = {type(rule_named(name)) for name in (*BARRED, *FULL, *SETTLED, *APART, *(level.name for level in STANDARD.levels))}
    tried |= {case[0] for case in MOVED} | set(CHARGED) | {TravelByRounds}
    every = {type(rule) for rule in (*STANDARD, *moving_rules(history=()))} | {TravelByRounds}
    assert every == tried
