"""Re-plans, what cannot be planned, the frontier, and a search that is stopped."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from optimiser.domain.plan import AgreedMove, EarlierMove, Known
from optimiser.domain.records import Round
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.frontier import frontier
from optimiser.transferring.handing_back.story import plan_hand_back
from optimiser.transferring.report import verified_files
from optimiser.transferring.story import CannotPlanError, Search, plan_transfer, reached
from tests.making import legacy, package, principal, snapshot
from tests.making.transfers import POLICY, files, planned, running, small_county, where

FIRST, SECOND = dt.date(2027, 3, 1), dt.date(2027, 3, 29)


def test_what_is_agreed_stays_where_it_is() -> None:
    plan = planned(known=Known(agreed=(AgreedMove("R1", SECOND),)))
    assert where(plan)["R1"] == str(SECOND)
    assert where(plan)["R4"] == str(FIRST)
    assert files(plan)


def test_a_refusal_changes_its_round_and_no_other() -> None:
    before = {"R1": FIRST, "R2": None, "R3": None, "R4": FIRST}
    plan = planned(known=Known(refused=frozenset({"D1"})), earlier=before)
    assert [(c.round_id, c.before, c.after) for c in plan.changes or ()] == [("R4", "2027-03-01", "")]
    assert plan.changes and "the whole round stays" in plan.changes[0].why
    assert [level.name for level in plan.levels][:2] == ["changes", "shortfall"]


def test_other_rounds_make_up_for_it_only_as_far_as_allowed() -> None:
    small = small_county()
    spare = running("S1", "OLD", 5, round_id="R6")
    county = replace(small, packages=tuple(sorted((*small.packages, spare), key=lambda each: each.package_id)))
    before = {"R1": FIRST, "R2": None, "R3": None, "R4": FIRST, "R6": None}
    refused = Known(refused=frozenset({"D1"}))
    assert where(planned(county, refused, earlier=before))["R6"] == "stays"
    assert where(planned(county, refused, earlier=before, replan_changes=1))["R6"] == str(FIRST)


def test_somebody_in_an_agreed_round_may_still_say_no() -> None:
    plan = planned(known=Known(agreed=(AgreedMove("R1", FIRST),), refused=frozenset({"A1"})))
    assert where(plan)["R1"] == "stays"
    assert plan.notes[0] == "Round R1 was agreed, but somebody in it has said no since: it stays."


@pytest.mark.parametrize(
    ("agreed", "said"),
    [
        ([("R9", FIRST)], "is no candidate"),
        ([("R2", FIRST)], "1 person may not move"),
        ([("R1", dt.date(2026, 11, 23))], "it belongs in the history"),
        ([("R1", FIRST), ("R4", dt.date(2027, 3, 8))], "less than 4 weeks apart"),
        ([("R3", FIRST)], "what is agreed passes 15.0% of SMALL's hours"),
    ],
)
def test_what_is_agreed_must_keep_the_rules(agreed: list[tuple[str, dt.date]], said: str) -> None:
    with pytest.raises(CannotPlanError, match=said):
        planned(known=Known(agreed=tuple(AgreedMove(*each) for each in agreed)))


def test_areas_that_cannot_be_planned_are_all_named() -> None:
    county = small_county(contracts=[legacy("NEW", contract_id="P-NEW"), legacy("OLD"), legacy("SMALL")])
    with pytest.raises(CannotPlanError) as refused:
        plan_transfer(county, ["A1", "A9"], POLICY)
    assert len(refused.value.problems) == 2


def test_a_provider_whose_year_is_used_up_already_loses_no_more() -> None:
    moved = EarlierMove(dt.date(2026, 11, 1), "Z", "OLD", 16 * 60)
    plan = planned(known=Known(history=(moved,)), max_waves=3)
    assert set(where(plan).values()) == {"stays"}
    assert files(plan)


def test_the_frontier() -> None:
    points = list(frontier(POLICY, reached(small_county(), ["A1"], Known()), recut=False))
    one_wave = {point.limit: point for point in points if point.waves == 1}
    hours = {float(limit): point.moved_minutes / 60 for limit, point in one_wave.items()}
    assert hours == {0.05: 5, 0.1: 10, 0.15: 15, 0.2: 15}
    assert one_wave[Fraction(3, 20)].share == Fraction(45, 150)
    assert all(point.proven for point in points)
    assert len({(point.limit, point.waves) for point in points}) == len(points) == 20


def test_a_search_that_is_stopped_keeps_the_best_so_far() -> None:
    asked = iter([False, False, *[True] * 1000])
    plan = plan_transfer(small_county(), ["A1"], POLICY, search=Search(should_stop=lambda: next(asked)))
    assert plan.stopped == "cancelled"
    assert not plan.all_proven
    assert files(plan)


def _nothing_may_move() -> Snapshot:
    """Everybody is protected, and nothing runs on the principal's contract."""
    return snapshot(
        [running("A1", "OLD", 5, round_id="R1", protected="autism")],
        [principal("NEW"), legacy("OLD")],
        rounds=[Round("R1", "OLD", "A1", 1, None)],
    )


@pytest.mark.parametrize(
    "county",
    [
        _nothing_may_move(),
        snapshot([], [principal("NEW"), legacy("OLD")]),
        snapshot([package("W1")], [principal("NEW"), legacy("OLD")]),
        snapshot([running("E1", "OLD", 5, area_id="A2")], [principal("NEW"), principal("NEW2", area_id="A2"), legacy("OLD")]),
    ],
    ids=["everybody protected", "nobody at all", "only somebody waiting", "an area without people"],
)
@pytest.mark.parametrize("recut", [False, True])
def test_the_frontier_where_nothing_moves(county: Snapshot, recut: bool) -> None:
    plan = planned(county, recut=recut)
    points = list(frontier(POLICY, reached(county, ["A1"], Known()), recut=recut))
    made = verified_files(plan, {}, frontier=points)
    assert {point.share for point in points} == {0}
    assert b"0.0%" in made["transfer.html"]
    assert made["frontier.csv"].count(b"\n") == len(points) + 1


def test_no_area_at_all_is_refused_in_words() -> None:
    with pytest.raises(CannotPlanError, match="no area has a principal contract that has not ended"):
        plan_transfer(small_county(), [], POLICY)


@pytest.mark.parametrize("day", [dt.date(9998, 12, 1), dt.date(9999, 12, 31)])
def test_a_day_after_which_no_months_are_left_is_refused_in_words(day: dt.date) -> None:
    with pytest.raises(CannotPlanError, match=f"{day} is later than 9900-01-01"):
        planned(small_county(as_of=day))
    with pytest.raises(CannotPlanError, match="is the year right"):
        plan_hand_back(small_county(as_of=day), "L-OLD", POLICY)
    for known in (Known(agreed=(AgreedMove("R1", day),)), Known(history=(EarlierMove(day, "Z", "OLD", 60),))):
        with pytest.raises(CannotPlanError, match=str(day)):
            planned(known=known)
