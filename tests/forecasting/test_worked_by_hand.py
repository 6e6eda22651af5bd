"""Three people and two contracts, with rates of nothing and of one: every figure worked out on paper."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.check import Replay
from optimiser.forecasting.many_draws import Course, may_end
from optimiser.forecasting.play import Play
from optimiser.forecasting.played_events import BACK, CHANGED, FAILED, GREW, PLACED, RELEASED, TO_HOSPITAL
from optimiser.forecasting.rates_given import Arrivals, Given, OfProvider, Season
from optimiser.forecasting.weekly_figures import AT, FIGURES
from tests.making import area, cap, days, following, legacy, offer, package, principal, provider, rate, snapshot

STILL = Given((), ends_per_week=0.0, decline=0.0)
"""Nothing happens, and every provider says yes."""


def county(**given: Any) -> Snapshot:
    """Alder, the principal, delivers up to 10 hours a week and is paid for 8; Dock, legacy, has no limit. £24 an hour.

    A waits with 6 hours, urgent; B waits with 6 hours, standard; C has 4 hours with Dock. No area is live but A1.
    """
    people = [
        package("A", hours=6, priority="urgent"),
        package("B", hours=6, priority="standard"),
        package("C", hours=4, contract_id="L-DOCK", care_started=days(-100)),
    ]
    held = [principal("ALDER", max_hours_4w=Fraction(40), guarantee=Fraction(4, 5)), legacy("DOCK")]
    return snapshot(people, given.pop("contracts", held), **given)


def played(snapshot: Snapshot, given: Given, weeks: int) -> tuple[Play, list[dict[str, int]]]:
    """The draw, and the county's figures week by week; the check agrees."""
    course = Course(snapshot, given, weeks, seed=1)
    play, made = course.play(0, logged=True)
    figures = [dict(zip(FIGURES, week[-1].tolist(), strict=True)) for week in made.figures]
    begun = course.ground.county.snapshot
    arrivals = {each.package.package_id: each.package for week in play.drawn.arrivals for each in week}
    replay = Replay(begun, course.ground.rules, arrivals, may_end(begun, play.drawn), given.asks_per_week)
    assert replay.run(play.log or [], figures) == []
    return play, figures


def where(play: Play) -> dict[str, str]:
    """Per person the contract, or where they are."""
    contracts = play.played.contracts
    return {
        person.name: contracts[person.contract].contract_id if person.where == "care" else person.where
        for person in play.played.people.values()
    }


def test_the_urgent_one_goes_to_the_principal_and_the_other_has_no_room_there() -> None:
    play, (today, later) = played(county(), STILL, 1)
    assert where(play) == {"A": "P-ALDER", "B": "L-DOCK", "C": "L-DOCK"}
    # 16 hours: 6 with Alder, 10 with Dock; 16 x £24 = £384. Alder is paid for 8 hours and delivers 6: 2 x £24 = £48 more.
    assert today == later | {"placed_up_to_7_hours": 2}
    told = {name: value for name, value in today.items() if value}
    assert told == {
        "people_with_care": 3, "demand_minutes": 960, "share_of_minutes": 960, "principal_minutes": 360, "legacy_minutes": 600,
        "cost_pence": 38_400 + 4_800, "guarantee_unused_pence": 4_800, "placed_up_to_7_hours": 2,
    }  # fmt: skip


def test_where_every_provider_declines_both_wait_and_are_asked_again_when_the_no_is_over() -> None:
    play, figures = played(county(), replace(STILL, decline=1.0), 4)
    assert where(play) == {"A": "waiting", "B": "waiting", "C": "L-DOCK"}
    assert [week["people_waiting"] for week in figures] == [2] * 5
    assert [week["unmet_minutes"] for week in figures] == [720] * 5
    # A no stands for 14 days: A is asked of both and B of Dock alone where... both have room for either: two offers each.
    assert [sum(e.kind == "declined" for e in play.log or [] if e.week == week) for week in range(5)] == [4, 0, 4, 0, 4]


def test_a_no_for_good_is_not_asked_again() -> None:
    play, _ = played(county(), replace(STILL, decline=1.0, lasting=1.0), 4)
    assert sum(event.kind == "declined" for event in play.log or []) == 4


def test_where_all_needs_end_nobody_is_left() -> None:
    play, figures = played(county(), replace(STILL, ends_per_week=1.0), 1)
    assert set(where(play).values()) == {"ended"}
    assert figures[1]["demand_minutes"] == figures[1]["people_with_care"] == 0
    assert figures[1]["cost_pence"] == figures[1]["guarantee_unused_pence"] == 8 * 2_400


def test_care_under_a_contract_that_ends_stays_and_is_counted() -> None:
    held = [principal("ALDER", max_hours_4w=Fraction(40)), legacy("DOCK", ends=days(7))]
    play, (today, later) = played(county(contracts=held), STILL, 1)
    assert where(play)["C"] == "L-DOCK"
    assert (today["ended_contract_minutes"], later["ended_contract_minutes"]) == (0, 600)


def test_care_carries_over_to_the_contract_that_follows_at_its_prices() -> None:
    before = legacy("DOCK", ends=days(7))
    held = [principal("ALDER", max_hours_4w=Fraction(0)), before, following(before, "L-DOCK-2", days(7), rates_pence=(3000,) * 3)]
    play, (today, later) = played(county(contracts=held), STILL, 1)
    assert set(where(play).values()) == {"L-DOCK-2"}
    assert (today["cost_pence"], later["cost_pence"]) == (16 * 2_400, 16 * 3_000)
    assert later["ended_contract_minutes"] == 0


