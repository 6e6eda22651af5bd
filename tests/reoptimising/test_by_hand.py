"""Counties small enough to see at a glance which move makes room for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from optimiser.domain.plan import EarlierMove
from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.nightly.who_waits import people_waiting
from optimiser.reoptimising.report import reoptimise_record
from optimiser.reoptimising.story import Reoptimisation, reoptimise
from tests.making import days, framework, package, provider, snapshot
from tests.solving.tiny import StopAfter

FIVE_HOURS = Fraction(20)
"""Five hours a week, in hours per four weeks."""


def running(package_id: str, with_: str, **given: Any) -> Package:
    return package(package_id, contract_id=f"F-{with_}", **{"transfer_decision": "suitable", **given})


def row_of(*people: Package, spare: str, **policy: Any) -> Snapshot:
    """Providers with room for five hours a week each; only ALDER can do dementia care, and only ``spare`` has room."""
    names = [name for name in ("ALDER", "BRACKEN", "CLOVER", "DOCK") if name <= spare]
    skills = {"ALDER": ("dementia", "b"), "BRACKEN": ("b", "c"), "CLOVER": ("c", "d"), "DOCK": ("d",)}
    return snapshot(
        people,
        [framework(name) for name in names],
        providers=[provider(name, max_hours_4w=FIVE_HOURS, skills=skills[name]) for name in names],
        **policy,
    )


def said(made: Reoptimisation) -> list[list[tuple[str, str]]]:
    """Per step: who goes where."""
    county = made.allocation.county
    return [
        [(county.packages[c.package].package_id, county.contracts[c.after].contract_id) for c in step.changes]
        for step in made.steps.steps
    ]


def levels(made: Reoptimisation) -> dict[str, int]:
    return {level.name: level.value for level in made.allocation.levels}


def test_one_moves_so_that_one_is_placed() -> None:
    made = reoptimise(row_of(running("R1", "ALDER"), package("N1", skills=("dementia",)), spare="BRACKEN"))
    assert said(made) == [[("R1", "F-BRACKEN"), ("N1", "F-ALDER")]]
    assert levels(made)["unmet"] == 720  # the move's charge; waiting would be 2 x (300 + 420) = 1,440
    assert levels(made)["disruption"] == 1
    assert made.allocation.all_proven
    assert [values["unmet"] for values in made.values] == [1440, 720]


@pytest.mark.parametrize(
    ("person", "waiting", "policy"),
    [
        ({"protected": "end_of_life"}, {}, {}),
        ({"transfer_decision": "not_suitable"}, {}, {}),
        ({"transfer_decision": ""}, {}, {}),
        ({"excluded_provider_ids": ("BRACKEN",)}, {}, {}),
        ({}, {}, {"max_moves": 0}),
        ({}, {"priority": "planned"}, {}),  # 300 + 420 = 720 is no more than the charge
    ],
)
def test_nobody_moves_who_may_not_or_for_too_little(person: Any, waiting: Any, policy: Any) -> None:
    county = row_of(running("R1", "ALDER", **person), package("N1", skills=("dementia",), **waiting), spare="BRACKEN", **policy)
    made = reoptimise(county)
    assert made.steps.steps == ()
    assert made.allocation.outcome(0) == "unmet"
    assert made.allocation.all_proven


def test_a_pending_decision_counts_where_the_setting_says_so() -> None:
    people = running("R1", "ALDER", transfer_decision=""), package("N1", skills=("dementia",))
    assert said(reoptimise(row_of(*people, spare="BRACKEN", move_pending=True)))


def test_running_care_never_goes_to_another_contract_of_its_provider() -> None:
    county = snapshot(
        [running("R1", "ALDER"), package("N1", hours=5)],
        [framework("ALDER", max_hours_4w=FIVE_HOURS), framework("ALDER", contract_id="G-ALDER", bands=(3,))],
    )
    made = reoptimise(county)
    assert made.steps.steps == ()


CHAIN = (running("R1", "ALDER", skills=("b",)), running("R2", "BRACKEN", skills=("c",)))


def test_two_move_in_a_row_so_that_one_who_is_overdue_is_placed() -> None:
    late = package("N1", skills=("dementia",), start_by=days(-3))
    made = reoptimise(row_of(*CHAIN, late, spare="CLOVER"))
    assert [sorted(step) for step in said(made)] == [[("N1", "F-ALDER"), ("R1", "F-BRACKEN"), ("R2", "F-CLOVER")]]
    assert (levels(made)["unmet"], levels(made)["disruption"]) == (1440, 2)  # 2 x 720; waiting would be 2,880
    assert made.allocation.all_proven


def test_two_do_not_move_for_what_their_charge_comes_to() -> None:
    in_time = package("N1", skills=("dementia",))
    made = reoptimise(row_of(*CHAIN, in_time, spare="CLOVER"))
    assert made.steps.steps == ()  # 1,440 saved, 1,440 charged
    assert levels(made)["unmet"] == 1440


HOSPITAL = package("N1", skills=("dementia",), priority="discharge")
THREE = row_of(*CHAIN, running("R3", "CLOVER", skills=("d",)), HOSPITAL, spare="DOCK")
"""N1 needs ALDER, where R1 is, who may go to BRACKEN, where R2 is, who may go to CLOVER, where R3 is, who may go to DOCK."""


def test_three_move_in_a_row_so_that_one_comes_home_from_hospital() -> None:
    made = reoptimise(THREE)
    assert [sorted(step) for step in said(made)] == [
        [("N1", "F-ALDER"), ("R1", "F-BRACKEN"), ("R2", "F-CLOVER"), ("R3", "F-DOCK")]
    ]
    assert (levels(made)["unmet_discharge"], levels(made)["unmet"], levels(made)["disruption"]) == (0, 3 * 720, 3)
    assert made.allocation.all_proven
    assert made.longer == ()
    assert made.reason(1, made.steps.steps[0].changes[0]) == (
        "Makes room in step 1 to place one person waiting; every provider in the step has to accept before it goes ahead, and it"
        " saves more unmet need than its 3 moves are charged."
    )


@pytest.mark.parametrize("setting", [{"step_moves": 2}, {}])
def test_where_a_step_may_move_two_a_chain_of_three_is_no_step_and_whom_it_would_place_is_said(setting: Any) -> None:
    county = replace(THREE, policy=replace(THREE.policy, **setting))
    made = reoptimise(county, step_moves=None if setting else 2)
    assert made.steps.steps == ()
    assert [(level.value, level.bound, level.proven) for level in made.allocation.levels[1:2]] == [(720, 0, False)]
    assert [level.proven for level in made.allocation.levels[2:4]] == [True, True]  # nobody else waits, nobody moves
    assert [(chain.packages, chain.moves) for chain in made.longer] == [((0,), 3)]
    assert reoptimise_record(made)["longer_chains"] == [{"package_ids": ["N1"], "moves": 3}]
    assert str(made.allocation.explainer.explain(0)["reason"]).endswith(
        "; a longer chain would make room: 3 people would have to change provider in one step, and a step may move 2 people at"
        " most (setting step_moves)."
    )


LETTERS = "abcdefg"


def row(people: Iterable[Package], last: int) -> Snapshot:
    """Providers P0, P1, … with room for five hours a week each: P3 does what needs skill c or d; only the last has room."""
    names = [f"P{number}" for number in range(last + 1)]
    skills = [(*(["dementia"] if number == 0 else [LETTERS[number - 1]]), LETTERS[number]) for number in range(last + 1)]
    return snapshot(
        people,
        [framework(name) for name in names],
        providers=[provider(name, max_hours_4w=FIVE_HOURS, skills=can) for name, can in zip(names, skills, strict=True)],
    )


def five_in_a_row() -> list[Package]:
    """R0 is with P0 and may go to P1, and so on: five moves until somebody reaches P5, who has room."""
    return [running(f"R{number}", f"P{number}", skills=(LETTERS[number],)) for number in range(5)]


def test_a_chain_of_five_is_no_step_by_default_and_the_result_says_whom_it_would_place() -> None:
    made = reoptimise(row([HOSPITAL, *five_in_a_row()], last=5))
    assert made.steps.steps == ()
    assert (levels(made)["unmet_discharge"], levels(made)["disruption"]) == (720, 0)
    assert reoptimise_record(made)["longer_chains"] == [{"package_ids": ["N1"], "moves": 5}]
    told = [each["now"] for each in people_waiting(made)]
    assert told == ["no room found in a step: 5 people would have to move at once"]
    assert levels(reoptimise(row([HOSPITAL, *five_in_a_row()], last=5), step_moves=5))["unmet_discharge"] == 0


def test_who_would_need_too_long_a_chain_leaves_the_room_to_whom_a_shorter_one_places() -> None:
    """P5 has room for one. With steps of any length N1, who counts more, would have it, by five moves; N2 needs one move for it.

    N1: 360 + 420 minutes from hospital; N2: 300 + 420. A search that drops N1's chain afterwards places neither.
    """
    first = package("N1", hours=6, skills=("dementia",), priority="discharge")
    second = package("N2", skills=("f",), priority="discharge", excluded_provider_ids=("P5",))
    county = row([first, second, *five_in_a_row(), running("R6", "P6", skills=("f",))], last=6)
    six = [replace(each, max_hours_4w=Fraction(6 * 4)) if each.provider_id == "P0" else each for each in county.providers]
    full = [replace(each, max_hours_4w=FIVE_HOURS) if each.provider_id == "P5" else each for each in six]
    made = reoptimise(replace(county, providers=tuple(full)))
    assert [sorted(step) for step in said(made)] == [[("N2", "F-P6"), ("R6", "F-P5")]]
    assert (levels(made)["unmet_discharge"], levels(made)["disruption"]) == (780, 1)
    assert made.allocation.levels[1].bound == 720
    assert reoptimise_record(made)["longer_chains"] == [{"package_ids": ["N1"], "moves": 5}]


def test_one_move_may_make_room_for_two_who_would_not_be_worth_it_alone() -> None:
    small = [package(f"N{n}", hours=2, skills=("dementia",), priority="planned") for n in (1, 2)]  # 540 each, 720 charged
    made = reoptimise(row_of(running("R1", "ALDER"), *small, spare="BRACKEN"))
    assert [len(step) for step in said(made)] == [3]
    assert levels(made)["unmet"] == 720


def test_placements_come_first_and_the_most_benefit_per_person_moved() -> None:
    county = snapshot(
        [
            running("R1", "ALDER"), running("R2", "DOCK"),
            package("N1", skills=("dementia",)), package("N2", skills=("dock",), priority="discharge"), package("N3", hours=2),
        ],
        [framework(name) for name in ("ALDER", "BRACKEN", "DOCK")],
        providers=[
            provider("ALDER", max_hours_4w=FIVE_HOURS, skills=("dementia",)),
            provider("BRACKEN"),
            provider("DOCK", max_hours_4w=FIVE_HOURS, skills=("dock",)),
        ],
    )  # fmt: skip
    made = reoptimise(county)
    placed = [[name for name, _ in step if name.startswith("N")] for step in said(made)]
    assert placed == [["N3"], ["N2"], ["N1"]]


def move(provider_id: str, ago: int, minutes: int = 300) -> EarlierMove:
    return EarlierMove(days(-ago), f"OLD{ago}", provider_id, minutes)


PAIR = (running("R1", "ALDER"), package("N1", skills=("dementia",)))


def test_without_earlier_moves_one_package_may_always_go() -> None:
    made = reoptimise(row_of(*PAIR, spare="BRACKEN"), history=())
    assert made.moves == 1  # all that ALDER has: far more than 15%, but one package


@pytest.mark.parametrize(("ago", "moves"), [(1, 0), (364, 0), (365, 1), (800, 1)])
def test_earlier_moves_count_for_twelve_months(ago: int, moves: int) -> None:
    made = reoptimise(row_of(*PAIR, spare="BRACKEN"), history=[move("ALDER", ago)])
    assert made.moves == moves


def test_what_another_provider_lost_limits_nobody() -> None:
    assert reoptimise(row_of(*PAIR, spare="BRACKEN"), history=[move("BRACKEN", 30)]).moves == 1


def test_within_the_share_several_may_go() -> None:
    made = reoptimise(row_of(*PAIR, spare="BRACKEN", moved_share_limit=Fraction(1)), history=[move("ALDER", 30)])
    assert made.moves == 1
    made = reoptimise(row_of(*PAIR, spare="BRACKEN", moved_share_limit=Fraction(3, 4)), history=[move("ALDER", 30)])
    assert made.moves == 0  # of ten hours, five went and five would go: more than 75%


def test_where_nobody_is_left_waiting_nobody_moves() -> None:
    """BRACKEN would be nearer for R1, and N1 fits beside it."""
    people = [package("R1", hours=2, contract_id="F-ALDER", transfer_decision="suitable"), package("N1", hours=3)]
    made = reoptimise(row_of(*people, spare="BRACKEN"))
    assert made.moves == 0
    assert levels(made)["unmet"] == 0
    assert made.allocation.all_proven


@pytest.mark.parametrize("asked", [0, 2, 4, 6])
def test_a_search_that_is_stopped_moves_nobody_without_need_and_claims_nothing(asked: int) -> None:
    """Wherever it is stopped: care that runs stays or makes room, and no bound is above what is reached with all the time."""
    stop = StopAfter(asked)
    county = row_of(*CHAIN, package("N1", skills=("dementia",), start_by=days(-3)), spare="CLOVER")
    best = {level.name: level.best for level in reoptimise(county).allocation.levels}
    made = reoptimise(county, should_stop=stop)
    cancelled = made.allocation.stopped == "cancelled"
    assert cancelled or asked > 2
    assert stop.calls > asked or not cancelled
    assert made.moves in (0, 2)
    first = made.allocation.levels[0]
    assert first.bound <= best[first.name] <= first.best
    assert cancelled == (made.few == ())
