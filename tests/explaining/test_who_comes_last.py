"""Who comes last, counted by hand: people, not packages, each in the groups that are theirs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from optimiser.allocating.report import result_record
from optimiser.allocating.story import allocate
from optimiser.explaining.who_comes_last import outcome_today, people_asked_for, who_comes_last
from tests.making import FAKENHAM, SWANTON, county, framework, noon, offer, package, provider, snapshot

PEOPLE = [
    package("N1", hours=7, requested_at=noon(-10), source="community"),
    package("N2", hours=Fraction(29, 4), requested_at=noon(-4), skills=("dementia", "medication"), source="community"),
    package("N3", hours=15, priority="urgent", source="acute_hospital"),
    package(
        "N4", FAKENHAM, hours=Fraction(61, 4), workers=2, skills=("double_handed",), requested_at=noon(-20), source="community"
    ),
    package("R1", hours=40, contract_id="F-BRACKEN"),
]
OFFERS = [offer("N1", "F-BRACKEN"), offer("N3", "F-BRACKEN", "accepted")]


def table(by: str, people: list[Any] | None = None, **given: Any) -> dict[str, tuple[int, int, int, int]]:
    """Per group: people, placed, pending, unmet."""
    given = {"offers": OFFERS, "providers": [provider("BRACKEN", skills=("dementia",))], **given}
    here = county(PEOPLE if people is None else people, [framework("BRACKEN")], **given)
    found = who_comes_last(here, lambda each: outcome_today(here, each))[by]
    return {each["group"]: (each["people"], each["placed"], each["pending"], each["unmet"]) for each in found}


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("hours", {"up to 7 hours": (1, 0, 1, 0), "above 7 to 15 hours": (2, 1, 0, 1), "above 15 hours": (1, 0, 0, 1)}),
        ("workers", {"one care worker": (3, 1, 1, 1), "two care workers": (1, 0, 0, 1)}),
        ("need", {"a need that no provider names": (1, 0, 0, 1), "dementia": (1, 0, 0, 1), "no special need": (3, 1, 1, 1)}),
        ("rurality", {"not rural": (3, 1, 1, 1), "rural": (1, 0, 0, 1)}),
        ("priority", {"urgent": (1, 1, 0, 0), "standard": (3, 0, 1, 2)}),
        ("source", {"acute_hospital": (1, 1, 0, 0), "community": (3, 0, 1, 2)}),
    ],
)
def test_everybody_asked_for_by_group(by: str, groups: dict[str, tuple[int, int, int, int]]) -> None:
    assert table(by) == groups


def test_hours_and_days_waited_are_those_of_the_unmet() -> None:
    here = county(PEOPLE, [framework("BRACKEN")], offers=OFFERS)
    found = {each["group"]: each for each in who_comes_last(here, lambda each: outcome_today(here, each))["source"]}
    community, hospital = found["community"], found["acute_hospital"]
    assert community["unmet_hours_per_week"] == "22.50"
    assert (community["median_days_waited"], community["longest_days_waited"]) == (20, 20)  # of 4 and 20, the higher
    assert (hospital["unmet_hours_per_week"], hospital["longest_days_waited"]) == ("0.00", None)


def test_rural_is_further_than_the_setting_from_a_band_centre() -> None:
    near = [package("N1", SWANTON)]  # 3.11 miles
    assert table("rurality", near, offers=[]) == {"not rural": (1, 0, 0, 1)}
    assert table("rurality", near, offers=[], rural_beyond_miles=Fraction(3)) == {"rural": (1, 0, 0, 1)}


def test_whose_care_is_in_parts_is_one_person_with_all_hours() -> None:
    parts = [
        package("N1", hours=10, contract_id="F-BRACKEN"),
        package("N2", hours=3, part_of="N1", requested_at=noon(-5)),
        package("N3", hours=3, part_of="N1", workers=2, requested_at=noon(-9), priority="urgent"),
    ]
    assert table("hours", parts, offers=[]) == {"above 15 hours": (1, 0, 0, 1)}
    assert table("workers", parts, offers=[]) == {"two care workers": (1, 0, 0, 1)}
    assert table("priority", parts, offers=[]) == {"urgent": (1, 0, 0, 1)}
    # Unmet while a part is; then pending; accepted only once all parts are.
    one = [offer("N2", "F-BRACKEN", "accepted")]
    assert table("hours", parts, offers=one) == {"above 15 hours": (1, 0, 0, 1)}
    assert table("hours", parts, offers=[*one, offer("N3", "F-BRACKEN")]) == {"above 15 hours": (1, 0, 1, 0)}
    [person] = people_asked_for(county(parts, [framework("BRACKEN")]))
    assert person.waiting_days == 9


def test_a_result_tells_it_of_its_plan() -> None:
    made = allocate(snapshot(PEOPLE[:4], [framework("BRACKEN", max_hours_4w=Fraction(4 * 15))]))
    hours = {each["group"]: (each["placed"], each["unmet"]) for each in result_record(made)["who_comes_last"]["hours"]}
    # Fifteen hours of room: N3 is urgent and takes all of it.
    assert hours == {"up to 7 hours": (0, 1), "above 7 to 15 hours": (1, 1), "above 15 hours": (0, 1)}


def test_where_nobody_is_asked_for_nothing_is_told() -> None:
    here = county([package("R1", contract_id="F-BRACKEN")], [framework("BRACKEN")])
    assert who_comes_last(here, lambda each: outcome_today(here, each)) == {}
