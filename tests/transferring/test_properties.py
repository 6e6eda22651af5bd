"""What holds of every plan, on random small counties."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimiser.domain.plan import AgreedMove, Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.handing_back.report import hand_back_files
from optimiser.transferring.handing_back.story import plan_hand_back
from optimiser.transferring.preferences import LEVELS
from optimiser.transferring.problem import STAYS
from optimiser.transferring.story import plan_transfer
from optimiser.transferring.transfer_plan import TransferPlan
from tests.making.drawn_transfers import counties, histories
from tests.making.transfers import files, where

SHORT = TransferPolicy(max_waves=2, destabilisation_limit=Fraction(1, 5), reviews_per_wave=6)
AREAS = ("A1", "A2")


def planned(county: Snapshot, known: Known | None = None, policy: TransferPolicy = SHORT, **given_: object) -> TransferPlan:
    return plan_transfer(county, AREAS, policy, known, **given_)  # type: ignore[arg-type]


@settings(max_examples=20)
@given(counties(), histories())
def test_the_best_of_all_choices_is_found_and_the_check_confirms_it(county: Snapshot, known: Known) -> None:
    plan = planned(county, known)
    assert plan.all_proven
    assert files(plan)  # raises where the check finds anything
    problem = plan.problem
    assume(sum(map(bool, problem.waves)) <= 6)
    choices = itertools.product(*((STAYS, *waves) for waves in problem.waves))
    best = min(tuple(level.value(problem, choice) for level in LEVELS) for choice in choices if not problem.breaks(choice))
    assert tuple(level.value for level in plan.levels[:5]) == best[:5]
    assert plan.levels[5].value <= best[5] + problem.cost_proof_pence


@settings(max_examples=12)
@given(counties(), histories(), st.sampled_from((Fraction(1, 20), Fraction(1, 10), Fraction(3, 20))))
def test_a_tighter_limit_never_closes_more(county: Snapshot, known: Known, tighter: Fraction) -> None:
    wide = planned(county, known).levels[0].value
    assert planned(county, known, replace(SHORT, destabilisation_limit=tighter)).levels[0].value >= wide
    assert planned(county, known, replace(SHORT, reviews_per_wave=3)).levels[0].value >= wide
    assert planned(county, known, replace(SHORT, max_waves=1)).levels[0].value >= wide


@settings(max_examples=12)
@given(counties(), st.randoms(use_true_random=False))
def test_a_refusal_moves_nobody_else_who_was_agreed(county: Snapshot, dice: random.Random) -> None:
    before = planned(county)
    assume(len(before.moving) >= 2)
    days = {name: None if day == "stays" else dt.date.fromisoformat(day) for name, day in where(before).items()}
    moving = [before.candidates[index] for index in before.moving]
    refusing = dice.choice(moving)
    agreed = [each for each in moving if each is not refusing and dice.random() < 0.6]
    known = Known(
        agreed=tuple(AgreedMove(each.round_id, days[each.round_id] or dt.date.max) for each in agreed),
        refused=frozenset({county.packages[dice.choice(refusing.members)].package_id}),
    )
    after = planned(county, known, earlier=days)
    assert files(after)
    assert where(after)[refusing.round_id] == "stays"
    assert all(where(after)[each.round_id] == where(before)[each.round_id] for each in agreed)
    assert [change.round_id for change in after.changes or ()] == [refusing.round_id]  # nothing else need change


@settings(max_examples=12)
@given(counties(most_people=7), histories())
def test_rounds_cut_anew_never_close_less_and_the_check_confirms_them(county: Snapshot, known: Known) -> None:
    policy = replace(SHORT, destabilisation_limit=Fraction(1, 2), recut_run_tolerance=Fraction(1, 2), recut_gap_metres=4_000)
    plan = planned(county, known, policy, recut=True)
    assert plan.all_proven
    assert files(plan)
    assert plan.levels[0].value <= planned(county, known, policy).levels[0].value


@settings(max_examples=12)
@given(counties(), st.integers(0, 60))
def test_a_hand_back_is_confirmed_and_staff_who_come_never_cost_a_place(county: Snapshot, hours: int) -> None:
    small = replace(county, providers=tuple(replace(p, max_hours_4w=Fraction(4 * hours)) for p in county.providers))
    without = plan_hand_back(small, "L-OLD", SHORT)
    assert hand_back_files(without, {})  # raises where the check finds anything
    with_staff = plan_hand_back(small, "L-OLD", replace(SHORT, handback_staff_come=True))
    assert hand_back_files(with_staff, {})
    assert without.all_proven
    assert with_staff.all_proven
    assert [level.value for level in with_staff.levels[:2]] <= [level.value for level in without.levels[:2]]
