"""The clock of enhanced home support, hour by hour, and over both nights on which London's clocks change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from optimiser.county import County
from optimiser.domain.dates import instant_of
from optimiser.domain.policy import EnhancedSettings
from optimiser.judging.enhanced_support import Support, support_of, supports
from optimiser.judging.limit_use import entry_plan
from optimiser.rules.levels.principal_first import PrincipalFirst
from optimiser.rules.levels.shares import live_areas
from optimiser.rules.levels.volume_share import VolumeShare
from tests.making import AS_OF, days, framework, package, principal, snapshot, specialist

SETTINGS = EnhancedSettings()
MONDAY = dt.datetime(2026, 11, 23, 8, 10)
ASKED, SOON, ON = "care_still_needed", "support_ends_soon", "support_runs_on"


def support(first_visit_at: dt.datetime | None, now: dt.datetime, answered_at: dt.datetime | None = None) -> Support:
    person = package(
        "E1", contract_id="S-DOCK", service="enhanced_home_support", first_visit_at=first_visit_at, care_started=AS_OF
    )
    found = support_of(person, SETTINGS, now, answered_at)
    assert found is not None
    return found


def after(hours: float, begun: dt.datetime = MONDAY) -> dt.datetime:
    """So many real hours after a moment on the wall clock."""
    return instant_of(begun) + dt.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "kinds"),
    [
        (0, []),
        (23, []),
        (24 - 1 / 60, []),
        (24, [ASKED]),
        (48, [ASKED]),
        (66 - 1 / 60, [ASKED]),
        (66, [SOON, ASKED]),
        (72 - 1 / 60, [SOON, ASKED]),
        (72, [ON, ASKED]),
        (1000, [ON, ASKED]),
    ],
)
def test_what_is_to_be_looked_at_hour_by_hour(hours: float, kinds: list[str]) -> None:
    assert [each.kind for each in support(MONDAY, after(hours)).wrong] == kinds


@pytest.mark.parametrize(
    ("answered", "now", "asked"),
    [
        (20, 24, True),  # said before it was asked: it is asked all the same
        (24, 24, False),
        (30, 47, False),
        (30, 48, True),  # asked again
        (48, 71, False),
        (30, 71, True),
        (60, 80, False),
    ],
)
def test_an_answer_is_one_to_what_was_asked_before_it(answered: float, now: float, *, asked: bool) -> None:
    found = support(MONDAY, after(now), after(answered))
    assert (found.question_since is not None) is asked
    assert (ASKED in [each.kind for each in found.wrong]) is asked


def test_each_question_is_an_occasion_of_its_own_and_says_its_moment() -> None:
    first, second = support(MONDAY, after(30)).wrong[0], support(MONDAY, after(50)).wrong[0]
    assert (first.about, second.about) == ("2026-11-24T08:10:00", "2026-11-25T08:10:00")
    assert first.sentence == "Is care still needed? Asked since 8:10 on 24 November 2026."
    assert support(MONDAY, after(70)).wrong[0].sentence == "The support ends at 8:10 on 26 November 2026."
    told = "The support was for up to 8:10 on 26 November 2026; what runs on since is not decided."
    assert support(MONDAY, after(72)).wrong[0].sentence == told


def test_when_the_clocks_go_back_72_hours_are_72_hours() -> None:
    """From Saturday 24 October 2026, 20:00 BST: the night has an hour more, so all comes an hour earlier on the wall clock."""
    begun = dt.datetime(2026, 10, 24, 20)
    found = support(begun, after(72, begun))
    assert found.ends_at == dt.datetime(2026, 10, 27, 19, tzinfo=dt.UTC)
    assert found.wrong[0].about == "2026-10-27T19:00:00"
    assert [each.kind for each in support(begun, after(72, begun) - dt.timedelta(minutes=1)).wrong] == [SOON, ASKED]


def test_when_the_clocks_go_forward_too() -> None:
    """From Saturday 27 March 2027, 20:00 GMT: the night has an hour less, so all comes an hour later on the wall clock."""
    begun = dt.datetime(2027, 3, 27, 20)
    assert support(begun, after(24, begun)).wrong[0].about == "2027-03-28T21:00:00"
    assert support(begun, after(72, begun)).wrong[0].about == "2027-03-30T21:00:00"


@pytest.mark.parametrize(
    ("shown", "instant"),
    [
        (dt.datetime(2026, 10, 25, 1, 30), dt.datetime(2026, 10, 25, 0, 30)),  # comes twice: the first is meant
        (dt.datetime(2027, 3, 28, 1, 30), dt.datetime(2027, 3, 28, 1, 30)),  # is none: 2:30 BST
    ],
)
def test_a_time_that_there_is_twice_or_not_at_all(shown: dt.datetime, instant: dt.datetime) -> None:
    assert support(shown, after(0, shown)).began_at == instant.replace(tzinfo=dt.UTC)


def test_without_a_first_visit_it_counts_from_the_start_of_the_day() -> None:
    found = support(None, after(24, dt.datetime(2026, 11, 23)))
    assert (found.is_first_visit, found.wrong[0].about) == (False, "2026-11-24T00:00:00")
    assert "the start of the day" in found.clock
    assert "its first visit, 8:10 on 23 November 2026: for up to 8:10 on 26" in support(MONDAY, after(1)).clock


def test_a_beginning_that_is_not_recorded_is_long_ago() -> None:
    person = package("E1", contract_id="S-DOCK", service="enhanced_home_support", care_started=None)
    found = support_of(person, SETTINGS, after(0))
    assert found is not None
    assert (found.runs_on, [each.kind for each in found.wrong]) == (True, [ON])
    assert found.clock.endswith("not decided.")


def test_a_beginning_at_either_end_of_the_calendar() -> None:
    assert support(dt.datetime.min, after(0)).runs_on
    assert support(dt.datetime.max, after(0)).wrong == ()


def test_who_has_such_support_the_longest_first_and_nobody_else() -> None:
    enhanced: dict[str, Any] = {"contract_id": "S-DOCK", "service": "enhanced_home_support"}
    people = [
        package("E1", **enhanced, care_started=days(-1)),
        package("E2", **enhanced, care_started=days(-1), first_visit_at=MONDAY),
        package("E3", **enhanced, care_started=None),
        package("R1", contract_id="S-DOCK", service="night", care_started=days(-9)),
        package("N1", service="enhanced_home_support"),
    ]
    county = replace(snapshot(people, [specialist("DOCK")]), enhanced=EnhancedSettings(limit_hours=100))
    found = supports(county, after(30), {"E1": after(29)})
    assert [each.package_id for each in found] == ["E3", "E1", "E2"]
    assert [each.question_since is None for each in found] == [True, True, False]
    assert found[1].ends_at == after(76, dt.datetime(2026, 11, 23))


@pytest.mark.parametrize("begun", [days(0), days(-30)])
def test_its_hours_are_in_none_of_the_shares_however_long_it_runs_on(begun: dt.date) -> None:
    """ALDER has 6 of 10 hours, below its 65%; 40 hours of enhanced home support change none of it."""
    people = [package("R1", contract_id="P-ALDER", hours=6), package("R2", contract_id="F-BRACKEN", hours=4)]
    enhanced = package("E1", contract_id="S-DOCK", service="enhanced_home_support", hours=40, care_started=begun)
    contracts = [principal("ALDER"), framework("BRACKEN"), specialist("DOCK", service="enhanced_home_support")]
    told = []
    for here in (people, [*people, enhanced]):
        made = County.of(snapshot(here, contracts))
        shares = [(each.demand, each.upper, each.lower) for each in live_areas(made)]
        told.append((shares, [level.measure(made, entry_plan(made)) for level in (VolumeShare(), PrincipalFirst())]))
    assert told[0] == told[1]
    assert (told[0][0], list(map(int, told[0][1]))) == ([(600, 450, 390)], [30, 90])