def test_prices_rise_on_their_day() -> None:
    _, figures = played(county(rates=[rate("L-DOCK", days(14), 3_000)]), STILL, 2)
    assert [week["cost_pence"] - week["guarantee_unused_pence"] for week in figures] == [38_400, 38_400, 6 * 2_400 + 10 * 3_000]


def test_a_provider_that_stops_leaves_its_people_to_the_others() -> None:
    own = {"ALDER": OfProvider(fails_on=days(3))}
    play, (_, later) = played(county(), replace(STILL, providers=own), 1)
    assert [event.subject for event in play.log or [] if event.kind == FAILED] == ["ALDER"]
    assert where(play)["A"] == "L-DOCK"
    assert later["principal_minutes"] == later["guarantee_unused_pence"] == later["people_waiting"] == 0
    assert (later["placed_up_to_7_hours"], later["weeks_waited_up_to_7_hours"]) == (1, 0)


def test_a_barred_provider_keeps_its_people_and_takes_nobody() -> None:
    own = {"DOCK": OfProvider(restricted_per_year=1.0)}
    waiting = county(providers=[provider("ALDER", max_hours_4w=Fraction(0)), provider("DOCK")])
    given = replace(STILL, providers=own, decline=1.0)
    play, figures = played(waiting, given, 1)
    assert play.played.restrictions[-1].provider_id == "DOCK"
    assert figures[1]["legacy_minutes"] == 240


def test_a_cap_that_is_passed_elsewhere_bars_nobody_here() -> None:
    """Alder has taken on 4 hours in A2, of one that its cap there allows: whoever waits in A1 does not count under it."""
    people = [package("A", hours=6), package("C", hours=4, area_id="A2", contract_id="L-ALDER", care_started=days(-5))]
    capped = cap("ALDER", 4, area_id="A2", starts=days(-10))
    made = snapshot(people, [legacy("ALDER")], areas=[area("A1"), area("A2")], restrictions=[capped])
    play, _ = played(made, STILL, 1)
    assert where(play)["A"] == "L-ALDER"


def test_in_hospital_the_place_is_kept_and_then_sought_anew() -> None:
    given = replace(STILL, hospital_per_week=1.0, hospital_weeks=1.0, hospital_returns=1.0, hold_weeks=1)
    play, figures = played(county(), given, 2)
    kinds = [event.kind for event in play.log or []]
    assert kinds.count(TO_HOSPITAL) == 3 and kinds.count(BACK) == 3 and RELEASED not in kinds
    assert [week["people_with_care"] for week in figures] == [3, 3, 3]
    play, figures = played(county(), replace(given, hold_weeks=0), 2)
    assert [week["people_with_care"] for week in figures] == [3, 0, 3]
    back = {name: person.package for name, person in play.played.people.items()}
    assert {each.priority for each in back.values()} == {"discharge"}


def test_whoever_needs_more_waits_for_room_where_the_care_is() -> None:
    given = replace(STILL, changes_per_week=1.0, change_part=0.5, changes_up=1.0)
    play, figures = played(county(), given, 2)
    events = [event for event in play.log or [] if event.subject == "A" and event.kind in (CHANGED, GREW)]
    # A's 6 hours become 9, which Alder has room for; then 13.5, which it has not: it goes on with 9 and 4.5 are unmet.
    assert [(event.week, event.kind, event.minutes) for event in events] == [
        (1, CHANGED, 540), (1, GREW, 180), (2, CHANGED, 810),
    ]  # fmt: skip
    assert (figures[1]["unmet_minutes"], figures[2]["unmet_minutes"]) == (0, 270)


def test_people_are_asked_for_at_the_rate_given_and_are_like_those_of_the_area() -> None:
    play, figures = played(county(), replace(STILL, arrivals=(Arrivals(2.0, "A1"),)), 50)
    arrived = [event for event in play.log or [] if event.kind == "arrived"]
    assert 70 < len(arrived) < 130  # a hundred on average, ten either way
    assert {event.minutes for event in arrived} == {240, 360}
    assert figures[-1]["people_with_care"] == 3 + len(arrived)
    placed = [event for event in play.log or [] if event.kind == PLACED]
    assert len(placed) == len(arrived) + 2


def test_a_season_without_arrivals() -> None:
    winter = Season((12, 1), (3, 1), arrivals=0.0)
    play, _ = played(county(), replace(STILL, arrivals=(Arrivals(2.0),), seasons=(winter,)), 20)
    weeks = {event.week for event in play.log or [] if event.kind == "arrived"}
    assert weeks and weeks.isdisjoint(range(2, 14))  # from 7 December up to 22 February


def test_whoever_has_said_yes_delivers_and_a_part_ends_with_its_person() -> None:
    people = [package("A", hours=6), package("B", hours=2, part_of="A")]
    made = snapshot(people, [legacy("DOCK")], offers=[offer("A", "L-DOCK", "accepted")])
    play, figures = played(made, replace(STILL, ends_per_week=0.5), 12)
    assert figures[0]["people_with_care"] == 2
    ended = {event.subject: event.week for event in play.log or [] if event.kind == "ended"}
    assert ended["A"] == ended["B"]
    assert AT["people_with_care"] == 0
