"""The check finds whatever is put wrong in the files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from optimiser.bridging.check import bridge_faults
from optimiser.bridging.report import BridgeNotConfirmedError, bridge_files
from optimiser.bridging.story import Bridge
from tests.bridging.waiting import bridged, county, someone, visits_of
from tests.making import framework, legacy, provider

Files = dict[str, bytes]
Sabotage = Callable[[Files], None]


@pytest.fixture(scope="module")
def bridge() -> Bridge:
    """ELM has 7 hours for A (who refuses OAK) and B; OAK 3.5 for C, who needs 7. D's visits come to more than anybody has."""
    people = [
        someone("A", excluded_provider_ids=("OAK",)),
        someone("B", if_missed="amber", excluded_provider_ids=("OAK",)),
        someone("C", 2, excluded_provider_ids=("ELM",), each_workers=1),
        someone("D", if_missed="green", needs=("medication", "bed"), each_workers=2),
        someone("LATER", start_by=None, needs=("company",)),
    ]
    return bridged(county(people, elm=7, oak=3.5, providers=[provider("OAK"), provider("ELM")]))


@pytest.fixture
def files(bridge: Bridge) -> Files:
    return bridge_files(bridge, {})


def faults(bridge: Bridge, files: Files) -> list[str]:
    return bridge_faults(bridge.case.county, files)


def test_the_bridge_is_as_the_case_says(bridge: Bridge, files: Files) -> None:
    assert visits_of(bridge, "harm_first") == ["A1", "B1", "C1"]
    assert faults(bridge, files) == []


