"""A pin is kept to the letter: on the contract that is named, or on none."""

from __future__ import annotations

from optimiser.domain.brief import Brief
from optimiser.rules.book import standard_rules
from optimiser.rules.briefed.briefed_books import briefed_rules
from tests.making import county, framework, package
from tests.rules.judging import settled


def test_a_package_is_where_it_is_pinned() -> None:
    here = county(
        [package("N1"), package("N2"), package("N3"), package("R1", contract_id="F-CLOVER")],
        [framework("BRACKEN"), framework("CLOVER")],
    )
    rules = briefed_rules(standard_rules(), Brief(pins={"N1": "F-BRACKEN", "N2": None, "R1": "F-CLOVER"}))
    right = {"N1": "F-BRACKEN", "N2": None, "N3": "F-CLOVER", "R1": "F-CLOVER"}
    assert settled(here, "pins_hold", right, rules=rules) == [True, True, None, True]
    wrong = {"N1": "F-CLOVER", "N2": "F-BRACKEN", "R1": "F-BRACKEN"}
    assert settled(here, "pins_hold", wrong, rules=rules) == [False, False, False]
    assert settled(here, "pins_hold", {"N1": None}, rules=rules) == [False]
