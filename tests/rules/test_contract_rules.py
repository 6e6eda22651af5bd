"""Worked examples: the contract is in force, covers the area, and the area is live, on the day the care would start."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.making import AS_OF, area, contract, county, days, framework, legacy, package, principal
from tests.rules.judging import finding, passes

# ---- in_force -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "covered"),
    [
        (None, None, True),  # always, open
        (days(0), None, True),  # the day it starts is covered
        (days(1), None, False),  # starts tomorrow
        (None, days(0), False),  # today is the first day no longer covered
        (None, days(1), True),  # today is the last day covered
        (days(-30), days(30), True),
        (days(0), days(0), False),  # covers no day at all
    ],
)
def test_a_contract_is_in_force_from_its_start_up_to_but_not_on_its_end(
    starts: dt.date | None, ends: dt.date | None, covered: bool
) -> None:
    here = county([package("N1")], [framework("BRACKEN", starts=starts, ends=ends)])
    assert passes(here, "in_force", "N1", "F-BRACKEN") is covered


def test_a_start_by_in_the_future_moves_the_day_that_counts() -> None:
    later = package("N1", start_by=days(7))
    ending, beginning = framework("BRACKEN", ends=days(7)), framework("CLOVER", starts=days(7))
    here = county([later], [ending, beginning])
    assert not passes(here, "in_force", "N1", "F-BRACKEN")  # covers today, not the day the care would start
    assert passes(here, "in_force", "N1", "F-CLOVER")  # the other way round
    assert finding(here, "in_force", "N1", "F-CLOVER").measured == "2026-11-30"


def test_a_start_by_in_the_past_does_not() -> None:
    here = county([package("N1", start_by=days(-7))], [framework("BRACKEN", ends=days(-3)), framework("CLOVER", starts=days(-1))])
    assert not passes(here, "in_force", "N1", "F-BRACKEN")
    assert passes(here, "in_force", "N1", "F-CLOVER")


def test_for_running_care_today_counts_whatever_its_start_by() -> None:
    running = package("R1", contract_id="L-DOCK", start_by=days(7), transfer_decision="suitable")
    here = county([running], [legacy("DOCK"), framework("BRACKEN", ends=days(7)), framework("CLOVER", starts=days(7))])
    assert passes(here, "in_force", "R1", "F-BRACKEN")
    assert not passes(here, "in_force", "R1", "F-CLOVER")


# ---- area ---------------------------------------------------------------------------------------------------------------


def test_a_contract_covers_its_own_area_and_no_other() -> None:
    here = county([package("N1"), package("N2", area_id="A2")], [framework("BRACKEN"), framework("CLOVER", area_id="A2")])
    assert passes(here, "area", "N1", "F-BRACKEN")
    assert not passes(here, "area", "N1", "F-CLOVER")
    assert not passes(here, "area", "N2", "F-BRACKEN")
    assert passes(here, "area", "N2", "F-CLOVER")


def test_a_county_wide_contract_covers_every_area() -> None:
    here = county([package("N1"), package("N2", area_id="A2")], [legacy("DOCK"), legacy("ELDER", area_id="A2")])
    assert passes(here, "area", "N1", "L-DOCK")
    assert passes(here, "area", "N2", "L-DOCK")
    assert not passes(here, "area", "N1", "L-ELDER")  # an older block contract belongs to its area


# ---- area_live ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("go_live", "live"),
    [(days(-1), True), (AS_OF, True), (days(1), False), (None, False)],
)
def test_principal_and_framework_wait_for_the_go_live_and_the_legacy_framework_does_not(
    go_live: dt.date | None, live: bool
) -> None:
    contracts = [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")]
    here = county([package("N1")], contracts, areas=[area(go_live=go_live)])
    assert passes(here, "area_live", "N1", "P-ALDER") is live
    assert passes(here, "area_live", "N1", "F-BRACKEN") is live
    assert passes(here, "area_live", "N1", "L-DOCK")


@pytest.mark.parametrize(("start_by", "live"), [(days(9), False), (days(10), True), (days(11), True)])
def test_an_area_that_goes_live_before_the_care_starts_counts_as_live(start_by: dt.date, live: bool) -> None:
    here = county([package("N1", start_by=start_by)], [framework("BRACKEN")], areas=[area(go_live=days(10))])
    assert passes(here, "area_live", "N1", "F-BRACKEN") is live


def test_running_care_could_not_go_to_the_principal_before_the_go_live() -> None:
    running = package("R1", contract_id="L-DOCK", start_by=days(20), transfer_decision="suitable")
    here = county([running], [legacy("DOCK"), principal("ALDER")], areas=[area(go_live=days(10))])
    assert not passes(here, "area_live", "R1", "P-ALDER")


def test_it_is_the_persons_area_that_must_be_live() -> None:
    # A framework contract of the live area A1, asked about somebody in A2, which is not live.
    areas = [area("A1"), area("A2", go_live=None)]
    here = county([package("N1", area_id="A2")], [framework("BRACKEN")], areas=areas)
    assert not passes(here, "area_live", "N1", "F-BRACKEN")


# ---- the sentences ------------------------------------------------------------------------------------------------------


def sentence_of(rule: str, **given: Any) -> str:
    here = county([package("N1")], [contract("C1", "BRACKEN", **given)], areas=[area("A1"), area("A2", go_live=days(2))])
    return finding(here, rule, "N1", "C1").sentence


def test_the_sentences_say_the_figures_compared() -> None:
    assert sentence_of("in_force", ends=AS_OF) == (
        "Care would start on 2026-11-23; the contract does not cover that day"
        " (it has always run, up to but not including 2026-11-23)."
    )
    assert sentence_of("in_force").endswith("(it has always run, and has no end date).")
    assert sentence_of("in_force", starts=AS_OF).endswith("(it runs from 2026-11-23 with no end date).")
    assert sentence_of("area", area_id="A2") == "The care is in area A1; the contract covers A2."
    assert sentence_of("area_live") == "Area A1 goes live on 2026-04-01; care would start on 2026-11-23."
