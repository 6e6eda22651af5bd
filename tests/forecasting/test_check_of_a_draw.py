"""The check of a draw finds what is wrong with it: events taken out, put in and turned."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from optimiser.forecasting.check import Replay
from optimiser.forecasting.many_draws import Course, may_end
from optimiser.forecasting.played_events import ENDED, FAILED, PLACED, Event
from optimiser.forecasting.rates_given import Arrivals, Given
from optimiser.forecasting.weekly_figures import FIGURES
from tests.making import framework, legacy, package, principal, provider, restriction, snapshot

GIVEN = Given((Arrivals(2.0),), ends_per_week=0.05, decline=0.2, lasting=0.0)
PEOPLE = [package(f"P{number}", hours=4, skills=("dementia",) if number == 0 else ()) for number in range(6)]
COUNTY = snapshot(
    PEOPLE,
    [
        principal("ALDER", max_hours_4w=Fraction(48)), framework("BRACKEN", max_hours_4w=Fraction(32)),
        legacy("DOCK"), legacy("ELDER"),
    ],
    providers=[
        provider("ALDER"), provider("BRACKEN"), provider("ELDER"),
        provider("DOCK", skills=("dementia",), max_hours_4w=Fraction(200)),
    ],
    restrictions=[restriction("ELDER")],
)  # fmt: skip
Changed = Callable[[list[Event]], list[Event]]


def said(change: Changed, *, asks: int = 5, ends: bool = True) -> list[str]:
    """What the check finds after the events of a draw were changed."""
    course = Course(COUNTY, GIVEN, 12, seed=3)
    play, made = course.play(0, logged=True)
    told = [dict(zip(FIGURES, week[-1].tolist(), strict=True)) for week in made.figures]
    arrivals = {each.package.package_id: each.package for week in play.drawn.arrivals for each in week}
    begun = course.ground.county.snapshot
    drawn = may_end(begun, play.drawn) if ends else {}
    return Replay(begun, course.ground.rules, arrivals, drawn, asks).run(change(list(play.log or [])), told)


def first(events: list[Event], kind: str) -> int:
    return next(place for place, event in enumerate(events) if event.kind == kind)


def elsewhere(contract_id: str, subject: str = "") -> Changed:
    """The first placement, or that of somebody, on another contract."""

    def change(events: list[Event]) -> list[Event]:
        place = next(at for at, event in enumerate(events) if event.kind == PLACED and subject in ("", event.subject))
        events[place] = events[place]._replace(contract_id=contract_id)
        return events

    return change


def without(kind: str) -> Changed:
    def change(events: list[Event]) -> list[Event]:
        del events[first(events, kind)]
        return events

    return change


def twice(events: list[Event]) -> list[Event]:
    place = first(events, PLACED)
    return [*events[: place + 1], *events[place:]]


def a_failure_of_nobody(events: list[Event]) -> list[Event]:
    return [*events, Event(12, FAILED, "DOCK")]


def all_with_the_principal(events: list[Event]) -> list[Event]:
    return [event._replace(contract_id="P-ALDER") if event.kind == PLACED else event for event in events]


def test_nothing_is_wrong_with_the_draw_itself() -> None:
    assert said(lambda events: events) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (elsewhere("L-ELDER"), "L-ELDER was asked although not_restricted bars it"),
        (elsewhere("F-BRACKEN", "P0"), "F-BRACKEN was asked although skills bars it"),
        (elsewhere("L-DOCK", "P1"), "L-DOCK was asked before "),
        (all_with_the_principal, "P-ALDER was asked for more than it has room for"),
        (twice, "a place was sought for somebody who is care"),
        (without(PLACED), "people_with_care is "),
        (without(ENDED), "is told"),
        (a_failure_of_nobody, "legacy_minutes is 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(change: Changed, words: str) -> None:
    assert [each for each in said(change) if words in each]


def test_an_end_that_was_not_drawn_and_one_offer_too_many_are_found() -> None:
    assert "care ended that was not drawn to end" in " ".join(said(lambda events: events, ends=False))
    assert "more offers for one person" in " ".join(said(lambda events: events, asks=1))
