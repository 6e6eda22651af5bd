"""Allocation's travel level by rounds: worked by hand, and the whole way through ``optimiser allocate``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from optimiser import exits
from optimiser.allocating.story import Allocation, allocate
from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings
from optimiser.geography.travel_times.straight_line import DRIVING
from optimiser.judging.checking import DisagreementError
from optimiser.rounds.fitting.fit import Eligible
from optimiser.rounds.fitting.loading import ReadyRounds, ready
from optimiser.rounds.fitting.travel_level import AddedTravel, added_travel
from optimiser.rules.book import standard_rules
from tests.commands.running import run
from tests.making import at, legacy, office, package, snapshot
from tests.making.simple_rounds import simple_plan, visit
from tests.making.weeks import searched_briskly

VILLAGES = Path("data/three_villages")
MON = ("mon",)


def way(kilometres: int) -> int:
    """76 seconds a kilometre and four minutes to park."""
    return 76 * kilometres + 240


def county(*more: Any) -> Snapshot:
    """NEAR's office is 1 km from N, and its round is elsewhere at that time; FAR's is 9 km away, its round passes N's door."""
    people = [
        package("A", at(-8_000), contract_id="L-NEAR"),
        package("B", at(2_000), contract_id="L-FAR"),
        package("C", at(10_000), contract_id="L-FAR"),
        package("N", at(6_000), visits_per_week=1, hours=0.5),
        *more,
    ]
    visits = (
        visit("VA", "A", "08:00", "08:00", days=MON),
        visit("VB", "B", "07:00", "07:00", days=MON),
        visit("VC", "C", "08:30", "10:30", days=MON),
        visit("VN", "N", "07:30", "08:30", days=MON),
    )
    offices = [office("NEAR", at(7_000)), office("FAR", at(15_000))]
    return snapshot(people, [legacy("NEAR"), legacy("FAR")], visits=visits, offices=offices)


def worked_out(here: Snapshot) -> tuple[County, ReadyRounds, Eligible, AddedTravel]:
    facts = County.of(here)
    eligible = Eligible(facts)
    rounds = ready(simple_plan(here), here, StaffingSettings(), DRIVING)
    return facts, rounds, eligible, added_travel(facts, eligible, rounds)


def seconds(facts: County, added: AddedTravel, package_id: str) -> dict[str, int]:
    row = added.seconds[facts.package_index[package_id]]
    return {provider.provider_id: int(row[number]) for number, provider in enumerate(facts.providers)}


def test_a_package_costs_what_the_cheapest_fit_adds_else_the_way_out_and_back() -> None:
    """FAR: from B to N and on to C is 4 + 4 km in place of 8: four minutes more to park. NEAR: from N to A is no fit; its office.

    P waits without visits, 2 km from NEAR's office and 6 km from FAR's nearest, B, with two visits a week: out and back for each.
    """
    facts, _, _, added = worked_out(county(package("P", at(9_000), visits_per_week=2)))
    found = seconds(facts, added, "N")
    assert found["FAR"] == 240
    assert found["NEAR"] == 2 * way(1)
    waiting = seconds(facts, added, "P")
    assert waiting == {"NEAR": 2 * 2 * way(2), "FAR": 2 * 2 * way(1)}
    assert seconds(facts, added, "A") == {"NEAR": 0, "FAR": 0}  # care that runs is in the rounds already
    assert added.asked == 4


def by_rounds(here: Snapshot) -> tuple[Allocation, ReadyRounds, Eligible, AddedTravel]:
    _, rounds, eligible, added = worked_out(here)
    return allocate(here, rules=added.rules(standard_rules())), rounds, eligible, added


def test_the_level_decides_by_it_and_says_so() -> None:
    """By distance NEAR (1 km) is chosen; by rounds FAR, for 240 seconds a week."""
    here = county()
    by_distance = allocate(here)
    number = by_distance.county.package_index["N"]
    plan = by_distance.verified.plan
    assert by_distance.county.contracts[plan.contracts[number] or 0].contract_id == "L-NEAR"
    allocation, rounds, eligible, added = by_rounds(here)
    assert allocation.county.contracts[allocation.verified.plan.contracts[number] or 0].contract_id == "L-FAR"
    travel = allocation.levels[-1]
    assert (travel.name, travel.unit, travel.value, travel.proven) == ("travel", "seconds a week", 240, True)
    assert allocation.rules.version.endswith(", travel by rounds")
    added.confirm(allocation.verified, rounds, eligible.visits)
    assert [(level.name, level.value) for level in allocation.levels[:-1]] == [
        (level.name, level.value) for level in by_distance.levels[:-1]
    ]


def test_a_fit_that_the_check_does_not_confirm_stops_the_result() -> None:
    allocation, _, eligible, added = by_rounds(county())
    here = county()
    moved = tuple(p if p.package_id != "C" else package("C", at(60_000), contract_id="L-FAR") for p in here.packages)
    other = replace(here, packages=moved)
    rounds = ready(simple_plan(other), other, StaffingSettings(), DRIVING)
    with pytest.raises(DisagreementError, match="a fit into the rounds of FAR"):
        added.confirm(allocation.verified, rounds, eligible.visits)


def test_the_command_writes_what_it_rests_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with searched_briskly():
        assert run(capsys, "rounds", "build", VILLAGES, "--out", tmp_path / "rounds", "--quiet").code == exits.PROVEN
    options = ("--travel-by", f"rounds:{tmp_path / 'rounds'}", "--quiet")
    results = []
    for name in ("one", "two"):
        ran = run(capsys, "allocate", VILLAGES, "--out", tmp_path / name, *options)
        assert ran.code == exits.PROVEN, ran.err
        results.append((tmp_path / name / "result.json").read_bytes())
    assert results[0] == results[1]
    travel = json.loads(results[0])["levels"][-1]
    assert (travel["unit"], travel["proven"]) == ("seconds a week", True)
    told = json.loads((tmp_path / "one" / "run.json").read_bytes())["travel_level"]
    assert (told["by"], told["unit"]) == ("rounds", "seconds a week")
    assert told["travel_times"] == DRIVING.provenance and told["where_no_fit_is_known"].startswith("out and back")
    assert 0 < told["fits_found"] <= told["packages_and_providers_asked"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--travel-by", "crow"), "expected rounds:DIR, a result of rounds build; found 'crow'"),
        (("--travel-by", "rounds:nowhere"), "rounds_planned.csv: expected the file"),
        (("--travel-by", "rounds:nowhere", "--travel", "horse"), "--travel: expected straight-line"),
    ],
)
def test_what_it_cannot_go_by_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    ran = run(capsys, "allocate", VILLAGES, "--out", tmp_path / "out", *options)
    assert ran.code == exits.REFUSED
    assert said in ran.err and "Refused: --travel-by. Nothing was written." in ran.err
    assert not (tmp_path / "out").exists()
