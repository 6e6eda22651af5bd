"""Discharges that have been asked for long enough count before other discharges, and after everybody urgent."""

from __future__ import annotations

from optimiser.rules.longest_first.book_of_a_county import rules_for
from tests.making import county, framework, noon, package
from tests.rules.judging import value


def test_each_counts_in_the_level_of_its_priority_and_again_in_the_one_after_it() -> None:
    people = [
        package("N1", hours=10, priority="discharge", requested_at=noon(-30)),
        package("N2", hours=5, priority="discharge", requested_at=noon(-3)),
        package("N3", hours=5, priority="urgent", requested_at=noon(-30)),
    ]
    here = county(people, [framework("BRACKEN")], largest_first_after_days=30)
    book = rules_for(here.policy)
    assert [level.name for level in book.levels][:6] == [
        "longest_urgent", "unmet_urgent", "longest_discharge", "unmet_discharge", "longest_unmet", "unmet",
    ]  # fmt: skip
    assert value(here, "longest_discharge", rules=book) == 600
    assert value(here, "unmet_discharge", rules=book) == 1_020 + 720
    assert value(here, "longest_urgent", rules=book) == 300
