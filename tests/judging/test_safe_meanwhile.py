"""Whether whoever waits is safe until care begins: each thing that can be wrong, by the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimiser.county import County
from optimiser.domain.person_records import CARERS, CHOICES, WHERE, Meanwhile
from optimiser.domain.policy import MeanwhileSettings
from optimiser.domain.records import PRIORITIES
from optimiser.judging.placeable import nobody_left, placeable_alone, since_last_asked
from optimiser.judging.safe_meanwhile import KINDS, holds_plan, in_short, standing, standings, what_may_be_chosen
from optimiser.rules.book import standard_rules
from tests.making import AS_OF, days, framework, noon, offer, package, plan_meanwhile, snapshot

SETTINGS = MeanwhileSettings()


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({}, []),
        ({"holds_until": days(1)}, []),
        ({"holds_until": days(0)}, ["plan_ran_out"]),  # the first day on which it no longer holds
        ({"holds_until": days(-9)}, ["plan_ran_out"]),
        ({"holds_until": None}, ["no_plan"]),
        ({"holds": " "}, ["no_plan"]),
        ({"next_check": days(-1)}, ["check_overdue"]),
        ({"next_check": None}, ["check_overdue"]),
        ({"checked_by": ""}, ["check_overdue"]),
        ({"carer": "strained"}, []),
        ({"carer": "cannot_go_on"}, ["carer_cannot_go_on"]),
        (
            {"holds_until": days(0), "carer": "cannot_go_on", "next_check": days(-1)},
            ["plan_ran_out", "carer_cannot_go_on", "check_overdue"],
        ),
    ],
)
def test_each_thing_that_can_be_wrong_with_a_plan(given: dict[str, Any], wrong: list[str]) -> None:
    found = standing(package("N1"), plan_meanwhile(**given), AS_OF, SETTINGS)
    assert [each.kind for each in found.wrong] == wrong


def test_without_a_record_there_is_no_plan() -> None:
    (wrong,) = standing(package("N1"), None, AS_OF, SETTINGS).wrong
    assert (wrong.kind, wrong.sentence) == ("no_plan", "It is not recorded how the person is safe until care begins.")


def test_a_plan_that_ends_before_care_is_to_begin_is_too_short() -> None:
    person = package("N1", start_by=days(10))
    assert [each.kind for each in standing(person, plan_meanwhile(holds_until=days(9)), AS_OF, SETTINGS).wrong] == [
        "plan_too_short"
    ]
    assert standing(person, plan_meanwhile(holds_until=days(10)), AS_OF, SETTINGS).is_in_order
    late = package("N1", start_by=days(-10))
    assert standing(late, plan_meanwhile(holds_until=days(1)), AS_OF, SETTINGS).is_in_order


@pytest.mark.parametrize(
    ("priority", "since", "choose_by", "overdue"),
    [
        ("urgent", 0, 0, False),  # on the same day
        ("urgent", -1, -1, True),
        ("discharge", -1, 0, False),
        ("discharge", -2, -1, True),
        ("standard", -3, 0, False),
        ("standard", -4, -1, True),
        ("planned", -7, 0, False),
        ("planned", -8, -1, True),
    ],
)
def test_where_nobody_can_be_asked_somebody_chooses_in_time(priority: str, since: int, choose_by: int, *, overdue: bool) -> None:
    found = standing(package("N1", priority=priority), plan_meanwhile(), AS_OF, SETTINGS, days(since))
    assert (found.nobody_since, found.choose_by) == (days(since), days(choose_by))
    assert [each.kind for each in found.wrong] == ["choice_overdue"] * overdue


@pytest.mark.parametrize(
    ("chosen", "holds"),
    [
        ({"choice": "part_of_care"}, True),
        ({"choice": "bridge", "choice_until": days(1)}, True),
        ({"choice": "bridge", "choice_until": days(0)}, False),
        ({"choice": "purchase"}, False),  # nobody has approved the price
        ({"choice": "purchase", "approved_by": "an officer"}, True),
        ({"choice": ""}, False),
    ],
)
def test_a_choice_that_holds_ends_the_waiting_for_one(chosen: dict[str, Any], *, holds: bool) -> None:
    found = standing(package("N1", priority="urgent"), plan_meanwhile(**chosen), AS_OF, SETTINGS, days(-5))
    assert (found.nobody_since is None, found.choose_by is None) == (holds, holds)
    assert bool(found.wrong) is (found.choose_by is not None and found.choose_by < AS_OF)


def test_after_a_choice_that_ran_out_another_is_due_on_its_last_day() -> None:
    ended = plan_meanwhile(choice="interim_bed", choice_until=days(-1))
    found = standing(package("N1", priority="urgent"), ended, AS_OF, SETTINGS, days(-30))
    assert (found.choose_by, found.clock) == (days(-1), "Interim bed ended on 22 November 2026.")
    assert [each.sentence for each in found.wrong] == [
        "Nobody can be asked since 24 October 2026; a choice was due by 22 November 2026."
    ]


def test_an_interim_bed_keeps_its_clock() -> None:
    found = standing(package("N1"), plan_meanwhile(choice="interim_bed", choice_until=days(25)), AS_OF, SETTINGS)
    assert (found.clock, found.wrong) == ("Interim bed until 18 December 2026: 25 days left.", ())
    assert standing(package("N1"), plan_meanwhile(choice="bridge", choice_until=days(1)), AS_OF, SETTINGS).clock.endswith(
        "1 day left."
    )


def test_most_harm_comes_first_and_everybody_who_waits_counts() -> None:
    people = [package(f"N{number}") for number in range(1, 6)] + [
        package("N6", priority="urgent"),
        package("R1", contract_id="F-ALDER"),
    ]
    offers = [offer("N1", "F-ALDER", "accepted"), offer("N2", "F-ALDER")]
    plans = [
        plan_meanwhile("N3", next_check=days(-1)),
        plan_meanwhile("N4"),
        plan_meanwhile("N5", holds_until=days(0)),
        plan_meanwhile("R1", holds_until=days(0)),
    ]
    found = standings(replace(snapshot(people, [framework("ALDER")], offers=offers), meanwhile=tuple(plans)))
    assert [each.package_id for each in found] == ["N6", "N1", "N2", "N5", "N3", "N4"]
    assert in_short(found) == {"no_plan": 3, "plan_ran_out": 1, "check_overdue": 1}


def test_a_part_of_somebodys_care_is_as_safe_as_the_whole() -> None:
    people = [package("N1", contract_id="F-ALDER"), package("N2", part_of="N1"), package("N3", part_of="N1")]
    given = snapshot(people, [framework("ALDER")])
    assert in_short(standings(given)) == {"no_plan": 1}  # one person
    assert all(each.is_in_order for each in standings(replace(given, meanwhile=(plan_meanwhile("N1"),))))


def test_each_choice_says_what_it_needs() -> None:
    closed = {each.choice: each for each in what_may_be_chosen(reserve_open=False, approvers="contracts or admin")}
    assert tuple(closed) == CHOICES
    assert [name for name, each in closed.items() if not each.open] == ["reserve"]
    assert "contracts or admin" in closed["purchase"].needs
    assert all(each.open for each in what_may_be_chosen(reserve_open=True))


def test_the_settings_are_by_priority() -> None:
    assert [SETTINGS.check_days(each) for each in PRIORITIES] == [1, 1, 7, 14]
    assert [SETTINGS.choose_days(each) for each in PRIORITIES] == [0, 1, 3, 7]
    named = [each.name for each in fields(SETTINGS) if each.name.endswith(("_check_days", "_choose_days"))]
    assert len(named) == 2 * len(PRIORITIES)


def test_nobody_is_left_where_no_contract_may_or_has_room() -> None:
    people = [
        package("N1", workers=2, requested_at=noon(-6)),
        package("N2"),
        package("N3", hours=30, requested_at=noon(-4)),
        package("N4", workers=2),
        package("R1", hours=15, contract_id="F-ALDER"),
    ]
    declined = offer("N3", "F-ALDER", "declined", offered_at=noon(-3), responded_at=noon(-2), reason="no_capacity")
    county = County.of(snapshot(people, [framework("ALDER", max_hours_4w=120)], offers=[declined, offer("N4", "F-ALDER")]))
    left = nobody_left(county, standard_rules())
    assert [county.packages[each].package_id for each in left] == ["N1", "N3"]
    assert not {*left} & {*placeable_alone(county, standard_rules())}
    assert since_last_asked(county, left) == {"N1": days(-6), "N3": days(-2)}


maybe_days = st.none() | st.integers(-3, 3).map(days)
plans = st.builds(
    plan_meanwhile,
    package_id=st.sampled_from(["N1", "N2", "N3"]),
    where=st.sampled_from(WHERE),
    holds=st.sampled_from(["", " ", "a neighbour"]),
    holds_until=maybe_days,
    carer=st.sampled_from(["", *CARERS]),
    checked_by=st.sampled_from(["", "desk"]),
    next_check=maybe_days,
    choice=st.sampled_from(["", *CHOICES]),
    choice_until=maybe_days,
    approved_by=st.sampled_from(["", "officer"]),
)


@given(
    st.lists(plans, max_size=3, unique_by=lambda each: each.package_id),
    st.dictionaries(st.sampled_from(["N1", "N2", "N3"]), st.integers(-9, 0).map(days)),
    st.sampled_from(PRIORITIES),
)
def test_nobody_who_waits_without_a_plan_that_holds_is_ever_missing(
    recorded: list[Meanwhile], since: dict[str, dt.date], priority: str
) -> None:
    people = [package(f"N{number}", priority=priority) for number in (1, 2, 3)]
    given = snapshot(people, [framework("ALDER")], offers=[offer("N1", "F-ALDER", "accepted"), offer("N2", "F-ALDER")])
    found = standings(replace(given, meanwhile=tuple(recorded)), since)
    assert {each.package_id for each in found} == {"N1", "N2", "N3"}
    by_id = {each.package_id: each for each in recorded}
    for each in found:
        kept = by_id.get(each.package_id)
        kinds = {wrong.kind for wrong in each.wrong}
        assert bool(kinds & {"no_plan", "plan_ran_out"}) is not holds_plan(kept, AS_OF)
        if kept is None or kept.next_check is None or kept.next_check < AS_OF:
            assert kinds & {"no_plan", "check_overdue"}
        assert all(wrong.kind in KINDS and wrong.sentence for wrong in each.wrong)
    told = [bool(each.wrong) for each in found]
    assert told == sorted(told, reverse=True)  # whoever is to be looked at comes first
