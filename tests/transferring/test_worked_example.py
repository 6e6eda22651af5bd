"""The small county, worked out on paper (see ``world``)."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from optimiser.domain.plan import EarlierMove, Known
from optimiser.transferring.explain import round_reason
from optimiser.transferring.tables import direct_payment_rows
from tests.making import GO_LIVE, area, cap, days, legacy, principal, restriction
from tests.making.transfers import files, planned, small_county, where

FIRST = "2027-03-01"


def reason(plan_of: object, name: str) -> str:
    plan = planned() if plan_of is None else plan_of
    index = next(i for i, each in enumerate(plan.candidates) if each.round_id == name)  # type: ignore[attr-defined]
    return round_reason(plan, index)  # type: ignore[arg-type]


def test_who_moves_and_every_level() -> None:
    plan = planned()
    assert where(plan) == {"R1": FIRST, "R2": "stays", "R3": "stays", "R4": FIRST}
    assert {level.name: level.value for level in plan.levels} == {
        "shortfall": 70 * 60 - 15 * 60,
        "largest_share": Fraction(15, 100),
        "people_moved": 3,
        "lateness": 0,
        "distance": 1_000 + 3_000,  # the middle of R1 is 1,000 m from the office
        "cost": 45 * 2300 + 85 * 2400 + 20 * 2400,
    }
    assert plan.all_proven


def test_reasons() -> None:
    plan = planned()
    assert reason(plan, "R1") == "Moves whole on 1 March 2027: all 2 people may move. 10 hours a week, 10.0% of OLD's hours."
    assert "the decision is pending: if one is refused, the round stays" in reason(plan, "R4")
    assert reason(plan, "R2") == "The whole round stays: 1 person may not move."
    assert reason(plan, "R3") == (
        "It may move, but there is no room: 15.0% of SMALL's hours in the year from 2027-03-01: 3 hours left, 5 hours needed."
    )


def test_a_quarter_of_an_hour_more_is_too_much_for_its_provider() -> None:
    # 79 hours less a quarter: 15 of 99.75 hours are more than 15%.
    county = small_county({"X1": {"minutes_per_week": 79 * 60 - 15}})
    assert list(where(planned(county)).values()).count(FIRST) == 1


def test_earlier_moves_count_for_twelve_months() -> None:
    moved = EarlierMove(dt.date(2026, 5, 4), "Z", "OLD", 60)
    plan = planned(known=Known(history=(moved,)))
    # Until 4 May 2027 one hour of OLD's fifteen is used; that day is the first that does not count with it. Waves: 1 March,
    # 30 March (the Tuesday after Easter Monday), 4 May (four weeks on it is the week before; Monday 3 May is a bank holiday).
    assert where(plan)["R1"] == FIRST
    assert where(plan)["R4"] == "2027-05-04"


def test_a_day_earlier_counts() -> None:
    moved = EarlierMove(dt.date(2026, 5, 5), "Z", "OLD", 60)
    assert where(planned(known=Known(history=(moved,))))["R4"] == "2027-06-01"  # after the bank holiday on 31 May


def test_pending_people_are_planned_only_by_setting() -> None:
    assert where(planned(plan_pending=False))["R4"] == "stays"


def test_one_refusal_keeps_the_whole_round() -> None:
    plan = planned(known=Known(refused=frozenset({"A2"})))
    assert where(plan)["R1"] == "stays"
    assert reason(plan, "R1") == "The whole round stays: 1 person may not move."


def test_reviews_spread_a_wave() -> None:
    found = where(planned(reviews_per_wave=2))
    assert (found["R1"], found["R4"]) == (FIRST, "2027-03-30")  # the larger one does not wait; Monday is Easter Monday


def test_a_person_may_stay_alone_only_by_setting_and_wish() -> None:
    wished = Known(wishes=frozenset({"B1"}))
    county = small_county({"A1": {"transfer_decision": "not_suitable"}})
    assert where(planned(county, wished))["R2"] == "stays"
    plan = planned(county, wished, stay_alone=True)
    assert where(plan)["R2"] == FIRST
    moved = next(each for each in plan.candidates if each.round_id == "R2")
    assert [plan.county.packages[m].package_id for m in moved.members] == ["B2"]


def test_running_care_fills_the_lower_of_maximum_and_share() -> None:
    narrow = [principal("NEW", max_hours_4w=Fraction(4 * 36)), legacy("OLD"), legacy("SMALL")]
    assert where(planned(small_county(contracts=narrow))) == {"R1": "stays", "R2": "stays", "R3": "stays", "R4": FIRST}
    wide = [principal("NEW"), legacy("OLD"), legacy("SMALL")]
    assert planned(small_county(contracts=wide)).targets[0].mark == 105 * 60


def test_an_area_that_goes_live_later_waits_for_it() -> None:
    later = dt.date(2027, 4, 1)
    county = small_county(
        areas=[area("A1", go_live=later)],
        contracts=[principal("NEW", max_hours_4w=Fraction(400), starts=later), legacy("OLD"), legacy("SMALL")],
    )
    assert where(planned(county))["R1"] == "2027-05-04"
    assert later > GO_LIVE


def test_nothing_moves_to_a_restricted_a_badly_rated_or_a_capped_principal() -> None:
    barred = small_county(restrictions=[restriction("NEW")])
    assert "the principal may take no new work" in reason(planned(barred), "R1")
    coming = small_county(restrictions=[restriction("NEW", starts=days(120))])  # from 23 March on
    found = planned(coming)
    assert where(found)["R1"] == FIRST
    capped = small_county(restrictions=[cap("NEW", 20)])
    assert "the principal's new work is capped" in reason(planned(capped), "R1")
    by_setting = planned(capped, capped_principal=True)  # five hours a week are left: R4 fits, R1 does not
    assert where(by_setting) == {"R1": "stays", "R2": "stays", "R3": "stays", "R4": FIRST}


def test_the_principals_own_limit_binds_by_setting_only() -> None:
    from tests.making import provider

    tight = small_county(providers=[provider("NEW", max_hours_4w=Fraction(4 * 35)), provider("OLD"), provider("SMALL")])
    assert where(planned(tight))["R1"] == FIRST
    assert where(planned(tight, provider_limit_binds=True)) == {"R1": "stays", "R2": "stays", "R3": "stays", "R4": FIRST}


def test_an_ended_contract_counts_like_legacy_and_a_framework_one_by_setting() -> None:
    from tests.making import framework

    contracts = [principal("NEW", max_hours_4w=Fraction(400)), legacy("OLD"), legacy("SMALL"), framework("OLD")]
    county = small_county({"A1": {"contract_id": "F-OLD"}, "A2": {"contract_id": "F-OLD"}}, contracts=contracts)
    assert "R1" not in where(planned(county))
    ended = [*contracts[:3], framework("OLD", ends=days(0))]
    assert where(planned(small_county({"A1": {"contract_id": "F-OLD"}}, contracts=ended)))["R1"] == FIRST
    # Its part is all of 30% of 150 hours: ten hours are far below it, so nothing may leave.
    assert where(planned(county, framework_rounds=True))["R1"] == "stays"


def test_what_staying_by_a_direct_payment_would_cost() -> None:
    """Five hours a week at OLD's 24 pounds are 120; at 23 pounds, which are NEW's, the council pays 115, and 5 are left to the
    person. At a penny less nobody who was found meets these needs within the budget: the council pays all of it.
    """
    plan = planned(direct_payment_rate_pence=2300)
    rows = direct_payment_rows(plan)
    assert [row["package_id"] for row in rows] == ["A1", "A2", "D1"]
    figures = ("rate_now_gbp", "weekly_cost_now_gbp", "weekly_cost_to_council_gbp", "weekly_top_up_gbp")
    assert {tuple(str(row[name]) for name in figures) for row in rows} == {("24.00", "120.00", "115.00", "5.00")}
    beyond = direct_payment_rows(planned(direct_payment_rate_pence=2299))
    assert {(row["other_within_budget"], *(str(row[name]) for name in figures)) for row in beyond} == {
        ("false", "24.00", "120.00", "120.00", "0.00")
    }
    assert direct_payment_rows(planned()) == []
    assert set(files(plan)) - set(files(planned())) == {"direct-payments.csv"}
    # A council that pays more than the provider charges leaves nothing to top up.
    assert {str(row["weekly_top_up_gbp"]) for row in direct_payment_rows(planned(direct_payment_rate_pence=2500))} == {"0.00"}


def test_a_round_in_which_everybody_asked_to_stay_has_that_reason() -> None:
    wished = Known(wishes=frozenset({"C1"}))
    plan = planned(known=wished, stay_alone=True)
    assert reason(plan, "R3") == "The whole round stays: everybody in it has asked to stay."
