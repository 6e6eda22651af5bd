"""One person at a time is as the engine and the service have it: the same order, rooms and places, on random counties."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.county import NOWHERE, County
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.answers_record import Answers
from optimiser.forecasting.asked_next import AskedNext
from optimiser.forecasting.check import Replay
from optimiser.forecasting.decided_together import whole
from optimiser.forecasting.events_drawn import Scenery
from optimiser.forecasting.ground import Ground
from optimiser.forecasting.keyed_chance import Dice
from optimiser.forecasting.many_draws import may_end
from optimiser.forecasting.one_at_a_time import Replies, decided
from optimiser.forecasting.play import Play
from optimiser.forecasting.rates_given import Arrivals, Given
from optimiser.forecasting.this_week import ThisWeek
from optimiser.forecasting.weekly_figures import FIGURES
from optimiser.judging.candidates import judge
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.judging.ranking import Cascade
from optimiser.rules.book import standard_rules
from optimiser.solving.greedy import by_hand
from tests.making import framework, package, snapshot
from tests.making.living import living_snapshots

RULES = standard_rules()


LIVELY = Given(
    (Arrivals(3.0),),
    ends_per_week=0.1,
    changes_per_week=0.1,
    hospital_per_week=0.1,
    hold_weeks=1,
    fails_per_year=0.9,
    restricted_per_year=0.9,
    restricted_weeks=2,
    asks_per_week=3,
)


def saying(snapshot: Snapshot, part: float) -> Answers:
    """Every provider declines this part of offers; of these some for good, some by letting them run out."""
    decline = {each.provider_id: part for each in snapshot.providers}
    return Answers(decline, lasting=0.3, lapsed=0.2, since=None, yes={}, no={})


def lively(snapshot: Snapshot, weeks: int, seed: int, part: float = 0.4, **rates: Any) -> tuple[Play, Ground]:
    """A county in which much happens."""
    ground, dice = Ground.of(snapshot, RULES), Dice(seed, 0)
    own = replace(LIVELY, **rates)
    drawn = Scenery(ground.county.snapshot, own, weeks).drawn(dice)
    return Play(ground, own, drawn, Replies(dice, saying(snapshot, part)), logged=True), ground


@given(living_snapshots())
@settings(max_examples=15)
def test_with_every_answer_yes_the_first_week_is_the_cascade_by_hand(snapshot: Snapshot) -> None:
    """Where no principal is beyond its share: the engine's cascade by hand leaves that to its levels."""
    policy = replace(snapshot.policy, principal_share_target=Fraction(1), share_tolerance=Fraction(1))
    snapshot = replace(snapshot, policy=policy)
    ground = Ground.of(snapshot, RULES)
    county = County.of(ground.county.snapshot)
    new = np.flatnonzero(county.running_on == NOWHERE)
    entry = Usage.of(county, RULES, entry_plan(county))
    expected = by_hand(county, judge(county, RULES, new), entry, RULES.groups(county))
    play, _ = lively(snapshot, 1, 1, 0.0)
    week = ThisWeek(play.played)
    found = {county.package_index[each.person.name]: each.contract for each in decided(week, play.replies, 50)}
    assert found == expected


@given(living_snapshots(), st.integers(0, 3), st.integers(0, 99))
@settings(max_examples=12)
def test_weeks_later_the_order_and_the_rooms_are_those_of_the_engine(snapshot: Snapshot, weeks: int, seed: int) -> None:
    play, _ = lively(snapshot, weeks or 1, seed)
    for _ in range(weeks):
        play._asked_and_counted()
        play.one_week_on()
    county = County.of(whole(play.played))
    week = ThisWeek(play.played)
    candidates = judge(county, RULES)
    usage = Usage.of(county, RULES, entry_plan(county))
    cascade, asked = Cascade(county, entry_plan(county)), AskedNext(week)
    limits = {(limit.rule, limit.subject): usage.limits[i].whole_minutes - usage.used[i] for i, limit in enumerate(usage.limits)}
    assert {(limit.rule, limit.subject): week.rooms[i] for i, limit in enumerate(week.limits)} == limits
    for index, person in enumerate(week.waiting):
        package = county.package_index[person.name]
        allowed = candidates.of(package).tolist()
        assert np.flatnonzero(week.allowed[index]).tolist() == allowed
        able = [contract for contract in allowed if week.has_room([index], contract)]
        expected = [place.contract for place in cascade.in_turn(package, able)]
        assert list(asked.order([index], allowed)) == expected


@given(living_snapshots(), st.integers(0, 10_000))
@settings(max_examples=12)
def test_the_check_finds_nothing_wrong_with_what_is_played(snapshot: Snapshot, seed: int) -> None:
    play, ground = lively(snapshot, 8, seed)
    made = play.to_the_end()
    told = [dict(zip(FIGURES, figures[-1].tolist(), strict=True)) for figures in made.figures]
    arrivals = {each.package.package_id: each.package for week in play.drawn.arrivals for each in week}
    ends = may_end(ground.county.snapshot, play.drawn)
    assert Replay(ground.county.snapshot, RULES, arrivals, ends, LIVELY.asks_per_week).run(play.log or [], told) == []


def test_a_county_that_was_played_can_be_played_on() -> None:
    county = snapshot([package(f"R{number}") for number in range(6)], [framework("BRACKEN")])
    play, _ = lively(county, 6, 1)
    play.to_the_end()
    later = whole(play.played)
    assert any(each.package_id.startswith("NEW-") for each in later.packages)
    further, _ = lively(later, 6, 1)
    further.to_the_end()
    invented = {each.package.package_id for week in further.drawn.arrivals for each in week}
    assert invented and not invented & {each.package_id for each in later.packages}
