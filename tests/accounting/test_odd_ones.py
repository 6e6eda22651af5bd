"""Records that somebody should look at: each kind is found, nothing else is, and none is dropped."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from optimiser.accounting.merging import merged
from optimiser.accounting.odd_ones import KINDS, odd_ones
from tests.accounting.elm import county, person
from tests.making import days, framework
from tests.making.actual_records import PERIOD, Row, case, record

TWO: dict[str, Any] = {"workers": 2}
BAD: dict[str, tuple[list[Row], dict[str, Any], set[str]]] = {
    "unknown_package": ([record("R1", package_id="P9")], {}, {"R1"}),
    "unknown_contract": ([record("R1", contract_id="F-ASH")], {}, {"R1"}),
    "no_contract": ([record("R1")], {"people": [person(contract_id="")]}, {"R1"}),
    "no_times": ([record("R1", "")], {}, {"R1"}),
    "ends_before_it_begins": ([record("R1", arrived="2026-11-23T09:00", left="2026-11-23T08:00")], {}, {"R1"}),
    "no_minutes": ([record("R1", "08:00-08:00")], {}, {"R1"}),
    "too_long": ([record("R1", "08:00-00:01")], {}, {"R1"}),
    "another_day": (
        [
            record("R1", arrived="2026-11-25T00:01", left="2026-11-25T00:31"),
            record("R2", arrived="2026-11-24T23:59", left="2026-11-25T00:29"),
        ],
        {},
        {"R1"},
    ),
    "contract_not_in_force": ([record("R1")], {"contracts": [framework("ELM", ends=days(0))]}, {"R1"}),
    "before_care_started": ([record("R1")], {"people": [person(care_started=days(1))]}, {"R1"}),
    "unknown_visit": ([record("R1", visit_id="V9"), record("R2", "09:00-09:30", visit_id="V2")], {}, {"R1", "R2"}),
    "planned_minutes_differ": ([record("R1", planned_minutes=45)], {}, {"R1"}),
    "planned_minutes_not_known": ([record("R1", planned_minutes="", visit_id="")], {}, {"R1"}),
    "told_twice": ([record("R1"), record("R2", "08:10-08:20"), record("R3", date=days(1))], {}, {"R1", "R2"}),
    "worker_in_two_places": (
        [record("R1", worker_keys="a"), record("R2", "08:29-09:00", package_id="P2", visit_id="V2", worker_keys="a")],
        {},
        {"R1", "R2"},
    ),
    "one_came_of_two": ([record("R1", worker_keys="a")], TWO, {"R1"}),
    "two_claimed_one_named": ([record("R1", worker_keys="a", workers=2)], {}, {"R1"}),
    "more_named_than_came": ([record("R1", worker_keys="a;b")], {}, {"R1"}),
    "more_came_than_commissioned": ([record("R1", worker_keys="a;b", workers=2)], {}, {"R1"}),
    "some_not_named": ([record("R1", worker_keys="a"), record("R2", "08:30-08:40")], TWO, {"R1", "R2"}),
    "two_contracts": ([record("R1"), record("R2", contract_id="F-OAK")], {}, {"R1", "R2"}),
    "outcomes_disagree": ([record("R1"), record("R2", "", outcome="missed")], {}, {"R1", "R2"}),
    "not_said_by_whom": (
        [record("R1", "", outcome="cancelled_late"), record("R2", "", outcome="missed", date=days(1))],
        {},
        {"R1"},
    ),
    "stay_may_have_begun_before": (
        [
            record("R1", "", outcome="hospital"),
            record("R2", "", outcome="hospital", date=days(1)),
            record("R3", package_id="P2", visit_id="V2"),
            record("R4", "", outcome="hospital", package_id="P2", visit_id="V2", date=days(1)),
        ],
        {},
        {"R1"},
    ),
}  # fmt: skip
OF_CLOCKS = {"time_shown_twice", "time_skipped"}


def told(rows: list[Row], folder: Path, **given: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    made = case(county(**given), rows, folder)
    for odd in odd_ones(made, PERIOD, merged(made, PERIOD)):
        found.setdefault(odd.kind, set()).add(odd.actual_id)
    return found


def test_there_is_a_case_for_every_kind() -> None:
    assert BAD.keys() | OF_CLOCKS == KINDS.keys()


@pytest.mark.parametrize("kind", BAD)
def test_each_kind_is_found_with_its_records_alone(kind: str, tmp_path: Path) -> None:
    rows, given, ids = BAD[kind]
    assert told(rows, tmp_path, **given)[kind] == ids


def test_nothing_is_odd_about_records_as_they_should_be(tmp_path: Path) -> None:
    rows = [
        record("R1", worker_keys="a"),
        record("R2", "08:30-09:00", package_id="P2", visit_id="V2", worker_keys="a"),  # the next visit, at once
        record("R3", "23:50-00:20", date=days(1)),
        record("R4", "", date=days(2), outcome="cancelled_late", who="person"),
    ]
    assert told(rows, tmp_path) == {}


def test_nights_of_change_are_listed(tmp_path: Path) -> None:
    october, march = dt.date(2026, 10, 25), dt.date(2027, 3, 28)
    rows = [record("R1", "01:30-02:30", date=october), record("R2", "01:30-02:40", date=march)]
    made = case(county(), rows, tmp_path)
    periods = [made.book.settings.period_of(day) for day in (october, march)]
    of = [odd_ones(made, period, merged(made, period)) for period in periods]
    assert [[odd.actual_id for odd in found if odd.kind in OF_CLOCKS] for found in of] == [["R1"], ["R2"]]


def test_what_a_correction_replaces_and_other_periods_are_not_listed(tmp_path: Path) -> None:
    rows = [record("R1", package_id="P9"), record("R2", corrects="R1"), record("R3", package_id="P9", date=days(28))]
    assert told(rows, tmp_path) == {}


def test_a_long_record_meets_the_third_after_a_short_second_one(tmp_path: Path) -> None:
    """The one that runs longest is compared, not the one before."""
    rows = [
        record("R1", "08:00-10:00", worker_keys="a", visit_id="", planned_start="2026-11-23T08:00"),
        record("R2", "08:10-08:20", worker_keys="a", visit_id="", planned_start="2026-11-23T08:10"),
        record("R3", "09:00-09:30", worker_keys="a", package_id="P2", visit_id="V2"),
        record("R4", "10:00-10:30", worker_keys="a", package_id="P2", visit_id="", planned_start="2026-11-23T10:00"),
    ]
    assert told(rows, tmp_path)["worker_in_two_places"] == {"R1", "R2", "R3"}
