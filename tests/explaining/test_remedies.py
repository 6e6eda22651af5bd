"""The smallest single change that would place somebody, kind by kind: worked out by hand, carried out, and a unit less tried."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from optimiser.allocating.story import allocate
from optimiser.domain.snapshot import Snapshot
from tests.explaining.changing import UNITS, carried_out, explained
from tests.making import (
    AS_OF,
    FAKENHAM,
    area,
    at,
    cap,
    days,
    framework,
    legacy,
    noon,
    offer,
    package,
    principal,
    provider,
    restriction,
    snapshot,
)

RUNNING = package("R1", hours=4, contract_id="F-BRACKEN")  # 16 hours per four weeks
NEW = package("N1")  # 20 hours per four weeks


def declined(contract_id: str = "F-BRACKEN", reason: str = "no_capacity", **given: Any) -> Any:
    return offer("N1", contract_id, "declined", reason=reason, **{"offered_at": noon(-2), "responded_at": noon(-1), **given})


def test_what_is_out_of_all_proportion_comes_last() -> None:
    # CLOVER lacks a skill. BRACKEN is 40 hours over on entry, so that 60 more would have to be allowed for 20. DOCK's radius of a
    # mile would have to grow by nine for five hours a week.
    far = package("N1", FAKENHAM, workers=2)
    skilled = {"skills": ("double_handed",)}
    found = remedies(
        snapshot(
            [package("R1", hours=30, contract_id="F-BRACKEN"), far],
            [framework("BRACKEN", max_hours_4w=Fraction(80)), framework("CLOVER"), legacy("DOCK")],
            providers=[
                provider("BRACKEN", **skilled),
                provider("CLOVER"),
                provider("DOCK", max_distance_miles=Fraction(1), **skilled),
            ],
        )
    )
    assert [each["change"] for each in found] == ["skill", "contract hours", "travel radius"]


ONE_THING: Mapping[str, tuple[Snapshot, dict[str, str]]] = {
    "contract hours": (
        # 16 + 20 = 36 are needed, 30 are allowed.
        snapshot([RUNNING, NEW], [framework("BRACKEN", max_hours_4w=Fraction(30))]),
        {
            "subject": "F-BRACKEN",
            "amount": "6",
            "unit": "hours per four weeks",
            "sentence": "Contract F-BRACKEN allows 36 hours per four weeks instead of 30 hours per four weeks.",
        },
    ),
    "provider hours": (
        # 35.9 are there: a tenth of an hour more.
        snapshot([RUNNING, NEW], [framework("BRACKEN")], providers=[provider("BRACKEN", max_hours_4w=Fraction("35.9"))]),
        {
            "subject": "BRACKEN",
            "amount": "0.1",
            "unit": "hours per four weeks",
            "sentence": "Bracken can deliver 36 hours per four weeks instead of 35.9 hours per four weeks.",
        },
    ),
    "cap": (
        # R1 began long before the cap: N1's 20 alone count, and 12 are allowed.
        snapshot([RUNNING, NEW], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 12)]),
        {
            "subject": "R-BRACKEN",
            "amount": "8",
            "unit": "hours per four weeks",
            "sentence": "Provider BRACKEN's cap on new care is 20 hours per four weeks instead of 12 hours per four weeks.",
        },
    ),
    "travel radius": (
        # 8,040 m are 4.9958 miles: in hundredths, 5.00; 4.99 are not enough.
        snapshot(
            [package("N1", at(8_040))],
            [framework("BRACKEN")],
            providers=[provider("BRACKEN", max_distance_miles=Fraction("3.5"))],
        ),
        {
            "subject": "BRACKEN",
            "amount": "1.5",
            "unit": "miles",
            "sentence": "Bracken travels up to 5.00 miles instead of 3.5.",
        },
    ),
    "skill": (
        snapshot(
            [package("N1", skills=("dementia", "medication"))],
            [framework("BRACKEN")],
            providers=[provider("BRACKEN", skills=("medication",))],
        ),
        {"subject": "BRACKEN", "amount": "1", "unit": "skill", "sentence": "Bracken offers one more skill: dementia."},
    ),
    "band": (
        snapshot([package("N1", FAKENHAM)], [framework("BRACKEN", bands=(1, 2))]),
        {"subject": "F-BRACKEN", "amount": "1", "unit": "band", "sentence": "Contract F-BRACKEN serves band 3 as well."},
    ),
    "decline for capacity": (
        snapshot([NEW], [framework("BRACKEN")], offers=[declined()]),
        {
            "subject": "BRACKEN",
            "amount": "1",
            "unit": "declines",
            "sentence": "Bracken, which declined for lack of capacity, finds room and says yes.",
        },
    ),
}
"""Per kind of change: somebody for whom that one thing is missing, and the smallest change, worked out on paper."""


def remedies(given: Snapshot, package_id: str = "N1") -> Any:
    return explained(allocate(given), package_id)["remedies"]


def outcome(given: Snapshot, package_id: str = "N1") -> str:
    allocation = allocate(given)
    return allocation.outcome(allocation.county.package_index[package_id])


def test_there_is_a_county_for_every_kind() -> None:
    assert set(ONE_THING) == set(UNITS)


@pytest.mark.parametrize("kind", UNITS)
def test_the_one_thing_missing_is_told_with_the_smallest_amount(kind: str) -> None:
    given, expected = ONE_THING[kind]
    assert remedies(given) == [{"change": kind, **expected}]


@pytest.mark.parametrize("kind", UNITS)
def test_carried_out_it_places_the_package_and_a_unit_less_does_not(kind: str) -> None:
    given, expected = ONE_THING[kind]
    remedy = {"change": kind, **expected}
    assert outcome(given) == "unmet"
    assert outcome(carried_out(given, "N1", remedy)) == "placed"
    assert outcome(carried_out(given, "N1", remedy, less=UNITS[kind])) == "unmet"


def test_two_standing_declines_for_capacity_are_both_to_be_taken_back() -> None:
    given = snapshot([NEW], [framework("BRACKEN"), legacy("BRACKEN")], offers=[declined(), declined("L-BRACKEN")])
    (remedy,) = remedies(given)
    assert (remedy["amount"], remedy["unit"]) == ("2", "declines")
    assert outcome(carried_out(given, "N1", remedy)) == "placed"
    assert outcome(carried_out(given, "N1", remedy, less=Fraction(1))) == "unmet"


def test_of_several_contracts_the_smallest_change_of_each_kind_is_told() -> None:
    contracts = [
        framework("BRACKEN", max_hours_4w=Fraction(12)),  # 8 more
        framework("CLOVER", max_hours_4w=Fraction(15)),  # 5 more
        legacy("DOCK", bands=(2,)),
    ]
    found = [(each["change"], each["subject"], each["amount"]) for each in remedies(snapshot([NEW], contracts))]
    assert found == [("band", "L-DOCK", "1"), ("contract hours", "F-CLOVER", "5")]


def test_a_large_amount_is_told_to_the_quarter_hour() -> None:
    # Eight people round the clock with two care workers: 8 x 1,344 = 10,752 hours; with N1 10,772, less 100.75.
    crowd = [package(f"R{number}", hours=336, contract_id="F-BRACKEN") for number in range(8)]
    given = snapshot([*crowd, NEW], [framework("BRACKEN", max_hours_4w=Fraction("100.75"))])
    assert [each["amount"] for each in remedies(given)] == ["10671.25"]


def test_everybody_else_stays_where_they_are() -> None:
    # N2 is urgent and takes 16 of Bracken's 30; N1 then lacks 6, although without N2 it would fit.
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(30))]
    given = snapshot([NEW, package("N2", hours=4, priority="urgent")], contracts)
    assert [(each["change"], each["amount"]) for each in remedies(given)] == [("contract hours", "6")]


def test_held_hours_count_as_taken() -> None:
    # 16 of Bracken's 30 are held for N2.
    contracts = [framework("BRACKEN", max_hours_4w=Fraction(30))]
    given = snapshot([NEW, package("N2", hours=4)], contracts, offers=[offer("N2", "F-BRACKEN")])
    assert [(each["change"], each["amount"]) for each in remedies(given)] == [("contract hours", "6")]


TWO_THINGS: Mapping[str, Snapshot] = {
    "a skill and a band": snapshot([package("N1", FAKENHAM, workers=2)], [framework("BRACKEN", bands=(1,))]),
    "two skills": snapshot([package("N1", workers=2, skills=("dementia",))], [framework("BRACKEN")]),
    "the contract's hours and the provider's": snapshot(
        [NEW], [framework("BRACKEN", max_hours_4w=Fraction(12))], providers=[provider("BRACKEN", max_hours_4w=Fraction(12))]
    ),
    "hours and a cap": snapshot([NEW], [framework("BRACKEN", max_hours_4w=Fraction(12))], restrictions=[cap("BRACKEN", 12)]),
    "two caps": snapshot(
        [NEW],
        [framework("BRACKEN")],
        restrictions=[cap("BRACKEN", 12), cap("BRACKEN", 12, restriction_id="R2", area_id="A1")],
    ),
    "two answers, one of them for another reason": snapshot(
        [NEW], [framework("BRACKEN")], offers=[declined(offer_id="Q1"), declined(offer_id="Q2", reason="too_far")]
    ),
    "a radius and an answer": snapshot(
        [package("N1", FAKENHAM)],
        [framework("BRACKEN")],
        providers=[provider("BRACKEN", max_distance_miles=Fraction(3))],
        offers=[declined()],
    ),
}


@pytest.mark.parametrize("missing", TWO_THINGS)
def test_where_two_things_are_missing_there_is_no_single_change(missing: str) -> None:
    assert outcome(TWO_THINGS[missing]) == "unmet"
    assert remedies(TWO_THINGS[missing]) == []


IN_NOBODYS_POWER: Mapping[str, Snapshot] = {
    "the person's wish": snapshot([package("N1", excluded_provider_ids=("BRACKEN",))], [framework("BRACKEN")]),
    "a restriction": snapshot([NEW], [framework("BRACKEN")], restrictions=[restriction("BRACKEN")]),
    "a rating": snapshot([NEW], [framework("BRACKEN")], providers=[provider("BRACKEN", cqc_rating="inadequate")]),
    "the go-live": snapshot([NEW], [framework("BRACKEN")], areas=[area(go_live=days(9))]),
    "the contract's end": snapshot([NEW], [framework("BRACKEN", ends=AS_OF)]),
    "another reason to decline": snapshot([NEW], [framework("BRACKEN")], offers=[declined(reason="cannot_meet_need")]),
    "an offer that ran out": snapshot([NEW], [framework("BRACKEN")], offers=[offer("N1", "F-BRACKEN", "expired")]),
    "nobody there at all": snapshot([NEW], [framework("BRACKEN", area_id="A2")]),
}


@pytest.mark.parametrize("missing", IN_NOBODYS_POWER)
def test_needs_wishes_and_quality_are_never_offered_for_change(missing: str) -> None:
    assert outcome(IN_NOBODYS_POWER[missing]) == "unmet"
    assert remedies(IN_NOBODYS_POWER[missing]) == []


def test_who_is_on_the_legacy_framework_by_this_run_is_told_what_would_place_them_higher() -> None:
    contracts = [principal("ALDER", max_hours_4w=Fraction(12)), framework("BRACKEN", bands=(2,)), legacy("DOCK")]
    found = [(each["change"], each["subject"], each["amount"]) for each in remedies(snapshot([NEW], contracts))]
    assert found == [("band", "F-BRACKEN", "1"), ("contract hours", "P-ALDER", "8")]


def test_another_legacy_contract_is_not_higher() -> None:
    assert remedies(snapshot([NEW], [legacy("DOCK"), legacy("ELDER", bands=(2,))])) == []


@pytest.mark.parametrize(
    ("given", "package_id"),
    [
        (snapshot([NEW], [framework("BRACKEN"), principal("ALDER", bands=(3,))]), "N1"),  # placed on the framework
        (snapshot([NEW], [framework("BRACKEN")], offers=[offer("N1", "F-BRACKEN")]), "N1"),  # pending
        (snapshot([NEW], [legacy("DOCK")], offers=[offer("N1", "L-DOCK", "accepted")]), "N1"),  # accepted
        (snapshot([NEW], [legacy("DOCK")], areas=[area(go_live=None)]), "N1"),  # legacy as usual before the go-live
        (snapshot([package("R1", contract_id="L-DOCK")], [legacy("DOCK"), framework("BRACKEN")]), "R1"),  # running care
    ],
)
def test_where_nothing_is_amiss_nothing_is_said(given: Snapshot, package_id: str) -> None:
    assert explained(allocate(given), package_id).get("remedies") is None
