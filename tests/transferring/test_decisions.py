"""Decisions about one kind of move in a transfer: made for this move, to this provider, and still valid on the wave's day."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest

from optimiser.domain.person_records import Decision
from optimiser.domain.snapshot import Snapshot
from tests.making import days
from tests.making.transfers import files, planned, small_county, where

FIRST = dt.date(2027, 3, 1)
"""The first wave of the small county: R1 (A1, A2) and R4 (D1, pending) move on it."""


def county(*decisions: tuple[str, str, str, dt.date]) -> Snapshot:
    """The small county, with decisions: whose, for which move, what, and the first day on which it no longer counts."""
    made = [
        Decision(f"DE{number}", person, move, "", decision, "", "social worker", days(0), until)
        for number, (person, move, decision, until) in enumerate(decisions)
    ]
    return replace(small_county(), decisions=tuple(made))


def pending_of(snapshot: Snapshot) -> dict[str, str]:
    """Per person who moves whether the decision is pending, as the checked file says."""
    rows = csv.DictReader(io.StringIO(files(planned(snapshot))["people.csv"].decode()))
    return {row["package_id"]: row["pending"] for row in rows if row["decision"] == "transfer"}


NEXT_DAY = FIRST + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("decision", "pending"),
    [
        (("A1", "transfer", "suitable", NEXT_DAY), {"A1": "false", "A2": "false", "D1": "true"}),
        (("A1", "transfer", "suitable", FIRST), {"A1": "true", "A2": "false", "D1": "true"}),  # no longer valid on the day
        (("A1", "reoptimise", "suitable", NEXT_DAY), {"A1": "true", "A2": "false", "D1": "true"}),  # made for another move
        (("D1", "transfer", "suitable", NEXT_DAY), {"A1": "false", "A2": "false", "D1": "false"}),
        (("D1", "transfer", "not_suitable", dt.date(2029, 1, 1)), {"A1": "false", "A2": "false"}),  # R4 stays
    ],
)
def test_a_decision_counts_on_the_day_of_the_wave(decision: tuple[str, str, str, dt.date], pending: dict[str, str]) -> None:
    assert pending_of(county(decision)) == pending


def test_nobody_whose_decision_has_run_out_is_planned_where_pending_ones_are_not() -> None:
    here = county(("A1", "transfer", "suitable", FIRST))
    assert where(planned(here, plan_pending=False))["R1"] == "stays"
    assert where(planned(small_county(), plan_pending=False))["R1"] == str(FIRST)
