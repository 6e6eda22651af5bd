"""Each level of the strict order in a county small enough to be worked out by hand; five hours are 300 minutes a week."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from optimiser.domain.person_records import Decision
from optimiser.domain.records import Visit
from optimiser.domain.snapshot import Snapshot
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Solution
from optimiser.solving.problem import UNPLACED, Problem
from optimiser.transferring.relieving import story
from optimiser.transferring.relieving.loss import Loss
from optimiser.transferring.relieving.report import notes, relief_files
from optimiser.transferring.relieving.story import Relief, plan_relief
from tests.making import at, framework, office, principal, snapshot
from tests.transferring.relieving.worlds import DAY, POLICY, losing, on_dale, relieved, values, where


def files(plan: Relief) -> dict[str, bytes]:
    """The files, confirmed by the check."""
    return relief_files(plan, {})


def test_the_hours_left_serve_those_whom_a_missed_visit_would_harm_most() -> None:
    people = [on_dale("A", if_missed="green"), on_dale("B", if_missed="amber"), on_dale("C", if_missed="red")]
    plan = relieved(losing(people, elm=0), 5)
    assert where(plan) == {"A": "", "B": "", "C": "P-DALE"}
    assert [values(plan)[f"uncovered_{harm}"] for harm in ("red", "amber", "green")] == [0, 300, 300]
    assert plan.all_proven


def test_whoever_of_these_cannot_be_kept_is_placed_first() -> None:
    people = [on_dale("A", if_missed="green"), on_dale("B", if_missed="red"), on_dale("C", if_missed="red")]
    plan = relieved(losing(people, elm=5), 5)
    assert where(plan)["A"] == ""
    assert sorted((where(plan)["B"], where(plan)["C"])) == ["F-ELM", "P-DALE"]


def test_fewer_red_minutes_come_before_any_number_of_others() -> None:
    """Ten red hours fit, or three of five hours each, amber: the red one is kept."""
    people = [on_dale("R", hours=10, if_missed="red"), *(on_dale(name, if_missed="amber") for name in "ABC")]
    plan = relieved(losing(people, elm=0), 15)
    assert where(plan)["R"] == "P-DALE"
    assert values(plan)["uncovered_amber"] == 600


def test_what_is_not_recorded_counts_as_red_and_is_said() -> None:
    people = [on_dale("A"), on_dale("B", if_missed="amber")]
    plan = relieved(losing(people, elm=0), 5)
    assert where(plan) == {"A": "P-DALE", "B": ""}
    assert any(
        "not recorded for 1 person: they are treated as red (setting relieve_not_recorded)" in note for note in notes(plan)
    )
    otherwise = relieved(losing(people, elm=0), 5, replace(POLICY, relieve_not_recorded="green"))
    assert where(otherwise) == {"A": "", "B": "P-DALE"}


@pytest.mark.parametrize("kept", [{"protected": "autism"}, {"transfer_decision": "not_suitable"}])
def test_a_protected_or_not_suitable_person_moves_only_when_nobody_else_can(kept: dict[str, str]) -> None:
    people = [on_dale("A", **kept), on_dale("B")]
    assert where(relieved(losing(people, elm=5), 5)) == {"A": "P-DALE", "B": "F-ELM"}
    nobody_else = [on_dale("A", **kept), on_dale("B", excluded_provider_ids=("ELM", "OAK"))]
    plan = relieved(losing(nobody_else, elm=5), 5)
    assert where(plan) == {"A": "F-ELM", "B": "P-DALE"}
    assert values(plan)["protected_not_kept"] == 1
    assert b"A,,,red,standard,5.00,moves,P-DALE,F-ELM,ELM,false,2026-12-07,2026-12-07,false,true," in files(plan)["relief.csv"]


def test_whoever_is_left_without_care_is_not_spared_a_move() -> None:
    """Ten hours go and five find a place: of two alike the protected one has it; both are not kept."""
    people = [on_dale("A", protected="autism"), on_dale("B")]
    plan = relieved(losing(people, elm=5), 0)
    assert where(plan) == {"A": "F-ELM", "B": ""}
    assert [values(plan)[name] for name in ("protected_uncovered", "protected_not_kept", "people_not_kept")] == [0, 1, 2]
    otherwise = replace(POLICY, relieve_protected_covered_first=False)
    assert "protected_uncovered" not in values(relieved(losing(people, elm=5), 0, otherwise))
    against = [on_dale("A", transfer_decision="not_suitable"), on_dale("B")]
    assert where(relieved(losing(against, elm=5), 5)) == {"A": "P-DALE", "B": "F-ELM"}
    assert values(relieved(losing(against, elm=0), 0))["protected_not_kept"] == 1


def test_who_does_not_stay_counts_whether_they_move_or_are_left() -> None:
    """Ten hours find a place and ten do not: it is three people either way, so that leaving two of five saves no move."""
    people = [on_dale("A"), on_dale("B"), on_dale("T", hours=10)]
    assert values(relieved(losing(people, elm=10), 0))["people_not_kept"] == 3


def test_as_few_people_move_as_can() -> None:
    """Ten hours have to go: one person of ten or two of five."""
    people = [on_dale("A"), on_dale("B"), on_dale("T", hours=10)]
    plan = relieved(losing(people, elm=10), 10)
    assert where(plan) == {"A": "P-DALE", "B": "P-DALE", "T": "F-ELM"}
    assert values(plan)["people_not_kept"] == 1


def test_a_person_whose_care_is_in_parts_is_one_person() -> None:
    """Ten hours have to go: P's two parts are one person, A and B are two."""
    people = [on_dale("A"), on_dale("B"), on_dale("P"), on_dale("P2", part_of="P")]
    plan = relieved(losing(people, elm=10), 10)
    assert where(plan) == {"A": "P-DALE", "B": "P-DALE", "P": "F-ELM", "P2": "F-ELM"}
    assert values(plan)["people_not_kept"] == 1
    assert files(plan)


