"""Hours of enhanced home support by hand: free, not decided, and charged once all that a charge needs is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

from optimiser.domain.records import ENHANCED_HOME_SUPPORT
from tests.accounting.elm import county, person
from tests.making import framework
from tests.making.actual_records import PERIOD, Row, made, record, table, terms
from tests.making.weeks import visit

MONDAY = PERIOD.starts
FIRST = dt.datetime.combine(MONDAY, dt.time(9))
"""Its first visit: 72 hours later it is Thursday, 9:00."""
ROWS = [
    record("R1", "09:00-10:00"),
    record("R2", "08:30-09:30", date=MONDAY + dt.timedelta(days=3)),  # half an hour before the end, half after it
    record("R3", "09:00-09:45", date=MONDAY + dt.timedelta(days=4)),
    record("R4", "09:00-10:00", package_id="P2", visit_id="V2"),  # home care is no part of it
]


def told(folder: Path, charged: Mapping[str, dt.date], rows: list[Row] = ROWS, began: dt.datetime | None = FIRST) -> list[str]:
    support = person(
        "P1", "S-ELM", service=ENHANCED_HOME_SUPPORT, first_visit_at=began, care_started=began.date() if began else None
    )
    rapid = framework("ELM", contract_id="S-ELM", tier="specialist", service=ENHANCED_HOME_SUPPORT, area_id="")
    here = county(
        people=[support, person("P2")], contracts=[framework("ELM"), rapid], visits=[visit("V1", "P1"), visit("V2", "P2")]
    )
    _, files = made(here, rows, folder, terms(), terms("S-ELM"), charged_from=charged)
    (row,) = table(files, "enhanced-hours.csv")
    assert (row["contract_id"], row["provider_id"], row["people"]) == ("S-ELM", "ELM", "1")
    return [row[name] for name in ("free_hours", "not_decided_hours", "charged_by_notice_hours")]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, ["1.50", "1.25", "0.00"]),  # no notice: what runs on is not decided
        (4, ["1.50", "0.50", "0.75"]),  # recorded on Friday: Thursday's half hour stays undecided
        (0, ["1.50", "0.00", "1.25"]),  # before the end: what is free stays free
        (5, ["1.50", "1.25", "0.00"]),  # after the last visit
    ],
)
def test_free_to_the_limit_and_charged_by_what_is_recorded_alone(tmp_path: Path, days: int | None, expected: list[str]) -> None:
    charged = {} if days is None else {"P1": MONDAY + dt.timedelta(days=days)}
    assert told(tmp_path, charged) == expected


def test_of_support_whose_beginning_is_not_recorded_nothing_is_known_to_be_free(tmp_path: Path) -> None:
    assert told(tmp_path, {}, ROWS[:1], None) == ["0.00", "1.00", "0.00"]
