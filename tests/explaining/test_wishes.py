"""Wishes are told and asked about, and rank nobody."""

from __future__ import annotations

from optimiser.explaining.wishes import wishes_of
from tests.making import county, framework, legacy, package

CONTRACTS = [framework("BRACKEN"), legacy("CLOVER"), legacy("DOCK")]


def test_what_is_recorded_is_told_and_what_is_not_is_to_be_asked() -> None:
    people = [
        package("N1", worker_gender="female", preferred_provider_ids=("CLOVER",), household_id="H1"),
        package("R1", contract_id="L-DOCK", household_id="H1"),
        package("R2", contract_id="F-BRACKEN", household_id="H2"),
    ]
    here = county(people, CONTRACTS)
    found = {wish.wish: wish for wish in wishes_of(here, 0, [0, 1, 2])}
    assert found.keys() == {"worker_gender", "preferred_provider", "same_household"}
    assert dict(found["worker_gender"].granted) == {"F-BRACKEN": "ask", "L-CLOVER": "ask", "L-DOCK": "ask"}
    assert dict(found["preferred_provider"].granted) == {"F-BRACKEN": "no", "L-CLOVER": "yes", "L-DOCK": "no"}
    assert dict(found["same_household"].granted) == {"F-BRACKEN": "no", "L-CLOVER": "no", "L-DOCK": "yes"}
    assert not any(wish.lengthens_the_wait for wish in found.values())


def test_a_wish_that_lengthens_the_wait_is_told_with_a_question() -> None:
    here = county([package("N1", worker_languages=("Polish",), preferred_provider_ids=("CLOVER",))], CONTRACTS)
    languages, preferred = wishes_of(here, 0, [0, 2])
    assert preferred.lengthens_the_wait == (
        "No provider whom the person prefers can be asked today. Without the wish Bracken could be."
        " Ask the person whether the wish matters more to them than an earlier start."
    )
    assert languages.lengthens_the_wait == "", "it is not known that nobody grants it"
    assert [wish.lengthens_the_wait for wish in wishes_of(here, 0, [])] == ["", ""], "no wish is to blame"


def test_who_has_no_wishes_is_asked_nothing_and_one_alone_has_no_household() -> None:
    here = county([package("N1"), package("N2", household_id="H1")], CONTRACTS)
    assert [wishes_of(here, person, [0]) for person in (0, 1)] == [[], []]
