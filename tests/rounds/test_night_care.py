"""Night care: windows over midnight, the day that a visit belongs to, night shifts, and what no shift can hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.domain.records import Visit
from optimiser.domain.rounds_plan import ELSEWHERE, LONGER_THAN_A_RUN, NO_BREAK, NO_SKILL, OUTSIDE, TOO_LONG, RoundsPlan, sentence
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Shift, Staffing, StaffingSettings
from optimiser.domain.visit_windows import own_day, shift_in_words, window_in_words
from optimiser.geography.travel_times.straight_line import DRIVING, WALKING
from optimiser.io.faults import InputRefusedError
from optimiser.rounds.check import Case, check
from optimiser.rounds.fitting.cheapest_insertion import RoundsInMemory
from optimiser.rounds.fitting.fit_check import FitCheck
from optimiser.rounds.fitting.loading import ready
from optimiser.rounds.report.maps import rounds_page
from optimiser.rounds.report.week_figures import by_bar, figures_of, in_words, time_on_page
from optimiser.rounds.story import Order, build_provider
from optimiser.rounds.visits_by_shift import Place, place_of
from tests import making
from tests.making.weeks import BRISK, visit, worker

NIGHT = Shift("night", dt.time(22), dt.time(7))
WITH_NIGHTS = StaffingSettings(Staffing(night=NIGHT))
DAYS_ONLY = StaffingSettings()
HOUR = 3600


def county(visits: list[Visit]) -> Snapshot:
    names = sorted({each.package_id for each in visits})
    packages = [making.package(name, making.at(500 * number), contract_id="F-ROWAN") for number, name in enumerate(names)]
    return making.snapshot(packages, [making.framework("ROWAN")], visits=visits)


def built(snapshot: Snapshot, given: StaffingSettings, *workers: object) -> RoundsPlan:
    """A plan that the check finds right."""
    plan = build_provider(Order(snapshot, given, workers, thoroughness=BRISK), "ROWAN")  # type: ignore[arg-type]
    assert faults_of(plan, snapshot, given, *workers) == []
    return plan


def faults_of(plan: RoundsPlan, snapshot: Snapshot, given: StaffingSettings, *workers: object) -> list[str]:
    return check(Case(snapshot, given, workers, plan, DRIVING, WALKING, ("ROWAN",)))  # type: ignore[arg-type]


NIGHTS = [
    visit("V1", "N1", "23:00", "01:00", days=("mon",)),
    visit("V2", "N2", "02:00", "03:00", days=("mon",)),
    visit("V3", "N3", "00:00", "00:00", days=("tue",)),
    visit("V4", "N4", "23:59", "23:59", days=("sun",)),
    visit("V5", "N5", "23:30", "23:30", days=("sun",), duration_minutes=60),
    visit("V6", "N6", "07:00", "08:00", days=("mon",)),
]


def test_a_night_runs_over_midnight_and_is_of_the_day_on_which_it_begins() -> None:
    snapshot = county(NIGHTS)
    plan = built(snapshot, WITH_NIGHTS)
    assert plan.unserved == ()
    found = {each.visit_id: each for each in plan.visits}
    shift = {each.round_id: each.shift for each in plan.rounds}
    assert {name: (shift[each.round_id], each.day) for name, each in found.items()} == {
        "V1": ("night", "mon"),
        "V2": ("night", "sun"),
        "V3": ("night", "mon"),
        "V4": ("night", "sun"),
        "V5": ("night", "sun"),
        "V6": ("morning", "mon"),
    }
    assert 23 * HOUR <= found["V1"].start <= 25 * HOUR
    assert 26 * HOUR <= found["V2"].start <= 27 * HOUR
    assert (found["V3"].start, found["V4"].start) == (24 * HOUR, 24 * HOUR - 60)
    assert (found["V5"].start, found["V5"].end) == (23 * HOUR + 1800, 24 * HOUR + 1800)
    assert figures_of(plan, snapshot, WITH_NIGHTS).late_visits == 0
    lines = {each.visit_id: each for each in NIGHTS}
    assert all((own_day(lines[name], each.day, each.start),) == lines[name].days for name, each in found.items())


def test_without_a_night_shift_night_care_is_listed_with_its_window_and_the_shifts() -> None:
    plan = built(county(NIGHTS), DAYS_ONLY)
    assert {each.visit_id for each in plan.visits} == {"V6"}
    shifts = "which no shift holds (morning 7am to 3pm, evening 3pm to 11pm)"
    assert {(each.visit_id, each.day, each.reason) for each in plan.unserved} == {
        ("V1", "mon", f"it begins between 11pm and 1am the next day and lasts 30 minutes, {shifts}"),
        ("V2", "mon", f"it begins between 2am and 3am and lasts 30 minutes, {shifts}"),
        ("V3", "tue", f"it begins at midnight and lasts 30 minutes, {shifts}"),
        ("V4", "sun", f"it begins at 11:59pm and lasts 30 minutes, {shifts}"),
        ("V5", "sun", f"it begins at 11:30pm and lasts 1 hour, {shifts}"),
    }
    assert by_bar(plan.unserved) == [(OUTSIDE, 5, 5)]


def test_a_window_over_midnight_may_be_kept_by_the_evening_or_the_next_morning() -> None:
    visits = [
        visit("V1", "N1", "22:00", "01:00", days=("sun",)),
        visit("V2", "N2", "23:00", "08:00", days=("sun",)),
    ]
    plan = built(county(visits), DAYS_ONLY)
    found = {(each.visit_id, each.day, each.round_id) for each in plan.visits}
    assert found == {("V1", "sun", "ROWAN-E001"), ("V2", "mon", "ROWAN-M001")}


SHIFTS = "morning 7am to 3pm, evening 3pm to 11pm, night 10pm to 7am the next day"
A_BREAK = "a run of more than 6 hours has a break of 20 minutes between two visits and lasts 8 hours at most"
LONG = [
    (TOO_LONG, 24 * 60, f"it lasts 24 hours, longer than every shift ({SHIFTS})"),
    (LONGER_THAN_A_RUN, 9 * 60, "it lasts 9 hours, and the run of one care worker may last 8 hours at most"),
    (NO_BREAK, 8 * 60, f"it lasts 8 hours, and {A_BREAK}"),
]


@pytest.mark.parametrize(("bar", "minutes", "why"), LONG, ids=[bar for bar, _, _ in LONG])
def test_live_in_and_sleep_in_care_is_listed_with_its_length(bar: str, minutes: int, why: str) -> None:
    snapshot = county([visit("V1", "N1", "22:00", "22:00", days=("mon",), duration_minutes=minutes)])
    plan = built(snapshot, WITH_NIGHTS)
    assert [(each.package_id, each.day, each.bar, each.reason) for each in plan.unserved] == [("N1", "mon", bar, why)]
    assert in_words(plan.unserved, 5) == ["NOT PLANNED: 1 visit(s) a week of 1 package(s):", f"  N1, V1 (mon): {why}"]


def test_a_night_of_six_hours_is_served() -> None:
    snapshot = county([visit("V1", "N1", "22:30", "00:30", duration_minutes=360)])
    assert built(snapshot, WITH_NIGHTS).unserved == ()


def test_the_check_finds_a_reason_that_is_not_true() -> None:
    snapshot = county([NIGHTS[0], NIGHTS[5]])
    plan = built(snapshot, DAYS_ONLY)
    (listed,) = plan.unserved
    other = replace(plan, unserved=(replace(listed, reason="no round can make it"),))
    assert any("its reason is another" in fault for fault in faults_of(other, snapshot, DAYS_ONLY))
    # With a night shift the same list is no longer true.
    assert any("as if no shift could hold it, and one can" in fault for fault in faults_of(plan, snapshot, WITH_NIGHTS))
    left = replace(plan, unserved=())
    assert any("V1, mon: needs 1 care worker(s), has 0" in fault for fault in faults_of(left, snapshot, DAYS_ONLY))


def test_the_check_finds_a_night_visit_on_another_day_or_outside_its_window() -> None:
    snapshot = county(NIGHTS)
    plan = built(snapshot, WITH_NIGHTS)
    early = next(each for each in plan.visits if each.visit_id == "V2")
    late = replace(early, start=early.start - 24 * HOUR, end=early.end - 24 * HOUR, arrival=early.arrival - 24 * HOUR)
    moved = replace(plan, visits=tuple(late if each == early else each for each in plan.visits))
    assert any("V2, mon: needs 1 care worker(s), has 0" in fault for fault in faults_of(moved, snapshot, WITH_NIGHTS))
    past = replace(early, start=early.start + 2 * HOUR, end=early.end + 2 * HOUR)
    moved = replace(plan, visits=tuple(past if each == early else each for each in plan.visits))
    assert any("V2: begins outside its window" in fault for fault in faults_of(moved, snapshot, WITH_NIGHTS))


def test_nobody_works_a_morning_after_a_night() -> None:
    visits = [visit("V1", "N1", "02:00", "03:00", days=("tue",)), visit("V2", "N2", "08:00", "09:00", days=("tue",))]
    plan = built(county(visits), WITH_NIGHTS, worker("W1"))
    assert len(plan.visits) == len(plan.unserved) == 1
    assert {each.day for each in plan.unserved} == {"tue"}  # the visit's own day, though the night is Monday's
    assert len(built(county(visits), WITH_NIGHTS, worker("W1"), worker("W2")).visits) == 2


def test_for_want_of_skills_it_is_told_how_many_have_them() -> None:
    packages = [making.package("N1", contract_id="F-ROWAN", skills=("dementia",), workers=2)]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=[visit("V1", "N1", days=("mon",), workers=2)])
    some, none = worker("W1", skills=("dementia",)), [worker(f"W{number}", skills=()) for number in range(2, 9)]
    plan = built(snapshot, DAYS_ONLY, some, *none)
    assert [each.reason for each in plan.unserved] == ["it needs 2 care workers with its skills, and the provider has 1"]
    for wrong in (NO_SKILL, ELSEWHERE):
        other = replace(plan, unserved=(replace(plan.unserved[0], reason=wrong),))
        faults = faults_of(other, snapshot, DAYS_ONLY, some, *none)
        assert any("for want of skills, which 1 care worker(s) have" in fault for fault in faults)


def test_a_visit_for_two_with_a_provider_of_one_is_listed_with_both_numbers() -> None:
    packages = [making.package("N1", contract_id="F-ROWAN", workers=2)]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=[visit("V1", "N1", days=("mon",), workers=2)])
    plan = built(snapshot, DAYS_ONLY, worker("W1"))
    assert [each.reason for each in plan.unserved] == ["it needs 2 care workers with its skills, and the provider has 1"]


def test_a_waiting_night_visit_fits_into_the_night_before_its_day() -> None:
    snapshot = county(NIGHTS)
    plan = built(snapshot, WITH_NIGHTS)
    waiting = making.package("N9", making.at(500))
    new = [visit("V9", "N9", "03:00", "05:00", days=("mon",)), visit("V8", "N9", "23:00", "02:00", days=("mon",))]
    (fit,) = RoundsInMemory(plan, snapshot, WITH_NIGHTS, DRIVING).fit(waiting, new, ["ROWAN"])
    assert fit.is_whole
    days = {each.visit_id: (each.day, each.start >= 24 * HOUR) for each in fit.insertions}
    assert days["V9"] == ("sun", True)
    assert days["V8"][0] == "mon"
    assert FitCheck(plan, snapshot, WITH_NIGHTS, DRIVING).faults(waiting, new, fit) == []


def test_a_fit_tells_what_no_shift_can_hold() -> None:
    snapshot = county(NIGHTS)
    plan = built(snapshot, DAYS_ONLY)
    waiting, new = making.package("N9", making.at(500)), [visit("V9", "N9", "23:00", "02:00", days=("mon", "tue"))]
    (fit,) = RoundsInMemory(plan, snapshot, DAYS_ONLY, DRIVING).fit(waiting, new, ["ROWAN"])
    assert fit.missing == (("V9", "mon"), ("V9", "tue"))
    assert fit.barred == {"V9": sentence(OUTSIDE, new[0], Staffing())}
    assert FitCheck(plan, snapshot, DAYS_ONLY, DRIVING).faults(waiting, new, fit) == []


def test_rounds_of_a_shift_that_the_settings_do_not_have_are_refused() -> None:
    snapshot = county(NIGHTS)
    plan = built(snapshot, WITH_NIGHTS)
    with pytest.raises(InputRefusedError) as refused:
        ready(plan, snapshot, DAYS_ONLY, DRIVING)
    (fault,) = refused.value.faults
    assert (fault.column, fault.found) == ("shift", "night")


def test_a_page_counts_what_no_shift_holds_and_names_nobody_unless_it_is_exact() -> None:
    snapshot = county(NIGHTS)
    plan = built(snapshot, DAYS_ONLY)
    coarse = rounds_page(plan, snapshot, [], exact=False).decode()
    assert "5 visits a week of 5 people (outside of every shift)." in coarse
    assert "V5" not in coarse
    assert "11:30pm" not in coarse
    exact = rounds_page(plan, snapshot, [], exact=True).decode()
    assert "<td>V5</td><td>sun</td><td>it begins at 11:30pm and lasts 1 hour" in exact
    snapshot = county(NIGHTS[2:3])
    night = rounds_page(built(snapshot, WITH_NIGHTS), snapshot, [], exact=True).decode()
    assert "00:00 the next day" in night
    assert "Not planned" not in night


def test_windows_and_times_in_words() -> None:
    assert window_in_words(visit("V", "N", "22:00", "01:00")) == "between 10pm and 1am the next day"
    assert window_in_words(visit("V", "N", "07:30", "12:00")) == "between 7:30am and midday"
    assert window_in_words(visit("V", "N", "00:00", "00:00")) == "at midnight"
    assert shift_in_words(NIGHT) == "night 10pm to 7am the next day"
    assert (time_on_page(26 * HOUR), time_on_page(2 * HOUR)) == ("02:00 the next day", "02:00")


quarters = st.integers(0, 95).map(lambda quarter: dt.time(quarter // 4, quarter % 4 * 15))
nights = st.none() | st.tuples(quarters, quarters).filter(lambda both: both[0] != both[1])


@settings(max_examples=300)
@given(quarters, quarters, st.integers(1, 96), nights, st.integers(1, 12))
def test_a_visit_has_a_place_just_where_some_quarter_of_an_hour_of_its_window_lies_in_a_shift(
    opens: dt.time, closes: dt.time, length: int, night: tuple[dt.time, dt.time] | None, limit: int
) -> None:
    """By trying every quarter of an hour in every shift of three days; and the check finds the same."""
    staffing = Staffing(
        night=None if night is None else Shift("night", *night), shift_hours_limit=Fraction(limit), break_minutes=0
    )
    new = visit("V1", "N1", opens.isoformat(), closes.isoformat(), days=("mon",), duration_minutes=15 * length)
    first, last = quarter(opens), quarter(closes) + (96 if closes < opens else 0)
    held = {
        (shift.name, day)
        for shift in staffing.shifts
        for day in (-1, 0, 1)
        for start in range(first, last + 1)
        if shift.opens // 900 + 96 * day <= start and start + length <= shift.closes // 900 + 96 * day
    }
    place = place_of(new, staffing)
    if isinstance(place, Place):
        assert (place.shift.name, -place.days_ahead) in held
        assert length <= 4 * limit
    else:
        assert not held or length > 4 * limit
        listed = built_alone(new, staffing)
        assert {each.bar for each in listed.unserved} == {place}
        assert faults_of(listed, county([new]), StaffingSettings(staffing)) == []


def built_alone(new: Visit, staffing: Staffing) -> RoundsPlan:
    return build_provider(Order(county([new]), StaffingSettings(staffing), thoroughness=BRISK), "ROWAN")


def quarter(time: dt.time) -> int:
    return time.hour * 4 + time.minute // 15


def test_a_week_of_nights_is_shared_like_one_of_days() -> None:
    visits = [visit(f"V{n}", f"N{n}", "23:30", "02:30", days=DAYS) for n in range(3)]
    plan = built(county(visits), WITH_NIGHTS)
    assert plan.unserved == ()
    assert len(plan.visits) == 3 * 7
