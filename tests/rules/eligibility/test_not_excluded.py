"""Providers whom a person has refused."""

from __future__ import annotations

from dataclasses import replace

from optimiser.county import County
from optimiser.domain.person_records import Answer
from tests.making import county, framework, legacy, noon, package, snapshot
from tests.rules.judging import finding, passes


def test_a_provider_whom_the_person_does_not_want_is_not_asked_on_any_contract() -> None:
    contracts = [framework("BRACKEN"), legacy("BRACKEN"), framework("CLOVER")]
    here = county([package("N1", excluded_provider_ids=("BRACKEN",)), package("N2")], contracts)
    assert not passes(here, "not_excluded", "N1", "F-BRACKEN")
    assert not passes(here, "not_excluded", "N1", "L-BRACKEN")
    assert passes(here, "not_excluded", "N1", "F-CLOVER")
    assert passes(here, "not_excluded", "N2", "F-BRACKEN")


def test_a_refusal_is_called_a_refusal() -> None:
    contracts = [framework("BRACKEN"), framework("CLOVER")]
    here = county([package("N1", excluded_provider_ids=("BRACKEN",))], contracts)
    assert finding(here, "not_excluded", "N1", "F-BRACKEN").sentence == "The person has refused Bracken."
    assert finding(here, "not_excluded", "N1", "F-CLOVER").sentence == "The person has not refused Clover."


def test_a_no_when_asked_stands_until_a_later_yes() -> None:
    contracts = [framework("BRACKEN"), legacy("BRACKEN"), framework("CLOVER")]
    no = Answer("A1", "N1", "BRACKEN", "no", "self", "", noon(-2), "")
    refused = replace(snapshot([package("N1"), package("N2")], contracts), answers=(no,))
    here = County.of(refused)
    assert not passes(here, "not_excluded", "N1", "F-BRACKEN")
    assert not passes(here, "not_excluded", "N1", "L-BRACKEN")
    assert passes(here, "not_excluded", "N1", "F-CLOVER")
    assert passes(here, "not_excluded", "N2", "F-BRACKEN")
    assert finding(here, "not_excluded", "N1", "F-BRACKEN").sentence == "The person has refused Bracken."
    earlier, later = (replace(no, answer_id="A2", answer="yes", answered_at=noon(day)) for day in (-3, -1))
    assert not passes(County.of(replace(refused, answers=(no, earlier))), "not_excluded", "N1", "F-BRACKEN")
    assert passes(County.of(replace(refused, answers=(no, later))), "not_excluded", "N1", "F-BRACKEN")