def cells(name: str, column: str, value: str, file: str = "bridge.csv") -> Sabotage:
    """Another value in a column of the rows of a visit (of a person, of a harm) in every alternative."""

    def sabotage(files: Files) -> None:
        reader = csv.DictReader(io.StringIO(files[file].decode()))
        key = {"bridge.csv": "visit_id", "people.csv": "person_id", "others-waiting.csv": "package_id"}.get(file, "counted_as")
        rows = [row | {column: value} if row[key] == name else row for row in reader]
        written = io.StringIO()
        writer = csv.DictWriter(written, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(rows)
        files[file] = written.getvalue().encode()

    return sabotage


def line_less(file: str) -> Sabotage:
    def sabotage(files: Files) -> None:
        files[file] = b"\n".join(files[file].splitlines()[:-1])

    return sabotage


def record(change: Callable[[dict[str, list[dict[str, object]]]], object]) -> Sabotage:
    def sabotage(files: Files) -> None:
        told = json.loads(files["bridge.json"])
        change(told)
        files["bridge.json"] = json.dumps(told).encode()

    return sabotage


def level(place: int, name: str) -> Sabotage:
    """A level that is told a unit better than it is."""

    def change(told: dict[str, list[dict[str, object]]]) -> None:
        levels = told["alternatives"][place]["levels"]
        assert isinstance(levels, list)
        next(each for each in levels if each["name"] == name)["value"] -= 1

    return record(change)


def all_of(*changes: Sabotage) -> Sabotage:
    def sabotage(files: Files) -> None:
        for change in changes:
            change(files)

    return sabotage


def put_on(name: str, contract_id: str, provider_id: str) -> Sabotage:
    """A visit that nobody makes is told as made."""
    told = {"covered": "true", "contract_id": contract_id, "provider_id": provider_id, "in_rounds": "false"}
    told |= {"begins": "2026-11-23", "ends": "2026-12-07"}
    return all_of(*(cells(name, column, value) for column, value in told.items()))


@pytest.mark.parametrize(
    ("sabotage", "said"),
    [
        (cells("A1", "visit_id", "B1"), "harm_first: visit A1 is listed 0 times"),
        (cells("A1", "visit_id", "B1"), "whole_care: visit B1 is listed 2 times"),
        (cells("A1", "visit_id", "LATER1"), "people_first: visit LATER1 is listed 1 times"),
        (line_less("bridge.csv"), "whole_care: visit D1 is listed 0 times"),
        (cells("LATER", "reason", "asked", "others-waiting.csv"), "LATER is told 1 times as asked"),
        (line_less("others-waiting.csv"), "LATER is told 0 times as can_wait"),
        (record(lambda told: told["alternatives"].reverse()), "the alternatives are whole_care, people_first, harm_first"),
        (record(lambda told: told["alternatives"][0]["levels"].reverse()), "the levels are legacy"),  # type: ignore[attr-defined]
        (cells("A1", "contract_id", "NONE"), "visit A1 is on no known contract"),
        (cells("A1", "provider_id", "OAK"), "visit A1: provider_id is 'OAK'"),
        (cells("A1", "counted_as", "amber"), "visit A1: counted_as is 'amber'"),
        (cells("A1", "minutes_per_week", "10"), "visit A1: minutes_per_week is '10'"),
        (cells("D1", "workers", "1"), "visit D1: workers is '1'"),
        (cells("D1", "needs", "meals"), "visit D1: needs is 'meals'"),
        (cells("A1", "begins", "2026-11-22"), "visit A1: begins is '2026-11-22'"),
        (cells("A1", "ends", "2027-11-22"), "visit A1: ends is '2027-11-22'"),
        (cells("D1", "contract_id", "F-ELM"), "visit D1: contract_id is 'F-ELM'"),
        (cells("A1", "in_rounds", "true"), "visit A1: in_rounds is 'true'"),
        (put_on("C2", "F-ELM", "ELM"), "C would have two bridges"),
        (put_on("C2", "L-OAK", "OAK"), "L-OAK: contract_hours is broken"),
        (put_on("D1", "F-ELM", "ELM"), "D on F-ELM: a private rule is broken"),
        (all_of(cells("A1", "contract_id", "L-OAK"), cells("A1", "provider_id", "OAK")), "A on L-OAK: a private rule is broken"),
        (cells("B1", "covered", "false"), "level uncovered_amber: told 0, counted 210"),
        (cells("C", "harm_first_covers", "all", "people.csv"), "C: harm_first_covers is 'all'"),
        (cells("C", "whole_care_hours", "7.00", "people.csv"), "C: whole_care_hours is '7.00'"),
        (cells("C", "people_first_contract_id", "F-ELM", "people.csv"), "C: people_first_contract_id is 'F-ELM'"),
        (cells("C", "differs", "true", "people.csv"), "C: differs is 'true'"),
        (cells("C", "days_overdue", "0", "people.csv"), "C: days_overdue is '0'"),
        (cells("C", "has_some_care", "true", "people.csv"), "C: has_some_care is 'true'"),
        (line_less("people.csv"), "the list of people holds others"),
        (cells("green", "people_none", "0", "trade-off.csv"), "harm_first: the trade-off of green is told wrong"),
        (cells("red", "hours_covered", "8.00", "trade-off.csv"), "whole_care: the trade-off of red is told wrong"),
        (line_less("trade-off.csv"), "the trade-off has not a row"),
        *(
            (level(place, name), f"level {name}: told")
            for place, names in enumerate((
                ("uncovered_red", "uncovered_green", "people_with_nothing", "days_waited", "legacy"),
                ("nothing_red", "nothing_green"), ("not_whole_red", "not_whole_amber"),
            ))
            for name in names
        ),
    ],
)  # fmt: skip
def test_whatever_is_put_wrong_is_found(bridge: Bridge, files: Files, sabotage: Sabotage, said: str) -> None:
    sabotage(files)
    assert any(said in fault for fault in faults(bridge, files)), faults(bridge, files)


def test_minutes_that_are_no_whole_hundredths_of_an_hour_are_no_defect() -> None:
    """Three visits of 20 minutes on a Monday are an hour, of which ELM has half: one is covered, 0.33 hours, and 0.67 are not."""
    person, _ = someone("A", hours=1, visits_per_week=3)
    own = [replace(each, days=("mon",), duration_minutes=20) for each in someone("A", 3)[1]]
    files = bridge_files(bridged(county([(person, own)], elm=0.5)), {})
    assert b"harm_first,red,1,0,1,0,0.33,0.67" in files["trade-off.csv"]


def test_what_one_alternative_does_instead_of_another_is_counted() -> None:
    made = bridged(county([someone("LARGE", 2), *(someone(f"S{n}", if_missed="amber") for n in (1, 2))], elm=7))
    files = bridge_files(made, {})
    assert b"people_first,harm_first,1,3.50,1,3.50" in files["instead.csv"]
    files["instead.csv"] = files["instead.csv"].replace(b"1,3.50,1,3.50", b"1,3.50,0,0.00", 1)
    assert "what one alternative does instead of another is told wrong" in faults(made, files)


def test_a_contract_that_ends_before_the_bridge_is_found(bridge: Bridge, files: Files) -> None:
    today = bridge.case.county.as_of
    ends = today.replace(day=today.day + 3)
    contracts = (framework("ELM", max_hours_4w=Fraction(28), ends=ends), legacy("OAK", max_hours_4w=Fraction(14)))
    found = bridge_faults(replace(bridge.case.county, contracts=contracts), files)
    assert any("visit A1: F-ELM ends before the bridge" in fault for fault in found)


def test_what_the_check_does_not_confirm_is_not_handed_on(bridge: Bridge) -> None:
    """A plan that covers a visit more than it can."""
    plan = bridge.plans[0]
    taken = {name: replace(option, places=tuple(range(len(option.person.visits)))) for name, option in plan.taken.items()}
    with pytest.raises(BridgeNotConfirmedError) as refused:
        bridge_files(replace(bridge, plans=(replace(plan, taken=taken), *bridge.plans[1:])), {})
    assert any("contract_hours is broken" in fault for fault in refused.value.faults)
