"""What leaves a provider makes room for what comes to it, wave by wave, and no sooner."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings

from optimiser.domain.plan import AgreedMove, Known
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.check import check
from optimiser.transferring.explain import round_reason
from optimiser.transferring.preferences import LEVELS
from optimiser.transferring.problem import STAYS
from optimiser.transferring.result_file import if_refused, warnings
from optimiser.transferring.story import CannotPlanError, Search, start_of
from tests.making import cap, legacy, principal, provider
from tests.making.drawn_transfers import handing_over
from tests.making.transfers import files, where
from tests.transferring.swaps import BINDS, circle_county, planned

FIRST, SECOND = "2027-03-01", "2027-03-30"
SWAP = {"R1": 10, "R2": 10}


def reason(county: Snapshot, name: str) -> str:
    plan = planned(county)
    return round_reason(plan, next(i for i, each in enumerate(plan.candidates) if each.round_id == name))


def test_two_full_principals_hand_each_other_a_round() -> None:
    plan = planned(circle_county(SWAP))
    assert where(plan) == {"R1": FIRST, "R2": FIRST}
    assert plan.all_proven
    assert files(plan)  # raises where the check finds anything


@pytest.mark.parametrize("count", [3, 5])
def test_a_longer_circle(count: int) -> None:
    plan = planned(circle_county({f"R{number}": 10 for number in range(1, count + 1)}))
    assert set(where(plan).values()) == {FIRST}
    assert files(plan)


def test_a_round_that_is_larger_than_the_one_that_leaves_stays_and_so_does_the_other() -> None:
    county = circle_county({"R1": 10, "R2": 10.5})  # P1 would end half an hour above its limit; nothing leaves P2 for R1
    assert where(planned(county)) == {"R1": "stays", "R2": "stays"}
    assert reason(county, "R2") == (
        "It may move, but there is no room: the own limit of provider P1, what leaves counted: 0 hours left, 10.5 hours needed."
    )
    assert files(planned(county))


def test_room_is_made_on_the_day_of_leaving_and_no_sooner() -> None:
    county = circle_county(SWAP, go_live={"A2": dt.date(2027, 3, 20)})  # R1 goes to P2 in A2: not on the first wave
    plan = planned(county)
    assert where(plan) == {"R1": SECOND, "R2": SECOND}
    assert files(plan)
    alone = circle_county(SWAP, go_live={"A2": dt.date(2027, 3, 20)}, providers=_without_limits())
    assert where(planned(alone)) == {"R1": SECOND, "R2": FIRST}


def test_room_is_made_for_a_round_that_has_one_day_only() -> None:
    # P1's contract ends before the second wave, so R2 comes on the first or never; R1 may leave P1 for P2, which has no limit.
    ending = [principal("P1", contract_id="M-P1", ends=dt.date(2027, 3, 20)), principal("P2", area_id="A2", contract_id="M-P2")]
    county = circle_county(
        SWAP,
        contracts=[*ending, *(legacy(name) for name in ("P1", "P2", "NEUTRAL"))],
        providers=[provider("P1", max_hours_4w=Fraction(40)), *_without_limits()[1:]],
    )
    plan = planned(county)
    assert where(plan) == {"R1": FIRST, "R2": FIRST}
    assert plan.all_proven


def _without_limits() -> list[object]:
    return [provider("P1"), provider("P2"), provider("NEUTRAL")]


def test_the_check_judges_wave_by_wave() -> None:
    county = circle_county(SWAP)
    made = files(planned(county))
    for name, key in (("transfers.csv", "round_id"), ("people.csv", "round_id")):
        rows = list(csv.DictReader(io.StringIO(made[name].decode())))
        for row in rows:
            if row[key] == "R1":  # P1's round leaves four weeks later: until then P1 has twice what it can deliver
                row["wave"] = "2"
                row.update({cell: SECOND for cell in ("date", "served_until", "then_from") if cell in row})
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        made[name] = text.getvalue().encode()
    found = check(county, BINDS, Known(), ["A1", "A2"], made)
    assert "provider_hours of P1 is passed" in found
    assert "provider_hours of P2 is passed" not in found


def test_a_cap_counts_what_leaves_it() -> None:
    capped = cap("P1", 20, starts=dt.date(2026, 5, 1))  # five hours a week; the ten that P1 has began since
    county = circle_county(SWAP, providers=_without_limits(), restrictions=[capped])
    plan = planned(county, capped_principal=True)
    assert where(plan) == {"R1": FIRST, "R2": FIRST}
    assert files(plan)
    old = circle_county(SWAP, providers=_without_limits(), restrictions=[replace(capped, starts=dt.date(2026, 5, 5))])
    assert where(planned(old, capped_principal=True))["R2"] == "stays"  # what began before the cap frees nothing under it


def test_staff_are_assumed_only_for_what_comes_beyond_what_leaves() -> None:
    assert not [said for said in warnings(planned(circle_county(SWAP), provider_limit_binds=False)) if "own limit" in said]
    more = warnings(planned(circle_county({"R1": 10, "R2": 12}), provider_limit_binds=False))
    assert (
        "P1 would deliver 12 hours a week after wave 1, above its own limit of 10 hours: this assumes that 2 staff come with the"
        " rounds and that 2 leave with the rounds that go from it."
    ) in more
    assert not [said for said in more if said.startswith("P2 would deliver")]


def test_until_a_round_leaves_its_staff_are_not_counted_as_gone() -> None:
    county = circle_county(SWAP, go_live={"A2": dt.date(2027, 3, 20)})
    assert (
        "P1 would deliver 20 hours a week after wave 1, above its own limit of 10 hours: this assumes that 2 staff come with the"
        " rounds."
    ) in warnings(planned(county, provider_limit_binds=False))


def test_what_a_refusal_would_change_names_those_who_wait_for_the_room() -> None:
    county = circle_county(SWAP)
    pending = replace(county, packages=tuple(replace(p, transfer_decision="") for p in county.packages))
    said = if_refused(planned(pending))[0]
    assert said["package_id"] == "X1"
    assert said["then"].endswith(
        "Round R1 makes room by leaving P1: if it stays, R2 cannot move (the own limit of provider P1, what leaves counted),"
        " and the plan has to be made again."
    )


def test_after_a_refusal_the_other_round_stays_for_want_of_room() -> None:
    first = dt.date.fromisoformat(FIRST)
    plan = planned(circle_county(SWAP), Known(refused=frozenset({"X1"})), earlier={"R1": first, "R2": first})
    assert where(plan) == {"R1": "stays", "R2": "stays"}
    assert [change.why for change in plan.changes or ()] == [
        "Somebody in it, or their social worker, has said no: the whole round stays.",
        "There is no room for it any more: the own limit of provider P1: 0 hours left, 10 hours needed.",
    ]


def test_a_plan_made_again_without_news_is_the_same() -> None:
    first = dt.date.fromisoformat(FIRST)
    plan = planned(circle_county(SWAP), earlier={"R1": first, "R2": first})
    assert plan.changes == ()


def test_what_is_agreed_brings_the_round_that_makes_room_for_it() -> None:
    agreed = Known(agreed=(AgreedMove("R2", dt.date.fromisoformat(SECOND)),))
    plan = planned(circle_county(SWAP), agreed)
    assert where(plan)["R2"] == SECOND
    assert where(plan)["R1"] == SECOND  # P2 has no room sooner
    with pytest.raises(CannotPlanError, match="what is agreed passes the own limit of provider P1"):
        planned(circle_county({"R1": 10, "R2": 10.5}), agreed)


def test_a_search_that_is_stopped_at_once_keeps_the_circles() -> None:
    county = circle_county({"R1": 10, "R2": 10, "R3": 10})
    plan = planned(county, search=Search(should_stop=lambda: True))
    assert plan.stopped == "cancelled"
    assert set(where(plan).values()) == {FIRST}
    assert set(start_of(planned(county, provider_limit_binds=False).problem)) == {STAYS}


@settings(max_examples=20)
@given(handing_over())
def test_the_best_of_all_choices_is_found_and_the_check_confirms_it(county: Snapshot) -> None:
    policy: dict[str, Any] = {"max_waves": 2, "reviews_per_wave": 8, "capped_principal": True}
    plan = planned(county, **policy)
    assert plan.all_proven
    assert files(plan)
    problem = plan.problem
    assume(sum(map(bool, problem.waves)) <= 6)
    choices = itertools.product(*((STAYS, *waves) for waves in problem.waves))
    best = min(tuple(level.value(problem, choice) for level in LEVELS) for choice in choices if not problem.breaks(choice))
    assert tuple(level.value for level in plan.levels[:5]) == best[:5]
    assert plan.levels[0].value <= planned(_full(county), **policy).levels[0].value


def _full(county: Snapshot) -> Snapshot:
    """The same with half of each provider's own limit."""
    return replace(
        county, providers=tuple(replace(p, max_hours_4w=(p.max_hours_4w or Fraction(0)) / 2) for p in county.providers)
    )
