"""Why contracts asked before the one chosen were passed over: said from the figures, and only what they show."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from optimiser.explaining import reasons
from optimiser.rules.book import standard_rules
from tests.making import county, framework, package
from tests.rules import toy

RULES = standard_rules()
HERE = county([package("N1", hours=20)], [framework("BRACKEN")])
"""1,200 waiting minutes: 3 minutes of each share, 120 pence may be given away, and 24 pence stay unproven."""
LEVELS = {rule.name: 100_000 for rule in RULES.levels}
ROOM = "1 asked before it would have room"


def said(*instead: Mapping[str, int]) -> str:
    return reasons.passed_over(HERE, RULES, LEVELS, instead)


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("unmet_urgent", "people left waiting"),
        ("unmet_discharge", "people left waiting"),
        ("unmet", "people left waiting"),
        ("legacy", "use of the legacy framework"),
        ("principal_first", "the principal's share"),
        ("volume_share", "even shares"),
        ("disruption", "moves"),
        ("cost", "cost"),
        ("travel", "travel"),
    ],
)
def test_the_first_level_that_would_be_worse_is_named(level: str, words: str) -> None:
    assert said({level: 1}) == f"{ROOM}, but would be worse on {words}"


def test_later_levels_that_would_be_better_change_nothing() -> None:
    assert said({"legacy": 60, "cost": -1_000_000}) == f"{ROOM}, but would be worse on use of the legacy framework"


def test_an_earlier_gain_within_the_tolerance_is_told() -> None:
    gain = "with a gain that lies within the tolerance of"
    assert said({"cost": -120, "travel": 1}) == f"{ROOM}, but would be worse on travel, {gain} cost"
    assert said({"volume_share": -3, "cost": 1}) == f"{ROOM}, but would be worse on cost, {gain} even shares"


def test_a_gain_that_harms_no_level_before_it_and_no_tolerance_allows_shows_that_the_search_was_cut_short() -> None:
    better = f"{ROOM}, and a better plan may exist: the search was cut short"
    assert said({"unmet": -1, "legacy": 60}) == better
    assert said({"volume_share": -4, "cost": 500}) == better
    assert said({"cost": -145}) == better
    assert said({"cost": -1, "travel": -11}) == better


def test_a_gain_that_the_tolerances_allow_is_no_better_plan() -> None:
    assert said({"cost": -144}) == f"{ROOM}, but would gain no more than lies within the tolerance of cost"
    assert said({"travel": -10}) == f"{ROOM}, but would gain no more than lies within the tolerance of travel"


def test_a_choice_that_changes_nothing_is_told_as_that() -> None:
    assert said({}) == f"{ROOM}, but would change nothing that is counted"


def test_of_several_the_most_common_first_level_is_named_and_of_equals_the_first() -> None:
    room = "3 asked before it would have room"
    assert said({"cost": 1}, {"cost": 9}, {"cost": 3}) == f"{room}, but each would be worse on cost"
    assert said({"legacy": 1}, {"cost": 9}, {"cost": 3}) == f"{room}, but 2 of them would be worse on cost"
    assert (
        said({"travel": 1}, {"cost": 9}, {"legacy": 3}) == f"{room}, but 1 of them would be worse on use of the legacy framework"
    )
    assert said({"legacy": 1}, {"cost": 9}, {"unmet": -1}) == f"{room}, and {reasons.CUT_SHORT}"


def test_a_level_without_words_is_told_by_its_name() -> None:
    rules = RULES.with_rules(toy)
    levels = {rule.name: 0 for rule in rules.levels}
    assert reasons.passed_over(HERE, rules, levels, [{"toy_unrated": 60}]) == f"{ROOM}, but would be worse on toy unrated"


def test_who_waits_although_somebody_has_room_is_told_that_the_search_was_cut_short() -> None:
    assert reasons.left_waiting(2) == (
        "Nobody was chosen, though 2 would have room, and a better plan may exist: the search was cut short."
    )


def test_of_one_contract_the_same_is_said_as_a_sentence() -> None:
    one = [reasons.passed_with_room(HERE, RULES, LEVELS, each) for each in ({"legacy": 1}, {}, {"unmet": -1})]
    assert one == [
        "It has room, but would be worse on use of the legacy framework.",
        "It has room, but would change nothing that is counted.",
        "It has room, and a better plan may exist: the search was cut short.",
    ]
