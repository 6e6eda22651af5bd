"""What new care and turnover alone would bring, on the small county (see ``tests.making.transfers``), worked out on paper.

A1 (5 hours) and Y1 (15 hours) began in the last twelve months: 20 of the area's 150 hours, so 100 minutes a week begin in a month
and one ninetieth of all care ends. NEW has 1,800 minutes, and its mark is 6,000.
"""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.need_anybody_move import InArea, in_areas, need_record
from optimiser.transferring.story import plan_transfer
from tests.making import cap, days, legacy, principal, provider, restriction
from tests.making.drawn_transfers import handing_over
from tests.making.transfers import POLICY, files, planned, small_county

STARTED = {"A1": {"care_started": days(-100)}, "Y1": {"care_started": days(-30)}, "X1": {"care_started": days(-2_000)}}
LEFT = Fraction(89, 90)


def area(changed: dict[str, dict[str, Any]] | None = None, **given: Any) -> InArea:
    wished = {name: given.pop(name) for name in list(given) if hasattr(POLICY, name)}
    [found] = in_areas(planned(small_county(STARTED if changed is None else changed, **given), **wished))
    return found


def test_month_by_month() -> None:
    found = area()
    assert (found.turnover.told_by, found.turnover.share) == ("care_started", Fraction(1, 90))
    assert found.turnover.begins == 100
    today, first, second, third, fourth, fifth = (each.alone for each in found.months[:6])
    assert [today, first, second] == [1_800, 1_880, 1_880 * LEFT + 100]
    assert [third, fourth] == [second * LEFT + 100, third * LEFT + 100]
    assert len(found.months) == 16  # today, three months to the first wave, and twelve from there
    assert found.months[15].alone == 9_000 - 7_200 * LEFT**15  # on its way to all of the area's 9,000 minutes
    # 15 hours move on 1 March, in the fourth month; what has moved ends like all other care.
    assert [each.with_moves - each.alone for each in found.months[3:6]] == [0, 900, 890]
    assert found.added == 900 * LEFT**11
    assert (found.people_moved, found.moved_people[3:5]) == (3, (0, 3))
    assert fifth < found.months[-1].alone < found.target.mark


def test_what_it_brings_for_each_letter() -> None:
    # Six people are in a round that was looked at; 900 minutes after eleven months are some 796, two hours and a bit for each.
    # Three of them stay, and are written to only where that is asked for.
    assert area().written_to == 3
    found = area(letters_to_stayers=True)
    assert found.written_to == 6
    assert found.added_per_letter == 900 * LEFT**11 / 6
    assert not found.is_below
    asked: dict[str, Any] = {"letters_to_stayers": True}
    assert area(least_hours_gained_per_letter=Fraction(3), **asked).is_below
    assert not area(least_hours_gained_per_letter=Fraction(0), **asked).is_below
    assert not area(least_hours_gained_per_letter=Fraction(3)).is_below


def test_it_is_said_first() -> None:
    record = need_record(planned(small_county(STARTED), least_hours_gained_per_letter=Fraction(5)))
    assert record["below"] == ["A1"]
    assert record["read_first"] == [
        "Think first whether anybody in area A1 need move: moving adds 4.42 hours a week for each of the 3 people who are written"
        " to, less than the 5 hours that the settings ask for (least_hours_gained_per_letter).",
        "Area A1: new care and turnover alone would take the principal from 30.0% of its mark to 48.5% by 23 February 2028;"
        " moving 3 people adds 13.3% of the mark (13.27 hours a week), and 3 people would get a letter.",
    ]
    made = files(planned(small_county(STARTED)))
    assert json.loads(made["result.json"])["need_anybody_move"]["people_written_to"] == 3
    text = made["transfer.html"].decode()
    assert text.index("Need anybody move?") < text.index("rounds move on") < text.index("The areas")


