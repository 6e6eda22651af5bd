"""Small counties end to end: who stays, who comes first, and where people go."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from optimiser.allocating.story import Allocation, allocate
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.solving.outcome import Effort, Progress
from tests.making import (
    FAKENHAM,
    SCARNING,
    area,
    cap,
    days,
    framework,
    legacy,
    offer,
    office,
    package,
    principal,
    provider,
    restriction,
    snapshot,
)

VILLAGES = Path(__file__).resolve().parents[2] / "data" / "three_villages"


def placed(given: Snapshot | Allocation) -> dict[str, str]:
    """Per package the contract that it is on; unmet and pending ones by those words."""
    allocation = given if isinstance(given, Allocation) else allocate(given)
    assert allocation.all_proven
    county, found = allocation.county, {}
    for index, person in enumerate(county.packages):
        contract = allocation.verified.plan.contracts[index]
        found[person.package_id] = allocation.outcome(index) if contract is None else county.contracts[contract].contract_id
    return found


def test_running_care_stays_where_it_is_however_dear_or_far() -> None:
    running = package("R1", FAKENHAM, contract_id="L-DOCK", transfer_decision="suitable")
    dear = legacy("DOCK", rates_pence=(9900, 9900, 9900))
    assert placed(snapshot([running], [dear, principal("ALDER"), framework("BRACKEN")])) == {"R1": "L-DOCK"}


@pytest.mark.parametrize(("first", "second"), [("urgent", "discharge"), ("discharge", "standard"), ("standard", "planned")])
def test_where_there_is_room_for_one_the_more_urgent_comes_first(first: str, second: str) -> None:
    # Room for 5 hours a week; the larger of two would fit as well, but less urgent it waits, whatever its weight.
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(20))]
    small, large = package("N1", hours=5, priority=first), package("N2", hours=5, priority=second, start_by=days(-1))
    if (first, second) == ("standard", "planned"):  # these two share a level: 2 x 720 outweighs 720, overdue it would not
        large = package("N2", hours=5, priority=second)
    assert placed(snapshot([small, large], contracts)) == {"N1": "F-BRACKEN", "N2": "unmet"}


def test_one_urgent_person_comes_before_any_number_of_others() -> None:
    people = [package(f"N{number}", hours=1) for number in range(1, 6)]
    given = snapshot([*people, package("N9", priority="urgent")], [framework("BRACKEN", max_hours_4w=Fraction(20))])
    assert {name for name, where in placed(given).items() if where == "F-BRACKEN"} == {"N9"}


def test_people_count_as_well_as_hours() -> None:
    # Room for six hours: one of six, 2 x (360 + 420), or three of two, 3 x 2 x (120 + 420).
    people = [package("N1", hours=6), *(package(f"N{number}", hours=2) for number in (2, 3, 4))]
    given = snapshot(people, [framework("BRACKEN", max_hours_4w=Fraction(24))])
    assert placed(given) == {"N1": "unmet", "N2": "F-BRACKEN", "N3": "F-BRACKEN", "N4": "F-BRACKEN"}


def test_the_legacy_framework_is_used_only_when_needed() -> None:
    cheap = legacy("DOCK", rates_pence=(1000, 1000, 1000))
    contracts = [cheap, framework("BRACKEN", max_hours_4w=Fraction(20))]
    assert placed(snapshot([package("N1")], contracts)) == {"N1": "F-BRACKEN"}
    both = placed(snapshot([package("N1"), package("N2")], contracts))
    assert sorted(both.values()) == ["F-BRACKEN", "L-DOCK"]
    # Of unequal ones the larger keeps off it.
    assert placed(snapshot([package("N1", hours=2), package("N2")], contracts)) == {"N1": "L-DOCK", "N2": "F-BRACKEN"}


def test_before_the_go_live_everybody_goes_to_the_legacy_framework() -> None:
    given = snapshot([package("N1")], [legacy("DOCK"), principal("ALDER"), framework("BRACKEN")], areas=[area(go_live=days(1))])
    assert placed(given) == {"N1": "L-DOCK"}


def test_the_principal_comes_first_up_to_its_share() -> None:
    # Four of five hours: D = 1,200, at most 900 for Alder: three of them, though Bracken is cheaper.
    people = [package(f"N{number}") for number in range(1, 5)]
    contracts = [principal("ALDER"), framework("BRACKEN", rates_pence=(1000, 1000, 1000))]
    assert sorted(placed(snapshot(people, contracts)).values()) == ["F-BRACKEN", "P-ALDER", "P-ALDER", "P-ALDER"]


def test_or_up_to_its_contract() -> None:
    people = [package(f"N{number}") for number in range(1, 5)]
    contracts = [principal("ALDER", max_hours_4w=Fraction(40)), framework("BRACKEN")]
    assert sorted(placed(snapshot(people, contracts)).values()) == ["F-BRACKEN", "F-BRACKEN", "P-ALDER", "P-ALDER"]


def test_a_restricted_principal_keeps_its_people_and_gets_no_more() -> None:
    people = [package("R1", contract_id="P-ALDER"), package("N1")]
    given = snapshot(people, [principal("ALDER"), framework("BRACKEN")], restrictions=[restriction("ALDER")])
    assert placed(given) == {"R1": "P-ALDER", "N1": "F-BRACKEN"}


def test_a_capped_principal_gets_as_much_as_its_cap_allows() -> None:
    # D = 900, so 675 are due to Alder, who has 300: both new packages would come, but the cap allows 375 minutes more.
    people = [package("N1"), package("N2"), package("R1", contract_id="P-ALDER", care_started=days(-90))]
    contracts = [principal("ALDER"), framework("BRACKEN")]
    assert sorted(placed(snapshot(people, contracts)).values()) == ["P-ALDER", "P-ALDER", "P-ALDER"]
    capped = snapshot(people, contracts, restrictions=[cap("ALDER", 25)])
    assert sorted(placed(capped).values()) == ["F-BRACKEN", "P-ALDER", "P-ALDER"]


def test_among_equals_the_cheaper_and_then_the_nearer_is_chosen() -> None:
    # 300 waiting minutes: 30 pence may be given away for a shorter way.
    contracts = [legacy("DOCK"), legacy("ELDER", rates_pence=(2500, 2500, 2500))]
    offices = [office("DOCK", FAKENHAM), office("ELDER", SCARNING)]
    assert placed(snapshot([package("N1", SCARNING)], contracts, offices=offices)) == {"N1": "L-DOCK"}
    level = [legacy("DOCK"), legacy("ELDER", rates_pence=(2406, 2406, 2406))]  # 5 x 6 = 30 pence more
    allocation = allocate(snapshot([package("N1", SCARNING)], level, offices=offices))
    assert placed(allocation) == {"N1": "L-ELDER"}
    cost = next(each for each in allocation.levels if each.name == "cost")
    assert (cost.value, cost.best, cost.tolerance, cost.given_away) == (12_030, 12_000, 30, 30)


def test_pending_and_accepted_offers_are_respected() -> None:
    people = [package("N1"), package("N2"), package("N3")]
    contracts = [principal("ALDER"), framework("BRACKEN", max_hours_4w=Fraction(20)), legacy("DOCK", bands=(3,))]
    offers = [offer("N1", "F-BRACKEN"), offer("N2", "L-DOCK", "accepted")]
    assert placed(snapshot(people, contracts, offers=offers)) == {"N1": "pending", "N2": "L-DOCK", "N3": "P-ALDER"}


def test_three_villages_come_out_as_worked_on_paper() -> None:
    allocation = allocate(read_snapshot(VILLAGES).snapshot)
    found = {name: where for name, where in placed(allocation).items() if name.startswith("N")}
    # data/three_villages/WORKED.md
    assert found == {
        "N1": "P-ALDER",
        "N2": "F-BRACKEN",
        "N3": "L-ELDER",
        "N4": "F-CLOVER",
        "N5": "P-ALDER",
        "N6": "unmet",
        "N7": "pending",
    }
    assert [(level.name, level.value, level.best, level.tolerance) for level in allocation.levels] == [
        ("unmet_urgent", 0, 0, 0),
        ("unmet_discharge", 0, 0, 0),
        ("unmet", 2_040, 2_040, 0),
        ("legacy", 600, 600, 0),
        ("principal_first", 300, 300, 6),
        ("volume_share", 600, 600, 6),
        ("disruption", 0, 0, 0),
        ("cost", 212_200, 212_000, 270),
        ("travel", 64_000, 64_000, 0),
    ]
    # N6 lacks ten hours a week of Clover's fourteen less R3's and N4's five each: 80 hours per four weeks instead of 56.
    (remedy,) = allocation.explain(allocation.county.package_index["N6"])["remedies"]
    assert (remedy["change"], remedy["subject"], remedy["amount"]) == ("contract hours", "F-CLOVER", "24")


@pytest.mark.parametrize(
    "given",
    [
        snapshot(areas=[area()]),
        snapshot([package("N1"), package("N2", priority="urgent", workers=2)]),
        snapshot([], [principal("ALDER", guarantee=Fraction(1, 2), max_hours_4w=Fraction(40)), framework("BRACKEN")]),
        snapshot([package("N1")], providers=[provider("ALDER", max_hours_4w=Fraction(40))], restrictions=[cap("ALDER", 4)]),
        snapshot([package("R1", contract_id="F-BRACKEN")], [framework("BRACKEN")]),
    ],
    ids=["nothing at all", "no contract", "nobody in need", "a provider without a contract", "nobody waiting"],
)
def test_a_county_may_lack_almost_everything(given: Snapshot) -> None:
    allocation = allocate(given)
    assert set(placed(allocation).values()) <= {"unmet", "F-BRACKEN"}
    assert [allocation.explain(index)["package_id"] for index in range(len(given.packages))] == [
        each.package_id for each in given.packages
    ]
    assert isinstance(allocation.areas(), list)


def test_progress_is_told_level_by_level() -> None:
    told: list[Progress] = []
    allocate(read_snapshot(VILLAGES).snapshot, report=told.append)
    assert list(dict.fromkeys(each.level for each in told)) == [
        "unmet_urgent", "unmet_discharge", "unmet", "legacy", "principal_first", "volume_share", "disruption", "cost", "travel",
    ]  # fmt: skip
    assert all(each.bound <= each.value and each.gap == each.value - each.bound for each in told)


def test_whoever_stops_a_run_keeps_a_verified_plan_and_honest_bounds() -> None:
    allocation = allocate(read_snapshot(VILLAGES).snapshot, should_stop=lambda: True)
    assert allocation.stopped == "cancelled"
    assert all(level.bound <= level.best <= level.value for level in allocation.levels)
    # No plan is better than those worked on paper.
    bests = {"unmet": 2_040, "legacy": 600, "principal_first": 300}
    assert all(level.bound <= bests[level.name] for level in allocation.levels if level.name in bests)


def test_a_run_without_effort_still_answers() -> None:
    nothing = Effort(cut_rounds=0, nodes=0, searches=0, search_nodes=0)
    allocation = allocate(read_snapshot(VILLAGES).snapshot, effort=nothing)
    assert all(level.bound <= level.best <= level.value for level in allocation.levels)
    assert allocation.verified.levels["unmet"] >= 2_040
