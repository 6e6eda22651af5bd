"""Whether a contract is in force on the day on which care would start."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.making import AS_OF, area, contract, county, days, framework, legacy, package
from tests.rules.judging import finding, passes


def sentence_of(rule: str, **given: Any) -> str:
    here = county([package("N1")], [contract("C1", "BRACKEN", **given)], areas=[area("A1"), area("A2", go_live=days(2))])
    return finding(here, rule, "N1", "C1").sentence


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


def test_the_sentences_say_the_figures_compared() -> None:
    assert sentence_of("in_force", ends=AS_OF) == (
        "Care would start on 2026-11-23; the contract does not cover that day"
        " (it has always run, up to but not including 2026-11-23)."
    )
    assert sentence_of("in_force").endswith("(it has always run, and has no end date).")
    assert sentence_of("in_force", starts=AS_OF).endswith("(it runs from 2026-11-23 with no end date).")
    assert sentence_of("area", area_id="A2") == "The care is in area A1; the contract covers A2."
    assert sentence_of("area_live") == "Area A1 goes live on 2026-04-01; care would start on 2026-11-23."
