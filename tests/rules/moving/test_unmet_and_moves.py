"""Nobody is moved unless that is worth its charge in unmet need: 720 for each person moved."""

from __future__ import annotations

from optimiser.rules.moving.books_that_move import moving_rules
from tests.making import county, framework, package
from tests.rules.judging import value


def test_unmet_need_and_the_charge_of_moves_add_up() -> None:
    people = [
        package("R1", contract_id="F-CLOVER", transfer_decision="suitable"),
        package("N1"),
        package("N2", priority="urgent"),
    ]
    here = county(people, [framework("BRACKEN"), framework("CLOVER")])
    book = moving_rules()
    # N1 is standard: 2 x (300 + 420). N2 counts in a level of its own.
    assert value(here, "unmet", rules=book) == 1_440
    assert value(here, "unmet", {"N1": "F-CLOVER"}, rules=book) == 0
    assert value(here, "unmet", {"R1": "F-BRACKEN"}, rules=book) == 1_440 + 720
    assert value(here, "unmet", {"R1": "F-BRACKEN", "N1": "F-CLOVER"}, rules=book) == 720


def test_a_council_may_charge_a_move_otherwise() -> None:
    running = package("R1", contract_id="F-CLOVER", transfer_decision="suitable")
    here = county([running], [framework("BRACKEN"), framework("CLOVER")], move_charge=90)
    assert value(here, "unmet", {"R1": "F-BRACKEN"}, rules=moving_rules()) == 90
