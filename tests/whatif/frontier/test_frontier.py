"""A frontier: worked by hand, against every plan of tiny problems, and what its check finds where something is not so."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import given, settings

from optimiser.in_parallel.piece_of_work import Work
from optimiser.in_parallel.story import InParallel
from optimiser.judging.checking import DisagreementError, verify
from optimiser.rules.book import standard_rules
from optimiser.solving import Effort, Problem
from optimiser.whatif.frontier import chart as module_of_picture
from optimiser.whatif.frontier import story as module
from optimiser.whatif.frontier.boxes import Box, cut, limits_of
from optimiser.whatif.frontier.check import Claim, faults
from optimiser.whatif.frontier.report import frontier_files, frontier_record
from optimiser.whatif.frontier.story import Frontier, Watching, frontier
from optimiser.whatif.frontier.two_levels import TwoLevels, two_levels
from optimiser.whatif.frontier.within_limit import first_search, search
from tests.making import area, county, framework, legacy, package, plan
from tests.solving.brute_force import all_values
from tests.solving.tiny import problems

RULES = standard_rules()
LEGACY_AND_COST = two_levels(["cost", "legacy"], RULES)
HOURS = (5, 6, 7)
COUNTY = county(
    [
        *(package(f"N{each}", hours=each) for each in HOURS),
        package("N9", hours=2, area_id="A2"),
    ],
    [framework("ASH"), legacy("OAK", rates_pence=(2000, 2000, 2000), area_id="A1")],
    areas=[area("A1"), area("A2")],
)
"""Ash takes anybody of A1 for £24.00 an hour, Oak on the legacy framework for £20.00. Nobody may take N9."""


def made(points: int) -> Frontier:
    return frontier(COUNTY, RULES, LEGACY_AND_COST, points, effort=Effort(), workers=1)


def unbeaten(values: Iterable[tuple[int, ...]]) -> set[tuple[int, ...]]:
    every = set(values)
    return {each for each in every if not any(o != each and o[0] <= each[0] and o[1] <= each[1] for o in every)}


def test_every_hour_on_legacy_saves_four_pounds() -> None:
    found = made(16)
    # Any of the three may go to Oak: so many hours of legacy, and 18 hours at £24.00 less £4.00 for each of them.
    sums = sorted({sum(each) for each in chain.from_iterable(combinations(HOURS, count) for count in range(4))})
    assert sums == [0, 5, 6, 7, 11, 12, 13, 18]
    assert [(each.one, each.other) for each in found.points] == [(60 * h, 43_200 - 400 * h) for h in sums]
    assert (found.searches, found.all_proven, found.held_at) == (16, True, (0, 0, 1080))
    record = frontier_record(found)
    assert record["said"][0].startswith("Held in every plan: unmet urgent at most 0")
    few = made(4)
    assert [each.one // 60 for each in few.points] == [0, 6, 12, 18], "limits at thirds"
    assert (few.whole, few.searches, few.beaten) == (False, 4, 0)
    page = frontier_files(few, frontier_record(few))["two-levels.html"].decode()
    first = '<td class="n">6 hours a week</td><td class="n">£408.00 a week</td>'
    step = '<td class="n">6 hours a week</td><td class="n">£24.00 a week</td><td>yes</td>'
    assert page.count(first) == 1 and page.count(step) == 3
    steps = module_of_picture._from_each_on([(0, 9), (4, 5)]), module_of_picture._until_the_next([(0, 8), (4, 5)])
    assert steps == ([(0, 9), (4, 9), (4, 5)], [(0, 8), (0, 5), (4, 5)]), (
        "beyond a point nothing above the next bound is ruled out"
    )


def test_two_that_do_not_stand_against_each_other_are_one_point() -> None:
    one = frontier(COUNTY, RULES, two_levels(["unmet", "legacy"], RULES), 9, effort=Effort())
    assert [(each.one, each.other) for each in one.points] == [(1080, 0)] and one.whole
    assert "do not stand against each other" in " ".join(frontier_record(one)["said"])
    assert b"<svg" in frontier_files(one, frontier_record(one))["two-levels.html"]


def test_an_end_by_hand_is_said() -> None:
    asked = iter([False] * 2)
    ended = frontier(
        COUNTY, RULES, LEGACY_AND_COST, 9, effort=Effort(), workers=1, watching=Watching(should_stop=lambda: next(asked, True))
    )
    assert not ended.complete and not ended.whole
    assert "ended early" in json.dumps(frontier_record(ended)["said"])


@pytest.mark.parametrize(
    ("named", "words"),
    [(["cost", "price"], "one of unmet_urgent, .*price"), (["cost", "cost"], "two levels that are not the same")],
)
def test_what_is_no_two_levels_is_refused(named: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        two_levels(named, RULES)


@settings(max_examples=12, deadline=None)
@given(problems(most_items=4).filter(lambda problem: len(problem.levels) > 2))
def test_all_points_of_tiny_problems_are_found_and_no_others(problem: Problem) -> None:
    held, one, other = (replace(level, proof_gap=0, proof_share=Fraction(0)) for level in problem.levels[:3])
    short = replace(problem, levels=(held, one, other))
    setting, first, _ = first_search(short, [held], one, other, Effort(), None, None)
    with InParallel(Work(search, setting, "", str), workers=1) as processes:
        done, boxes, _ = module._searched(processes, first, 200, Watching())
    most = setting.held[0].most
    within = [(b, c) for a, b, c in all_values(short) if most is not None and a <= most]
    assert unbeaten(each.point for each in done) == unbeaten(within)
    assert not boxes and all(each.exact for each in done)


def test_the_check_finds_what_is_not_so() -> None:
    here = verify(COUNTY, RULES, plan(COUNTY, {"N5": "L-OAK", "N6": "F-ASH", "N7": "F-ASH"}))
    there = verify(COUNTY, RULES, plan(COUNTY, {"N5": "F-ASH", "N6": "F-ASH", "N7": "F-ASH"}))
    right = Claim(here, 300, 300, 41_200, 300, 41_200)
    other = Claim(there, 0, 0, 43_200, 0, 43_200)

    def said(*claims: Claim, unmet: int = 1080) -> str:
        return "; ".join(faults(COUNTY, RULES, ("legacy", "cost"), {"unmet": unmet}, claims, claims))

    assert said(right, other) == ""
    assert "unmet is held at 1079, and a plan has 1080" in said(right, unmet=1079)
    assert "is said of it" in said(replace(right, other=41_100, other_bound=41_100))
    assert "lies below 43201" in said(right, replace(other, limit=300, other_bound=43_201))
    assert "lies below 301" in said(replace(right, one_bound=301))
    assert "is as good as" in said(right, replace(right, limit=None))


def test_where_most_is_unknown_is_looked_first_and_a_box_that_may_be_empty_at_once() -> None:
    large, small = Box(1, 8, 1, 100), Box(20, 21, 1, 3)
    assert limits_of([large, small], 3) == [[3, 5, 7], []]
    assert cut(large, [(5, (4, 60))]) == [Box(1, 3, 61, 100), Box(6, 8, 1, 59)]
    assert cut(large, [(5, (0, 101))]) == [Box(6, 8, 1, 100, maybe_empty=True)]
    assert limits_of([Box(6, 8, 1, 100, maybe_empty=True)], 1) == [[8]]


def test_plans_that_the_check_does_not_confirm_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "faults", lambda *_: iter(["a fault"]))
    with pytest.raises(DisagreementError, match="do not hold: a fault"):
        made(2)


def test_in_words() -> None:
    assert repr(made(2)) == "<Frontier of <TwoLevels: legacy, cost>: 2 points>"
    assert (
        TwoLevels(
            ("unmet_urgent", "unmet_discharge", "unmet"),
            "legacy",
            "cost",
            ("principal_first", "volume_share", "disruption", "travel"),
        )
        == LEGACY_AND_COST
    )
