"""Fitting a package into rounds: by hand, and against a plain search that replays every run."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Staffing, StaffingSettings, Worker, seconds_of
from optimiser.geography.travel_times.interface import degrees
from optimiser.geography.travel_times.straight_line import DRIVING, WALKING, StraightLineTravel
from optimiser.rounds.fitting.cheapest_insertion import RoundsInMemory
from optimiser.rounds.fitting.fit import Fit, Shifted
from optimiser.rounds.fitting.fit_check import FitCheck
from tests.making import at, legacy, package, snapshot
from tests.making.simple_rounds import simple_plan, visit
from tests.making.weeks import town, town_rounds

A_MINUTE_A_KILOMETRE = StraightLineTravel(seconds_per_kilometre=60, minutes_to_park=0)
MON: tuple[str, ...] = ("mon",)
LOOSE = StaffingSettings(Staffing(weekly_hours_limit=Fraction(168)))


def clock(text: str) -> int:
    return seconds_of(dt.time.fromisoformat(text))


def road(*visits: Visit, east: dict[str, int]) -> Snapshot:
    """People along a road, at kilometres east; all running with P1."""
    people = [package(name, at(1000 * km), contract_id="L1") for name, km in east.items()]
    return snapshot(people, [legacy("P1", contract_id="L1")], visits=visits)


def run(round_id: str, day: str, *lines: tuple[str, str, str, int]) -> list[PlannedVisit]:
    """Visits as (visit, start, end, seconds of travel)."""
    made: list[PlannedVisit] = []
    for position, (name, start, end, travel) in enumerate(lines, 1):
        arrival = clock(start) if position == 1 else made[-1].end + travel
        made.append(
            PlannedVisit(round_id, day, position, name, f"W-{round_id}", arrival, clock(start), clock(end), travel, travel)
        )
    return made


def plan_of(*runs: list[PlannedVisit], shift: str = "morning") -> RoundsPlan:
    days: dict[str, set[str]] = {}
    for each in runs:
        days.setdefault(each[0].round_id, set()).add(each[0].day)
    rounds = [PlannedRound(name, "P1", shift, tuple(d for d in DAYS if d in days[name]), "") for name in sorted(days)]
    return RoundsPlan(tuple(rounds), tuple(v for each in runs for v in each), (), "by hand")


def fitted(county: Snapshot, plan: RoundsPlan, person: Package, *visits: Visit, given: Any = LOOSE, workers: Any = ()) -> Fit:
    memory = RoundsInMemory(plan, county, given, A_MINUTE_A_KILOMETRE, workers)
    (fit,) = memory.fit(person, visits, ["P1"])
    return fit


MORNING = (visit("VA", "A", "07:00", "09:30", days=MON), visit("VB", "B", "07:00", "09:30", days=MON))
TEN_KM = {"A": 0, "B": 10}
A_THEN_B = run("R1", "mon", ("VA", "08:00", "08:30", 0), ("VB", "08:40", "09:10", 600))


def test_on_the_way_costs_nothing_and_pushes_the_next() -> None:
    """From A (08:30) 4 km to the new person: 08:34 to 09:04, 6 km on: B begins at 09:10 instead of 08:40, within its window."""
    person, wish = package("N", at(4_000)), visit("VN", "N", "08:00", "09:00", days=MON)
    fit = fitted(road(*MORNING, east=TEN_KM), plan_of(A_THEN_B), person, wish)
    (one,) = fit.insertions
    assert (one.round_id, one.position, one.start, one.extra_travel) == ("R1", 2, clock("08:34"), 0)
    assert fit.shifted == (Shifted("VB", "mon", "R1", 30 * 60),)
    assert fit.extra_minutes == 0 and fit.is_whole


def test_before_the_first_it_is_as_late_as_can_be_and_pushes_nobody() -> None:
    person, wish = package("N", at(-5_000)), visit("VN", "N", "07:00", "07:45", days=MON)
    fit = fitted(road(*MORNING, east=TEN_KM), plan_of(A_THEN_B), person, wish)
    (one,) = fit.insertions
    assert (one.position, one.start, one.extra_travel) == (1, clock("07:25"), 300)
    assert fit.shifted == ()


def test_after_the_last_it_is_as_soon_as_can_be() -> None:
    person, wish = package("N", at(13_000)), visit("VN", "N", "09:00", "11:00", days=MON)
    (one,) = fitted(road(*MORNING, east=TEN_KM), plan_of(A_THEN_B), person, wish).insertions
    assert (one.position, one.start, one.extra_travel) == (3, clock("09:13"), 180)


def test_time_critical_visits_are_not_pushed() -> None:
    """As above, but B needs medication: the new person would have to come after it, and their window is over by then."""
    county = road(*MORNING, east=TEN_KM)
    county = replace(
        county, packages=tuple(replace(p, skills=("medication",)) if p.package_id == "B" else p for p in county.packages)
    )
    fit = fitted(county, plan_of(A_THEN_B), package("N", at(4_000)), visit("VN", "N", "08:20", "09:00", days=MON))
    assert fit.insertions == () and fit.missing == (("VN", "mon"),)


def test_visits_where_two_meet_are_not_pushed() -> None:
    county = road(MORNING[0], replace(MORNING[1], workers=2), east=TEN_KM)
    fit = fitted(county, plan_of(A_THEN_B), package("N", at(4_000)), visit("VN", "N", "08:20", "09:00", days=MON))
    assert fit.missing == (("VN", "mon"),)


def test_two_care_workers_reach_the_person_at_one_time() -> None:
    """R1 can be there from 08:34, R2 (free at 08:20, 6 km away) from 08:26: both start at 08:34."""
    county = road(*MORNING, visit("VC", "C", "07:00", "09:00", days=MON), east={**TEN_KM, "C": 10})
    plan = plan_of(run("R1", "mon", ("VA", "08:00", "08:30", 0)), run("R2", "mon", ("VC", "07:50", "08:20", 0)))
    person, wish = package("N", at(4_000), workers=2), visit("VN", "N", "08:20", "09:00", days=MON, workers=2)
    one, two = fitted(county, plan, person, wish).insertions
    assert {one.round_id, two.round_id} == {"R1", "R2"}
    assert one.start == two.start == clock("08:34")
    assert fitted(county, plan_of(run("R1", "mon", ("VA", "08:00", "08:30", 0))), person, wish).missing == (("VN", "mon"),)


def test_one_round_on_all_days_rather_than_the_nearest_of_each() -> None:
    """R1 is at hand on both days; R2 is nearer on Monday but does not run on Tuesday."""
    days = ("mon", "tue")
    county = road(
        visit("VA", "A", "07:00", "09:30", days=days), visit("VB", "B", "07:00", "09:30", days=MON), east={"A": 0, "B": 4}
    )
    plan = plan_of(
        run("R1", "mon", ("VA", "08:00", "08:30", 0)),
        run("R1", "tue", ("VA", "08:00", "08:30", 0)),
        run("R2", "mon", ("VB", "08:00", "08:30", 0)),
    )
    person = package("N", at(5_000))
    both = fitted(county, plan, person, visit("VN", "N", "08:30", "10:00", days=days))
    assert both.round_ids == ("R1",) and both.extra_minutes == 10
    assert fitted(county, plan, person, visit("VN", "N", "08:30", "10:00", days=MON)).round_ids == ("R2",)
    beyond = fitted(county, plan, person, visit("VN", "N", "08:30", "10:00", days=("mon", "wed")))
    assert beyond.missing == (("VN", "wed"),) and not beyond.is_whole


def test_the_second_visit_knows_of_the_first() -> None:
    """Both visits to one person in one half hour: the second begins when the first ends, with no way between."""
    person = package("N", at(4_000))
    wishes = (visit("V1", "N", "09:10", "10:00", days=MON), visit("V2", "N", "09:10", "10:00", days=MON))
    one, two = fitted(road(*MORNING, east=TEN_KM), plan_of(A_THEN_B), person, *wishes).insertions
    assert (one.start, two.start) == (clock("09:16"), clock("09:46")) or (two.start, one.start) == (
        clock("09:16"),
        clock("09:46"),
    )
    assert one.extra_travel + two.extra_travel == 360


def test_the_break_stays() -> None:
    """From A to B 07:30 to 14:30 is more than six hours; the one gap, 10:00 to 10:40, holds the break."""
    visits = (
        visit("VA", "A", "07:00", "07:00", days=MON, duration_minutes=180),
        visit("VB", "B", "10:40", "10:40", days=MON, duration_minutes=230),
    )
    county = road(*visits, east={"A": 0, "B": 0})
    plan = plan_of(run("R1", "mon", ("VA", "07:00", "10:00", 0), ("VB", "10:40", "14:30", 0)))
    person = package("N", at(0))
    assert fitted(county, plan, person, visit("VN", "N", "08:00", "13:00", days=MON)).missing
    short = visit("VN", "N", "08:00", "13:00", days=MON, duration_minutes=20)
    (one,) = fitted(county, plan, person, short).insertions
    assert one.start == clock("10:00")


def test_hours_of_shift_and_week_hold() -> None:
    """The run lasts 70 minutes of a worker whose week is that long: nothing may be added at its ends, though in its middle."""
    county, plan = road(*MORNING, east=TEN_KM), plan_of(A_THEN_B)
    person, after = package("N", at(10_000)), visit("VN", "N", "09:10", "11:00", days=MON)
    assert fitted(county, plan, person, after).is_whole
    full = Worker("W-R1", "P1", (), "drives", None, None, Fraction(70, 60), ())
    assert fitted(county, plan, person, after, workers=[full]).missing
    longer = replace(LOOSE.defaults, shift_hours_limit=Fraction(99, 60))
    assert fitted(county, plan, person, after, given=StaffingSettings(longer)).missing
    assert fitted(
        county, plan, person, after, given=StaffingSettings(replace(longer, shift_hours_limit=Fraction(100, 60)))
    ).is_whole


def test_what_else_a_care_worker_does_counts_for_their_hours() -> None:
    """70 minutes on Monday of 140 a week: room for half an hour more, unless a round that is not looked at takes the other 70."""
    county, plan = road(*MORNING, east=TEN_KM), plan_of(A_THEN_B)
    person, after = package("N", at(10_000)), visit("VN", "N", "09:10", "11:00", days=MON)
    limited = StaffingSettings(Staffing(weekly_hours_limit=Fraction(140, 60)))
    elsewhere = [replace(each, round_id="R9", day="thu") for each in A_THEN_B]
    for more, fits in (((), True), (elsewhere, False)):
        memory = RoundsInMemory(plan, county, limited, A_MINUTE_A_KILOMETRE, elsewhere=more)
        assert memory.fit(person, [after], ["P1"])[0].is_whole is fits


def test_skills_bases_and_walking_of_a_care_worker_count() -> None:
    county, plan = road(*MORNING, east=TEN_KM), plan_of(A_THEN_B)
    person = package("N", at(0), skills=("medication",))
    wish = visit("VN", "N", "07:00", "07:30", days=MON)
    unskilled = Worker("W-R1", "P1", ("dementia",), "drives", None, None, None, ())
    assert fitted(county, plan, person, wish, workers=[unskilled]).missing
    base = replace(unskilled, skills=("medication",), latitude=at(-5_000).latitude, longitude=at(-5_000).longitude)
    (one,) = fitted(county, plan, person, wish, workers=[base]).insertions
    assert one.extra_travel == 300  # from the base; the run was planned without one
    walker = replace(base, travels="walks", latitude=None, longitude=None)
    (one,) = fitted(county, plan, package("N", at(1_000), skills=("medication",)), wish, workers=[walker]).insertions
    walk = WALKING.matrix(degrees(*map(list, zip(at(0), at(1_000), strict=True)))).seconds[0, 1]
    assert one.extra_travel == walk


def test_providers_come_in_the_order_of_what_they_can_and_what_it_costs() -> None:
    county = road(*MORNING, east=TEN_KM)
    memory = RoundsInMemory(plan_of(A_THEN_B), county, LOOSE, DRIVING)
    fits = memory.fit(package("N", at(4_000)), [visit("VN", "N", "08:00", "09:00", days=MON)], ["P9", "P1"])
    assert [fit.provider_id for fit in fits] == ["P1", "P9"]
    assert fits[1].missing == (("VN", "mon"),)
    assert memory.provenance == DRIVING.provenance


kilometres = st.integers(-8, 8)
wishes = st.tuples(kilometres, st.integers(28, 48), st.integers(0, 8), st.integers(1, 4))
"""Kilometres east, earliest start, width of the window and length in quarter hours."""


@settings(max_examples=150, deadline=None)
@given(st.lists(wishes, min_size=1, max_size=7), wishes)
def test_the_cheapest_of_all_gaps_is_found_and_can_be_driven(
    planned: list[tuple[int, int, int, int]], wish: tuple[int, int, int, int]
) -> None:
    """Against a search that replays each run with the visit in each gap, in whole seconds, by the plain rules."""

    def a_visit(name: str, person: str, asked: tuple[int, int, int, int]) -> Visit:
        _, earliest, width, quarters = asked
        times = [f"{quarter // 4:02}:{quarter % 4 * 15:02}" for quarter in (earliest, earliest + width)]
        return visit(name, person, times[0], times[1], days=MON, duration_minutes=15 * quarters)

    visits = [a_visit(f"V{index}", f"A{index}", asked) for index, asked in enumerate(planned)]
    county = road(*visits, east={f"A{index}": asked[0] for index, asked in enumerate(planned)})
    plan = simple_plan(county)
    new, person = a_visit("VN", "N", wish), package("N", at(1000 * wish[0]))
    (fit,) = RoundsInMemory(plan, county, LOOSE, DRIVING).fit(person, [new], ["P1"])
    best = min(_every_gap(plan, county, person, new), default=None)
    assert (best is None) == bool(fit.missing)
    if best is not None:
        (one,) = fit.insertions
        assert one.extra_travel == best


def _every_gap(plan: RoundsPlan, county: Snapshot, person: Package, new: Visit) -> list[int]:
    """The extra seconds of travel of every gap of every run into which the visit goes."""
    told = {each.visit_id: each for each in county.visits}
    where = {p.package_id: (p.latitude, p.longitude) for p in (*county.packages, person)}
    found = []
    for each in plan.rounds:
        if (each.shift == "morning") != (_shift(new) == "morning"):
            continue
        lines = sorted((v for v in plan.visits if v.round_id == each.round_id and v.day == "mon"), key=lambda v: v.position)
        for gap in range(len(lines) + 1):
            order = [told[v.visit_id] for v in lines]
            order.insert(gap, new)
            starts = {v.visit_id: v.start for v in lines}
            span = seconds_of(dt.time(7)), seconds_of(dt.time(15))
            if each.shift == "evening":
                span = seconds_of(dt.time(15)), seconds_of(dt.time(23))
            ways = _ways([where[v.package_id] for v in order])
            if any(_can(order, starts, ways, gap, new, span, pause) for pause in _pauses(lines)):
                found.append(sum(ways) - sum(_ways([where[told[v.visit_id].package_id] for v in lines])))
    return found


def _shift(new: Visit) -> str:
    """The shift with more room for its start, the earlier of equal ones."""
    latest, length = seconds_of(new.latest_start), new.duration_minutes * 60
    room = {name: min(latest, clock(end) - length) - max(seconds_of(new.earliest_start), clock(start))
            for name, start, end in (("morning", "07:00", "15:00"), ("evening", "15:00", "23:00"))}  # fmt: skip
    return max(room, key=lambda name: room[name])


def _pauses(lines: list[PlannedVisit]) -> list[str]:
    """Before which visit the break may lie: the one waited for longest, if for 20 minutes; or none."""
    waits = [(v.start - v.arrival, -v.position, v.visit_id) for v in lines[1:]]
    longest = max(waits, default=(0, 0, ""))
    return ["", longest[2]] if longest[0] >= 1200 else [""]


def _can(
    order: list[Visit], starts: dict[str, int], ways: list[int], gap: int, new: Visit, span: tuple[int, int], pause: str
) -> bool:
    """Replay: what was planned begins no earlier, and the first not later where the new one comes before it."""
    begins: list[int] = []
    for index, each in enumerate(order):
        rest = 1200 if each.visit_id == pause else 0
        free = begins[-1] + order[index - 1].duration_minutes * 60 + ways[index - 1] + rest if index else span[0]
        start = max(free, starts.get(each.visit_id, seconds_of(each.earliest_start)))
        if each is new and gap == 0:  # as late as it can be
            start = max(start, min(seconds_of(new.latest_start), starts[order[1].visit_id] - ways[0] - new.duration_minutes * 60))
        if start > max(seconds_of(each.latest_start), starts.get(each.visit_id, 0)):
            return False
        if gap == 0 and index == 1 and start > starts[each.visit_id]:
            return False
        begins.append(start)
    end = begins[-1] + order[-1].duration_minutes * 60
    return end <= span[1] and end - begins[0] <= (8 if pause else 6) * 3600


def _ways(places: list[tuple[float, float]]) -> list[int]:
    points = np.array(places)
    return [int(DRIVING.between(points[i : i + 1], points[i + 1 : i + 2]).seconds[0, 0]) for i in range(len(places) - 1)]


@pytest.mark.parametrize("plan", [town_rounds, lambda: simple_plan(town())])
def test_what_is_found_passes_the_check_of_rounds(plan: Callable[[], RoundsPlan]) -> None:
    """Packages of every kind: for two, with medication, several times a day, some days alone."""
    county = town()
    memory = RoundsInMemory(plan(), county, StaffingSettings(), DRIVING)
    check = FitCheck(plan(), county, StaffingSettings(), DRIVING)
    dice, insertions, shifted = random.Random(5), 0, 0
    for number in range(60):
        place = at(dice.randrange(-5000, 5000), dice.randrange(-5000, 5000))
        person = package("N", place, skills=("medication",) if number % 3 == 0 else ())
        opens = (("07:30", "09:00"), ("11:00", "13:00"), ("16:00", "18:00"), ("20:00", "21:30"))[: 1 + number % 4]
        days = MON if number % 7 == 0 else DAYS
        wishes = [visit(f"V{i}", "N", *times, days=days, workers=1 + (number % 5 == 0)) for i, times in enumerate(opens)]
        (fit,) = memory.fit(person, wishes, ["ROWAN"])
        insertions, shifted = insertions + len(fit.insertions), shifted + len(fit.shifted)
        assert check.faults(person, wishes, fit) == []
    assert insertions > 300 and shifted > 20


def test_a_fit_that_breaks_a_promise_is_found_out() -> None:
    county, plan = road(*MORNING, east=TEN_KM), plan_of(A_THEN_B)
    person, wish = package("N", at(4_000)), visit("VN", "N", "08:00", "09:00", days=MON)
    fit = fitted(county, plan, person, wish)
    check = FitCheck(plan, county, LOOSE, A_MINUTE_A_KILOMETRE)
    assert check.faults(person, [wish], fit) == []
    late = replace(fit, insertions=tuple(replace(each, start=clock("09:01")) for each in fit.insertions))
    assert "R1, mon: VN: begins outside its window" in check.faults(person, [wish], late)
    unpushed = replace(fit, shifted=())
    assert "R1, mon: VB: begins before its care worker is there" in check.faults(person, [wish], unpushed)
    lost = replace(fit, insertions=())
    assert "VN, mon: needs 1 care worker(s), has 0, and is listed as unserved 0 time(s)" in check.faults(person, [wish], lost)


def test_two_days_do_not_both_take_the_rest_between_them() -> None:
    """W ends at 22:00 and begins at 09:30: half an hour to spare of eleven, so a quarter for either; none is for both visits."""
    late, early = visit("VL", "A", "21:30", "22:30", days=MON), visit("VE", "A", "09:30", "11:00", days=("tue",))
    plan = plan_of(run("R2", "mon", ("VL", "21:30", "22:00", 0)), shift="evening")
    second = [replace(each, worker="W-R2") for each in run("R1", "tue", ("VE", "09:30", "10:00", 0))]
    plan = RoundsPlan((*plan.rounds, *plan_of(second).rounds), (*plan.visits, *second), (), "by hand")
    county, person = road(late, early, east={"A": 0}), package("N", at(0))
    memory, check = RoundsInMemory(plan, county, LOOSE, DRIVING), FitCheck(plan, county, LOOSE, DRIVING)
    for minutes, missing in ((15, 0), (16, 2)):
        wishes = [
            visit("V1", "N", "22:00", "22:30", days=MON, duration_minutes=minutes),
            visit("V2", "N", "07:00", "09:15", days=("tue",), duration_minutes=minutes),
        ]
        (fit,) = memory.fit(person, wishes, ["P1"])
        assert len(fit.missing) == missing
        assert check.faults(person, wishes, fit) == []
