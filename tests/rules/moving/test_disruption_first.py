"""As few people as possible change provider, before shares, cost and travel are looked at."""

from __future__ import annotations

from optimiser.reoptimising.story import reoptimise
from optimiser.rules.moving.books_that_move import moving_rules
from tests.making import county, framework, package, snapshot
from tests.rules.judging import value

RUNNING = package("R1", contract_id="F-CLOVER", transfer_decision="suitable")


def test_each_person_who_changes_provider_counts_one() -> None:
    here = county([RUNNING, package("N1")], [framework("BRACKEN"), framework("CLOVER")])
    book = moving_rules()
    assert value(here, "disruption", {"R1": "F-BRACKEN", "N1": "F-BRACKEN"}, rules=book) == 1
    assert value(here, "disruption", {"N1": "F-BRACKEN"}, rules=book) == 0


def test_it_stands_before_what_is_tidier() -> None:
    names = [level.name for level in moving_rules().levels]
    assert names.index("disruption") == names.index("unmet") + 1
    # Bracken would care for R1 at a penny an hour: nobody is moved for that.
    cheaper = framework("BRACKEN", rates_pence=(1, 1, 1))
    made = reoptimise(snapshot([RUNNING], [cheaper, framework("CLOVER")]))
    assert [step.moves for step in made.steps.steps] == []
    assert made.allocation.verified.levels["disruption"] == 0