def test_whole_rounds_where_possible() -> None:
    """Ten hours have to go: the people of one round, and not one of each."""
    rounds = {"A": "R1", "B": "R2", "C": "R1", "D": "R2"}
    people = [on_dale(name, round_id=round_id, if_missed="green") for name, round_id in rounds.items()]
    plan = relieved(losing(people, elm=10), 10)
    assert values(plan)["rounds_broken"] == 0
    assert [where(plan)[one] == where(plan)[other] for one, other in (("A", "C"), ("B", "D"))] == [True, True]
    assert [line.split(",")[2] for line in files(plan)["relief-rounds.csv"].decode().splitlines()[1:]] == ["true", "true"]


def test_a_round_that_the_search_had_no_time_to_look_at_is_whole_where_its_people_are_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The search ends before the levels of what is whole, with a plan that says of nothing that it is."""
    people = [on_dale(name, round_id="R1", if_missed="green") for name in "AB"]

    def cut_short(problem: Problem, **_: object) -> Solution:
        found = solve(problem)
        plan = np.where(problem.must_place, found.plan, UNPLACED)
        values = problem.values(plan)
        levels = [replace(level, value=v, best=v, proven=False) for level, v in zip(found.levels, values, strict=True)]
        assert dict(zip((level.name for level in levels), values, strict=True))["rounds_broken"] == 1
        return Solution(plan, tuple(levels), "wall")

    monkeypatch.setattr(story, "solve", cut_short)
    plan = relieved(losing(people, elm=10), 10)
    assert values(plan)["rounds_broken"] == 0
    (broken,) = (level for level in plan.levels if level.name == "rounds_broken")
    assert (broken.best, broken.bound, broken.proven) == (0, 0, True)
    assert files(plan), "what is told is what the check counts"


def test_a_round_that_has_to_be_broken_says_how_whole_it_is() -> None:
    people = [on_dale(name, round_id="R1") for name in "ABCD"]
    plan = relieved(losing(people, elm=20), 15)
    assert values(plan)["rounds_broken"] == 1
    [line] = files(plan)["relief-rounds.csv"].decode().splitlines()[1:]
    assert line == "R1,DALE,false,4,,,20.00,15.00,5.00,0.00,DALE,0.7500"


def test_a_round_with_somebody_who_is_not_concerned_goes_nowhere_whole() -> None:
    people = [on_dale("A", round_id="R1"), on_dale("B", round_id="R1")]
    others = [replace(person, package_id=f"{person.package_id}2", contract_id="L-DALE") for person in people]
    county = losing([*people, *others], elm=10)
    held = replace(county.contracts[0], contract_id="L-DALE", provider_id="DALE", tier="legacy", area_id="", max_hours_4w=None)
    county = replace(county, contracts=tuple(sorted((*county.contracts, held), key=lambda each: each.contract_id)))
    plan = plan_relief(county, [Loss("contract", "P-DALE", Fraction(20))], DAY, POLICY)
    assert set(where(plan)) == {"A", "B"}
    assert values(plan)["rounds_broken"] == 1
    assert files(plan)


def test_legacy_only_where_the_framework_has_no_room() -> None:
    plan = relieved(losing([on_dale("A"), on_dale("B")], elm=5, oak=5), 5)
    assert sorted(where(plan).values()) == ["F-ELM", "P-DALE"]
    assert values(plan)["legacy"] == 0
    plan = relieved(losing([on_dale("A"), on_dale("B")], elm=5, oak=5), 0)
    assert sorted(where(plan).values()) == ["F-ELM", "L-OAK"]
    assert values(plan)["legacy"] == 300


def test_then_what_costs_least_and_then_the_least_travelling() -> None:
    """Both may go to either of two frameworks: ASH is dearer; among places that cost the same, the nearer one."""

    def with_ash(pence: int) -> Snapshot:
        contracts = [principal("DALE"), framework("ELM"), framework("ASH", rates_pence=(pence, pence, pence))]
        return snapshot([on_dale("A")], contracts, offices=[office("ELM", at(4_000)), office("ASH"), office("DALE")])

    assert where(relieved(with_ash(3000), 0)) == {"A": "F-ELM"}
    assert where(relieved(with_ash(2400), 0)) == {"A": "F-ASH"}
    assert values(relieved(with_ash(2400), 0))["cost"] == 5 * 2400


def test_decisions_that_are_pending_are_used_and_marked() -> None:
    people = [on_dale("A"), on_dale("B", transfer_decision="suitable")]
    plan = relieved(losing(people, elm=10), 0)
    rows = files(plan)["relief.csv"].decode().splitlines()
    at_pending = rows[0].split(",").index("decision_pending")
    assert [row.split(",")[at_pending] for row in rows[1:]] == ["true", "false"]


def test_what_stays_uncovered_is_listed_by_visit() -> None:
    seven, nine = dt.time(7), dt.time(9)
    visits = [Visit("V1", "A", ("mon", "tue", "wed", "thu", "fri"), seven, nine, 60, 1)]
    plan = relieved(losing([on_dale("A"), on_dale("B", if_missed="green")], elm=0, visits=visits), 0)
    lines = files(plan)["uncovered-visits.csv"].decode().splitlines()[1:]
    assert lines == ["A,V1,red,mon;tue;wed;thu;fri,07:00,09:00,60,1,300", "B,,green,,,,,1,300"]


def test_a_decision_about_a_relief_counts_and_one_about_a_transfer_does_not() -> None:
    """Of two who could move, whoever is not suitable for this move stays; a decision on another move is none."""
    first, last = dt.date(2026, 11, 1), dt.date(2027, 5, 1)
    against = {
        move: Decision("D1", "B", move, "", "not_suitable", "Frail", "Sam Social", decided_on=first, valid_to=last)
        for move in ("relieve", "transfer")
    }
    county = losing([on_dale("A", place=at(3_000)), on_dale("B")], elm=5)
    decided = relieved(replace(county, decisions=(against["relieve"],)), 5)
    assert (where(decided), values(decided)["protected_not_kept"]) == ({"A": "F-ELM", "B": "P-DALE"}, 0)
    only_b = losing([on_dale("A", excluded_provider_ids=("ELM",)), on_dale("B")], elm=5)
    both = [relieved(replace(only_b, decisions=(against[move],)), 5) for move in ("relieve", "transfer")]
    assert [values(plan)["protected_not_kept"] for plan in both] == [1, 0]
    assert [b",true,false," in files(plan)["relief.csv"] for plan in both] == [False, True], "pending where it is another move"
