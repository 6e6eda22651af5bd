"""Restrictions: no new work, here or everywhere, while it is in force."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.making import cap, county, days, framework, package, restriction
from tests.rules.judging import finding, passes


@pytest.mark.parametrize(
    ("starts", "ends", "barred"),
    [
        (None, None, True),
        (days(0), None, True),  # begins today
        (days(1), None, False),  # begins tomorrow
        (days(-90), days(0), False),  # ended today: today is no longer covered
        (days(-90), days(1), True),  # its last day is today
    ],
)
def test_no_new_work_while_a_restriction_is_in_force_today(starts: dt.date | None, ends: dt.date | None, barred: bool) -> None:
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[restriction("BRACKEN", starts=starts, ends=ends)])
    assert passes(here, "not_restricted", "N1", "F-BRACKEN") is not barred


def test_today_counts_for_a_restriction_even_where_the_care_starts_later() -> None:
    later = package("N1", start_by=days(30))
    here = county([later], [framework("BRACKEN")], restrictions=[restriction("BRACKEN", ends=days(10))])
    assert not passes(here, "not_restricted", "N1", "F-BRACKEN")


def test_a_restriction_in_one_area_bars_new_work_there_alone() -> None:
    contracts = [framework("BRACKEN"), framework("BRACKEN", contract_id="F-BRACKEN-2", area_id="A2"), framework("CLOVER")]
    people = [package("N1"), package("N2", area_id="A2")]
    here = county(people, contracts, restrictions=[restriction("BRACKEN", area_id="A1")])
    assert not passes(here, "not_restricted", "N1", "F-BRACKEN")
    assert passes(here, "not_restricted", "N2", "F-BRACKEN-2")
    assert passes(here, "not_restricted", "N1", "F-CLOVER")  # another provider


def test_a_cap_does_not_bar_new_work() -> None:
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 4)])
    assert passes(here, "not_restricted", "N1", "F-BRACKEN")


def test_running_care_of_others_may_not_come_to_a_restricted_provider_either() -> None:
    running = package("R1", contract_id="F-CLOVER", transfer_decision="suitable")
    here = county([running], [framework("BRACKEN"), framework("CLOVER")], restrictions=[restriction("BRACKEN")])
    assert not passes(here, "not_restricted", "R1", "F-BRACKEN")


def test_the_restriction_in_force_is_named_with_its_end() -> None:
    given = restriction("BRACKEN", ends=days(10))
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[given])
    found = finding(here, "not_restricted", "N1", "F-BRACKEN")
    assert found.sentence == "Bracken may take no new work until 2026-12-03 (restriction R-BRACKEN)."


def test_a_restriction_of_one_area_is_told_with_its_area() -> None:
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[restriction("BRACKEN", area_id="A1")])
    found = finding(here, "not_restricted", "N1", "F-BRACKEN")
    assert found.sentence == "Bracken may take no new work in area A1 until it is lifted (restriction R-BRACKEN)."
