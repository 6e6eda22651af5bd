"""The check finds whatever is put wrong in the files, and imports no solver."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from optimiser.domain.records import Visit
from optimiser.transferring.check.relief import relief_faults
from optimiser.transferring.relieving.report import relief_files
from optimiser.transferring.relieving.story import Relief
from tests.making import at
from tests.transferring.relieving.worlds import DAY, dale, losing, on_dale, relieved, where

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def plan() -> Relief:
    """A is kept, B goes to ELM though protected, C to OAK, D and E are left uncovered; B and A share a round."""
    visits = [Visit("V1", "D", ("mon", "tue", "wed", "thu", "fri"), dt.time(7), dt.time(9), 60, 1)]
    people = [
        on_dale("A", if_missed="red", round_id="R1", excluded_provider_ids=("ELM", "OAK")),
        on_dale("B", if_missed="red", round_id="R1", protected="autism", excluded_provider_ids=("OAK",)),
        on_dale("C", if_missed="amber", excluded_provider_ids=("ELM",), care_started=dt.date(2026, 11, 1)),
        on_dale("D", if_missed="green"),
        on_dale("E", if_missed="green", place=at(100)),
    ]
    return relieved(losing(people, elm=5, oak=5, visits=visits), 5)


@pytest.fixture
def files(plan: Relief) -> Files:
    return relief_files(plan, {})


def faults(plan: Relief, files: Files) -> list[str]:
    return relief_faults(plan.before, plan.case.policy, plan.case.losses, DAY, files)


def test_the_plan_is_as_the_case_says(plan: Relief, files: Files) -> None:
    assert where(plan) == {"A": "P-DALE", "B": "F-ELM", "C": "L-OAK", "D": "", "E": ""}
    assert faults(plan, files) == []


def cell(name: str, column: str, value: str) -> Callable[[Files], None]:
    """Another value in a cell of somebody's line."""

    def sabotage(files: Files) -> None:
        reader = csv.DictReader(io.StringIO(files["relief.csv"].decode()))
        rows = [row | {column: value} if row["package_id"] == name else row for row in reader]
        written = io.StringIO()
        writer = csv.DictWriter(written, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(rows)
        files["relief.csv"] = written.getvalue().encode()

    return sabotage


def text(file: str, old: str, new: str) -> Callable[[Files], None]:
    def sabotage(files: Files) -> None:
        assert old.encode() in files[file]
        files[file] = files[file].replace(old.encode(), new.encode(), 1)

    return sabotage


def level(name: str) -> Callable[[Files], None]:
    """A level that is told a unit better than it is."""

    def sabotage(files: Files) -> None:
        result = json.loads(files["result.json"])
        next(each for each in result["levels"] if each["name"] == name)["value"] -= 1
        files["result.json"] = json.dumps(result).encode()

    return sabotage


def all_of(*changes: Callable[[Files], None]) -> Callable[[Files], None]:
    def sabotage(files: Files) -> None:
        for change in changes:
            change(files)

    return sabotage


@pytest.mark.parametrize(
    ("sabotage", "said"),
    [
        (cell("A", "package_id", "B"), "A has no row"),
        (cell("A", "package_id", "Z"), "Z is not concerned"),
        (cell("B", "package_id", "C"), "C: in the file 2 times"),
        (cell("A", "decision", "rests"), "A: decision 'rests'"),
        (cell("B", "to_contract_id", "NONE"), "B moves to no known contract"),
        (all_of(cell("D", "decision", "kept"), cell("D", "to_contract_id", "P-DALE")), "DALE would deliver 600 minutes a week"),
        (cell("A", "to_contract_id", "F-ELM"), "A is kept, but not where it is"),
        (cell("B", "to_contract_id", "L-OAK"), "B fails not_excluded for L-OAK"),
        (cell("B", "to_contract_id", "L-OAK"), "contract_hours of L-OAK is passed"),
        (cell("B", "to_contract_id", "P-DALE"), "B goes to P-DALE, which cannot deliver in full itself"),
        (cell("B", "to_provider_id", "OAK"), "B: the provider of F-ELM is another"),
        (cell("B", "then_from", "2026-12-08"), "B: nobody comes on 2026-12-07"),
        (cell("B", "then_from", "2026-12-08"), "B: there would be a gap in care"),
        (cell("B", "served_until", "2026-12-06"), "B: there would be a gap in care"),
        (cell("C", "reason", "Goes."), "C: it is not told that a rule is waived"),
        (cell("B", "own_plan_first", "false"), "B: own_plan_first is 'false'"),
        (cell("C", "decision_pending", "false"), "C: decision_pending is 'false'"),
        (cell("D", "counted_as", "red"), "D: counted_as is 'red'"),
        (cell("D", "letter", ""), "D: the letter is ''"),
        (cell("A", "letter", ""), "A: the letter is ''"),
        (text("uncovered-visits.csv", "D,V1", "D,V2"), "uncovered visit V1 of D is not listed"),
        (text("uncovered-visits.csv", "D,V1", "A,V1"), "visit V1 of A is listed, but not uncovered"),
        (text("uncovered-visits.csv", ",300", ",200"), "the uncovered visits do not add up to 600 minutes a week"),
        (text("relief-rounds.csv", "R1,DALE,false", "R1,DALE,true"), "round R1: whole is 'true'"),
        *(
            (level(name), f"level {name}: told")
            for name in (
                "uncovered_red", "uncovered_amber", "uncovered_green", "protected_uncovered", "protected_not_kept",
                "people_not_kept", "rounds_broken", "legacy", "cost", "travel",
            )
        ),
    ],
)  # fmt: skip
def test_whatever_is_put_wrong_is_found(plan: Relief, files: Files, sabotage: Callable[[Files], None], said: str) -> None:
    sabotage(files)
    assert any(said in fault for fault in faults(plan, files)), faults(plan, files)


def test_a_contract_that_cannot_hold_who_comes_is_found(plan: Relief, files: Files) -> None:
    elm, contracts = plan.before.contract_index["F-ELM"], plan.before.contracts
    smaller = (*contracts[:elm], replace(contracts[elm], max_hours_4w=Fraction(10)), *contracts[elm + 1 :])
    found = relief_faults(replace(plan.before, contracts=smaller), plan.case.policy, dale(5), DAY, files)
    assert "contract_hours of F-ELM is passed" in found
