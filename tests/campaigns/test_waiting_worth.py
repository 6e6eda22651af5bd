"""The parts of the campaign on waiting, by hand and against plays: the bound, the prices, who is made to wait."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from optimiser.forecasting import played_events as happened
from optimiser.forecasting.many_draws import Course
from optimiser.forecasting.rates_given import Arrivals, Given
from optimiser.forecasting.this_week import ThisWeek
from optimiser.forecasting.weekly_figures import AT
from tests.campaigns import waiting_worth
from tests.campaigns.waiting.compared import HEADINGS, PRICED, Asked, lines, of_case
from tests.campaigns.waiting.counties import Case, case
from tests.campaigns.waiting.hindsight import Known, hindsight
from tests.campaigns.waiting.placing_over_weeks import Need, Placing, least_waiting
from tests.campaigns.waiting.priced import Priced
from tests.campaigns.waiting.prices import Futures, Outlook, better_later, dearest_last, too_dear
from tests.making import framework, package, principal, provider, snapshot

EVERY_WEEK = np.ones(3)


def small(number: int = 4) -> Case:
    """A county of the campaign with livelier rates, so that few weeks show much."""
    made = case(1, number)
    lively = replace(made.given, hospital_per_week=0.05, fails_per_year=0.5, restricted_per_year=0.5)
    return replace(made, given=lively)


def lasting(contract: int, *weeks: int) -> tuple[Placing, ...]:
    return tuple(Placing(week, contract, 3, None) for week in weeks)


def test_hours_go_where_most_waiting_is_spared() -> None:
    """One contract of 60 minutes: one person may have it from week 0, another from week 1 on. Whoever begins first spares three
    weeks; the other waits in weeks 1 and 2, and a minute more would have spared a minute in each of these.
    """
    needs = [Need(60, 0, 3, lasting(0, 0, 1, 2)), Need(60, 1, 3, lasting(0, 1, 2))]
    bound = least_waiting(needs, np.full((1, 3), 60.0), [[0]], EVERY_WEEK)
    assert bound.minutes == pytest.approx(120)
    assert bound.prices.sum() == pytest.approx(2)
    assert bound.prices[0, 1:].sum() >= 1


def test_who_is_flexible_makes_way_for_who_is_not() -> None:
    """Two contracts of 60 minutes; one person may have either, the other one the first: nobody waits."""
    flexible = Need(60, 0, 3, (*lasting(0, 0), *lasting(1, 0)))
    bound = least_waiting([flexible, Need(60, 0, 3, lasting(0, 0))], np.full((2, 3), 60.0), [[0], [1]], EVERY_WEEK)
    assert bound.minutes == pytest.approx(0)
    scarce = least_waiting([flexible] * 2 + [Need(60, 0, 3, lasting(0, 0))], np.full((2, 3), 60.0), [[0], [1]], EVERY_WEEK)
    assert scarce.minutes == pytest.approx(180)
    assert scarce.prices.sum(axis=1).tolist() == pytest.approx([3, 3])


def test_people_are_divided_in_the_bound_and_hours_that_are_left_serve_again() -> None:
    halves = least_waiting([Need(120, 0, 3, lasting(0, 0))], np.full((1, 3), 60.0), [[0]], EVERY_WEEK)
    assert halves.minutes == pytest.approx(3 * 60)
    short = Need(60, 0, 3, (Placing(0, 0, 1, None),))
    again = least_waiting([short, Need(60, 1, 3, lasting(0, 1))], np.full((1, 3), 60.0), [[0]], EVERY_WEEK)
    assert again.minutes == pytest.approx(0)
    lost = Need(60, 0, 3, (Placing(0, 0, 1, 1),))
    assert least_waiting([lost], np.full((1, 3), 60.0), [[0]], EVERY_WEEK).minutes == pytest.approx(2 * 60)


@pytest.mark.parametrize(("number", "hold"), [(4, 2), (3, 0), (6, 1)])
def test_what_was_played_is_among_what_hindsight_may_choose(number: int, hold: int) -> None:
    """Every placing of the cascade is one that the bound knows, and by these alone as many minutes wait as were counted."""
    made = small(number)
    course = Course(made.snapshot, replace(made.given, hold_weeks=hold), 20, seed=5)
    play = course.begun(0, logged=True)
    figures = play.to_the_end().figures
    fresh = course.begun(0)
    known = Known(course.ground, fresh.drawn, fresh.replies, hold)
    index = course.ground.county.contract_index
    chosen = {(event.subject, event.week): index[event.contract_id] for event in play.log or [] if event.kind == happened.PLACED}
    waited = 0
    for name, need in known.needs():
        week = need.first
        while week < need.until:
            if (name, week) not in chosen:
                waited += need.minutes * (week > 0)
                week += 1
                continue
            contract = chosen.pop((name, week))
            (placing,) = [each for each in need.placings if (each.week, each.contract) == (week, contract)]
            week = need.until if placing.again is None else placing.again
    assert chosen == {}
    assert waited == figures[1:, -1, AT["unmet_minutes"]].sum()
    kinds = {event.kind for event in play.log or []}
    assert {happened.DECLINED, happened.TO_HOSPITAL, happened.RELEASED, happened.FAILED, happened.BARRED} <= kinds
    assert hindsight(course, fresh.drawn, course.begun(0).replies).minutes <= waited + 1


def outlook(*prices: float, later: float = 0.0) -> Outlook:
    return Outlook(np.array(prices), 2.0, np.full(len(prices), later))


def test_cheap_contracts_are_asked_first_and_equal_ones_in_the_order_of_the_cascade() -> None:
    assert dearest_last(outlook(0.5, 0.1, 0.5, 0.1 + 1e-9), [2, 3, 0, 1]) == [3, 1, 2, 0]


def test_when_somebody_waits_for_a_price() -> None:
    assert [too_dear(outlook(price), 0) for price in (1.0, 2.0, 2.1)] == [False, False, True]
    assert [better_later(outlook(1.5, later=gain), 0, [0]) for gain in (0.4, 0.5, 0.6)] == [False, False, True]
    assert not better_later(outlook(2.0, later=0.6), 0, []), "nothing is to be hoped for of contracts that are not open"


def two_contracts() -> Course:
    """ALDER, the principal, is asked first and can do everything; BRACKEN no dementia. Each has room for ten hours more. Whoever
    is asked for later needs dementia care.
    """
    plain = package("N1", hours=10)
    ran = [package(f"R{n}", hours=10, skills=("dementia",), contract_id="P-ALDER") for n in range(3)]
    ran += [package(f"S{n}", hours=10, contract_id="F-BRACKEN") for n in range(4)]
    county = snapshot(
        [plain, *ran],
        [principal("ALDER", max_hours_4w=Fraction(160)), framework("BRACKEN", max_hours_4w=Fraction(200))],
        providers=[provider("ALDER", skills=("dementia",)), provider("BRACKEN", skills=())],
    )
    return Course(county, Given((Arrivals(2.0, need="dementia"),), ends_per_week=0.0, decline=0.0), 6, seed=3)


def test_hours_are_spared_for_those_who_have_no_other() -> None:
    course = two_contracts()
    placed = {}
    for way in ("cascade", "priced"):
        play = course.begun(0, logged=True)
        if way == "priced":
            play.decide = Priced(Futures(course, 4, 4), "for nothing")
        made = play.to_the_end()
        assert course.wrong(play, made) == []
        first = next(event for event in play.log or [] if event.subject == "N1")
        placed[way] = first.contract_id, int(made.figures[1:, -1, AT["unmet_minutes"]].sum())
    assert (placed["cascade"][0], placed["priced"][0]) == ("P-ALDER", "F-BRACKEN")
    assert placed["priced"][1] < placed["cascade"][1]


def test_prices_know_nothing_of_the_draw_that_is_played() -> None:
    """Other draws of one course, on the first day: the same prices, by numbers that no draw of any course has."""
    course = two_contracts()
    prices = [Futures(course, 4, 4).outlook(ThisWeek(course.begun(draw).played)).price.tolist() for draw in (0, 7)]
    assert prices[0] == prices[1]
    assert prices[0][1] > prices[0][0] >= 0, "F-BRACKEN comes before P-ALDER"
    assert Futures(course, 1, 1).seed not in range(10**6), "no forecast's own"


def test_every_way_of_a_county_is_checked_and_told() -> None:
    found = of_case(small(), Asked(1, 6, 2, 3))
    assert (found.wrong, found.unsolved) == ((), 0)
    assert found.unmet["cascade"] >= found.unmet["bound"] > 0
    assert set(found.made_to_wait) == set(PRICED)
    assert found.made_to_wait["priced"] == (0, 0), "nobody waits for a price"
    told = list(lines([found]))
    assert list(lines([replace(found, unsolved=2)]))[-1].startswith("2 sampled futures")
    assert len(found.cells()) == len(HEADINGS)
    assert sum(line.startswith(("cascade", "engine", *PRICED, "bound")) for line in told) >= 6


def test_the_same_whatever_the_processes() -> None:
    asked = Asked(2, 3, 1, 2)
    alone, together = (waiting_worth.run(asked, 2, workers) for workers in (1, 2))
    assert alone == together