def test_without_dates_nothing_is_made_up() -> None:
    found = area({})
    assert found.turnover.told_by == ""
    assert {each.alone for each in found.months} == {1_800}
    assert found.added == 900
    [said] = need_record(planned())["read_first"]
    assert said.startswith("Area A1: how much care begins in a month is not known")
    assert area({}, turnover_share_per_month=Fraction(1, 10)).months[1].alone == 1_800 * Fraction(9, 10) + 900


def test_care_of_long_ago_brings_nothing_new() -> None:
    assert area({"X1": {"care_started": days(-366)}}).turnover.begins == 0
    assert area({"X1": {"care_started": days(-364)}}).turnover.begins == Fraction(79 * 60, 12)
    assert area({"X1": {"care_started": days(-364)}}, turnover_months=1).turnover.begins == 0


def test_up_to_the_mark_and_no_further() -> None:
    found = area(turnover_share_per_month=Fraction(1, 2))
    assert found.months[1].alone == 900 + 4_500
    assert found.months[2].alone == found.target.mark == 6_000
    assert found.added == 0
    record = need_record(planned(small_county(STARTED), turnover_share_per_month=Fraction(1, 2)))["areas"][0]
    assert (record["mark_reached_alone"], record["mark_reached_with_moves"]) == ("2027-01-23", "2027-01-23")


def test_up_to_the_providers_own_limit_which_staff_who_come_do_not_fill() -> None:
    own = [provider("NEW", max_hours_4w=Fraction(4 * 32)), provider("OLD"), provider("SMALL")]
    found = area(providers=own)
    assert max(each.alone for each in found.months) == 32 * 60
    assert found.months[4].with_moves - found.months[4].alone == 900
    [said] = need_record(planned(small_county(STARTED, providers=own)))["read_first"]
    assert "to 32.0%, as far as its provider's own limit goes, by" in said


def test_only_what_the_principal_may_be_asked_for() -> None:
    needs_more: dict[str, dict[str, Any]] = {**STARTED, "Y1": {"care_started": days(-30), "skills": ("peg",)}}
    assert area(needs_more).months[1].alone == 1_800 * LEFT + 25  # five of the twenty hours
    # Restricted until the end of the first two months, and capped for as long: no new care until then.
    for barred in (restriction("NEW", ends=days(32)), cap("NEW", 100, ends=days(32))):
        months = area(restrictions=[barred]).months
        assert [each.alone for each in months[:4]] == [1_800, 1_780, 1_780 * LEFT, 1_780 * LEFT * LEFT + 100]


def test_a_principal_that_begins_later_has_nothing_until_then() -> None:
    later = [principal("NEW", max_hours_4w=Fraction(400), starts=days(40)), legacy("OLD"), legacy("SMALL")]
    everybody: dict[str, dict[str, Any]] = {**STARTED, "N0": {"contract_id": "L-OLD"}}
    months = area(everybody, contracts=later).months
    assert [each.alone for each in months[:4]] == [0, 0, 0, 100]  # in force from 2 January: in February's month


def test_other_services_are_no_home_care() -> None:
    found = area({**STARTED, "Y1": {"care_started": days(-30), "service": "night"}})
    assert found.turnover.running == 135 * 60
    assert found.turnover.begins == 25


def test_parts_of_one_persons_care_are_one_letter() -> None:
    found = area({**STARTED, "A2": {"part_of": "A1"}})
    assert (found.written_to, found.people_moved) == (2, 2)


@settings(max_examples=30, deadline=None)
@given(handing_over(), st.sampled_from((None, Fraction(0), Fraction(1, 30), Fraction(1))))
def test_moving_never_takes_away_and_never_adds_more_than_it_moves(county: Snapshot, share: Fraction | None) -> None:
    plan = plan_transfer(county, ["A1", "A2"], replace(POLICY, turnover_share_per_month=share))
    moved = sum(plan.candidates[index].minutes for index in plan.moving)
    for each in in_areas(plan):
        for month in each.months:
            assert 0 <= month.alone <= max(each.months[0].alone, Fraction(each.target.mark))
            assert 0 <= month.with_moves - month.alone <= Fraction(moved)
        assert each.people_moved <= each.written_to
