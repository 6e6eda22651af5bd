"""Running care stays where it is, whatever the rules now say."""

from __future__ import annotations

from fractions import Fraction

from optimiser.judging.candidates import judge
from optimiser.rules.book import standard_rules
from tests.making import area, county, days, framework, package, provider, restriction
from tests.rules.judging import broken, settled


def test_running_care_stays_on_its_contract() -> None:
    here = county([package("R1", contract_id="F-BRACKEN"), package("N1")], [framework("BRACKEN"), framework("CLOVER")])
    assert settled(here, "running_care_stays", {"R1": "F-BRACKEN", "N1": "F-CLOVER"}) == [True, None]
    assert settled(here, "running_care_stays", {"R1": "F-CLOVER"}) == [False]
    assert settled(here, "running_care_stays", {"R1": None}) == [False]


def test_running_care_stays_whatever_the_rules_now_say() -> None:
    # Out of force, restricted, rated inadequate, too far, without the skill, not wanted, over the limit: all at once.
    running = package(
        "R1", contract_id="F-BRACKEN", skills=("dementia",), excluded_provider_ids=("BRACKEN",), transfer_decision="suitable"
    )
    here = county(
        [running],
        [framework("BRACKEN", ends=days(-1), bands=(3,), max_hours_4w=Fraction(0)), framework("CLOVER")],
        providers=[provider("BRACKEN", cqc_rating="inadequate", max_hours_4w=Fraction(0))],
        restrictions=[restriction("BRACKEN")],
        areas=[area(go_live=None)],
    )
    assert broken(here) == []
    assert judge(here, standard_rules()).of(0).tolist() == [0]
