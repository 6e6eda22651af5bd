"""The check finds whatever is put wrong in the files."""

from __future__ import annotations

import csv
import datetime as dt
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


def turned(file: str) -> Sabotage:
    """The last row of a table comes first."""

    def sabotage(files: Files) -> None:
        header, *lines = files[file].splitlines()
        files[file] = b"\n".join([header, lines[-1], *lines[:-1]])

    return sabotage


def record(change: Callable[[dict[str, list[dict[str, object]]]], object]) -> Sabotage:
    def sabotage(files: Files) -> None:
        told = json.loads(files["bridge.json"])
        change(told)
        files["bridge.json"] = json.dumps(told).encode()

    return sabotage


def level(place: int, name: str, **changed: object) -> Sabotage:
    """A level that is told a unit better than it is, or otherwise as named."""

    def change(told: dict[str, list[dict[str, object]]]) -> None:
        levels = told["alternatives"][place]["levels"]
        assert isinstance(levels, list)
        found = next(each for each in levels if each["name"] == name)
        found.update(changed or {"value": found["value"] - 1})

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
        (cells("green", "people_none", "0", "trade-off.csv"), "trade-off, row 3: people_none is '0', counted 1"),
        (cells("red", "hours_covered", "8.00", "trade-off.csv"), "trade-off, row 7: hours_covered is '8.00', counted '7.00'"),
        (line_less("trade-off.csv"), "trade-off has 8 rows, and 9 were counted"),
        (cells("A1", "earliest_start", "05:00"), "visit A1: earliest_start is '05:00'"),
        (cells("A1", "latest_start", "05:00"), "visit A1: latest_start is '05:00'"),
        (cells("A1", "days", "mon"), "visit A1: days is 'mon'"),
        (cells("A1", "duration_minutes", "31"), "visit A1: duration_minutes is '31'"),
        (turned("bridge.csv"), "the visits are not in their order"),
        (turned("people.csv"), "the list of people is not in its order"),
        (cells("C", "priority", "planned", "people.csv"), "C: priority is 'planned'"),
        (cells("C", "start_by", "2026-11-23", "people.csv"), "C: start_by is '2026-11-23'"),
        (cells("B", "if_missed", "red", "people.csv"), "B: if_missed is 'red'"),
        (cells("C", "hours_that_cannot_wait", "6.99", "people.csv"), "C: hours_that_cannot_wait is '6.99'"),
        (cells("LATER", "priority", "urgent", "others-waiting.csv"), "LATER: priority is 'urgent'"),
        (cells("LATER", "start_by", "2026-11-23", "others-waiting.csv"), "LATER: start_by is '2026-11-23'"),
        (cells("LATER", "if_missed", "green", "others-waiting.csv"), "LATER: if_missed is 'green'"),
        (cells("LATER", "hours_per_week", "1.00", "others-waiting.csv"), "LATER: hours_per_week is '1.00'"),
        *(
            (cells("red", name, "9", "trade-off.csv"), f"trade-off, row 1: {name} is '9'")
            for name in ("people", "people_all", "people_some", "hours_not_covered")
        ),
        *(
            (record(lambda told, name=name: told.update({name: 9})), f"bridge.json: {name} is 9")  # type: ignore[misc]
            for name in (
                "people", "hours_that_cannot_wait", "people_for_whom_alternatives_differ", "instead", "others_waiting", "chosen",
                "snapshot_digest", "as_of", "settings", "format", "software", "command",
            )
        ),
        (record(lambda told: told.update(hours_a_day=9)), "bridge.json: nobody has counted hours_a_day"),  # type: ignore[call-overload]
        (record(lambda told: told["alternatives"][1].update(hours_covered="9")), "people_first: bridge.json: hours_covered is"),
        (record(lambda told: told["alternatives"][1]["by_harm"][0].update(people=9)), "people_first: bridge.json: by_harm is"),  # type: ignore[index]
        (level(0, "uncovered_red", proven=False), "level uncovered_red: proven is False"),
        (level(0, "uncovered_red", bound=209, gap=1 / 210), "level uncovered_red: proven is True"),
        (level(0, "uncovered_red", bound=211, gap=-1 / 210), "bound 211, best 210 and value 210 are not in this order"),
        (level(0, "uncovered_red", bound=None), "no whole numbers are told of uncovered_red"),
        (level(0, "uncovered_red", bound=0, proven=False), "level uncovered_red: gap is 0.0"),
        (level(0, "uncovered_red", best=209, bound=209, given_away=1), "level uncovered_red: more is given away"),
        (level(0, "uncovered_red", given_away=1), "level uncovered_red: given_away is 1"),
        (level(0, "uncovered_red", tolerance=1), "level uncovered_red: tolerance is 1"),
        (level(0, "uncovered_red", unit="people"), "level uncovered_red: unit is 'people'"),
        (level(0, "legacy", unit="people"), "level legacy: unit is 'people'"),
        (level(1, "nothing_red", proven=False), "bridge.json: complete is True, counted False"),
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
    assert "instead, row 1: people_less is '0', counted 1" in faults(made, files)


def test_no_alternative_is_below_a_bound_of_another() -> None:
    """7 hours for LARGE (red) or for two others (amber). That LARGE must be left out, as is told here, whole_care disproves."""
    made = bridged(county([someone("LARGE", 2), *(someone(f"S{n}", if_missed="amber") for n in (1, 2))], elm=7))
    bad = made.plans[0].levels[0]
    levels = (replace(bad, bound=210, best=210, value=210), *made.plans[0].levels[1:])
    assert (bad.name, bad.value) == ("uncovered_red", 0)
    with pytest.raises(BridgeNotConfirmedError) as refused:
        bridge_files(replace(made, plans=(replace(made.plans[0], levels=levels), *made.plans[1:])), {})
    assert "harm_first: level uncovered_red: bound 210, and whole_care has 0" in refused.value.faults


def test_a_contract_that_ends_before_the_bridge_is_found(bridge: Bridge, files: Files) -> None:
    today = bridge.case.county.as_of
    ends = today.replace(day=today.day + 3)
    contracts = (framework("ELM", max_hours_4w=Fraction(28), ends=ends), legacy("OAK", max_hours_4w=Fraction(14)))
    found = bridge_faults(replace(bridge.case.county, contracts=contracts), files)
    assert any("visit A1: F-ELM ends before the bridge" in fault for fault in found)
    late = framework("ELM", contract_id="F-LATE", max_hours_4w=Fraction(28), starts=ends + dt.timedelta(1), succeeds="F-ELM")
    found = bridge_faults(replace(bridge.case.county, contracts=(*contracts, late)), files)
    assert any("visit A1: F-ELM ends before the bridge" in fault for fault in found), "a day under no contract"


def test_what_the_check_does_not_confirm_is_not_handed_on(bridge: Bridge) -> None:
    """A plan that covers a visit more than it can."""
    plan = bridge.plans[0]
    taken = {name: replace(option, places=tuple(range(len(option.person.visits)))) for name, option in plan.taken.items()}
    with pytest.raises(BridgeNotConfirmedError) as refused:
        bridge_files(replace(bridge, plans=(replace(plan, taken=taken), *bridge.plans[1:])), {})
    assert any("contract_hours is broken" in fault for fault in refused.value.faults)
