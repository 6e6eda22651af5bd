"""The list of tonight, worked out by hand: which visits, in which order, and who has the minutes."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.domain.records import Round
from optimiser.domain.staffing import DAYS
from optimiser.tonight.check import tonight_faults
from optimiser.tonight.report import notes, tonight_files, tonight_record
from optimiser.tonight.story import CannotListError, Tonight, tonight
from optimiser.tonight.tables import Tables
from optimiser.tonight.what_fails import Failure, moment_of
from tests.making import at, days, framework, legacy, offer, package, provider, specialist
from tests.making.weeks import visit
from tests.tonight.places import MONDAY_NIGHT, at_clock, built, county, list_of, listed, of_dale, run_of

RUN = run_of("RB", ("VX", "07:00", "07:30"), ("VY", "10:00", "10:30"))


def test_harm_comes_first_then_by_when_somebody_must_be_there_and_not_recorded_counts_as_red() -> None:
    people = [of_dale("A", if_missed="green"), of_dale("B", if_missed="amber"), of_dale("C"), of_dale("D", if_missed="red")]
    visits = [visit(f"V{name}", name, days=("tue",)) for name in "ABD"] + [visit("VC", "C", "06:00", "09:00", days=("tue",))]
    made = list_of(county(people, visits))
    assert [name for name, _ in listed(made)] == ["VC", "VD", "VB", "VA"]
    assert "not recorded for 1 person: they stand with red" in notes(made)[0]
    tonight_files(made, {})


def test_seventy_two_hours_are_counted_and_what_has_begun_is_said() -> None:
    """From Monday 18:00 to Thursday 18:00: a visit at 18:00 sharp on Thursday is beyond; a night from Sunday is not over."""
    visits = [
        visit("EVENING", "A", "18:00", "18:00"),
        visit("OPEN", "A", "17:00", "19:00", days=("mon",)),
        visit("OVER", "A", "15:00", "17:00", days=("mon",)),
        visit("LONG", "A", "17:00", "17:00", days=("mon",), duration_minutes=120),
        visit("NIGHT", "A", "23:00", "01:00", days=("wed",)),
    ]
    made = list_of(county([of_dale("A")], visits))
    states = {due.visit.visit_id: due.state for due in made.visits}
    assert listed(made).count(("EVENING", "2026-11-26")) == 0
    assert sum(name == "EVENING" for name, _ in listed(made)) == 3
    assert states == {"EVENING": "due", "OPEN": "may_be_made", "LONG": "may_be_under_way", "NIGHT": "due"}
    assert next(due for due in made.visits if due.visit.visit_id == "NIGHT").closes == at_clock("2026-11-26T01:00")


def test_hours_are_real_where_the_clocks_go_back() -> None:
    """From Saturday 18:00 it is 73 hours by the clock to Tuesday 18:00: the list ends at 17:00."""
    visits = [
        visit("BEFORE", "A", "16:59", "16:59", days=("tue",)),
        visit("AFTER", "A", "17:00", "17:00", days=("tue",)),
        visit("TWICE", "A", "01:30", "01:30", days=("sun",)),
    ]
    made = list_of(county([of_dale("A")], visits, as_of=dt.date(2026, 10, 24)), "2026-10-24T18:00")
    assert listed(made) == [("TWICE", "2026-10-25"), ("BEFORE", "2026-10-27")]
    twice = made.visits[0]
    assert (twice.opens.hour, twice.closes.hour) == (0, 1), "in UTC: the clock shows half past one twice"
    assert "The clocks change" in notes(made)[0]
    page = tonight_files(made, {})["tonight.html"].decode()
    assert "Sun 25 Oct 01:30 BST and Sun 25 Oct 01:30 GMT" in page, "each of the two is told apart"
    assert "Tue 27 Oct 16:59 and Tue 27 Oct 16:59" in page


def test_a_round_that_has_the_minutes_in_the_hour_that_comes_twice_says_which() -> None:
    """From 00:30 BST to 03:00 GMT there are three and a half hours; a visit of half an hour may begin at either 01:30."""
    run = run_of("RN", ("VX", "00:00", "00:30"), ("VY", "03:00", "03:30"), days=("sun",))
    facts = county([of_dale("A")], [visit("VA", "A", "01:30", "01:30", days=("sun",))], as_of=dt.date(2026, 10, 24))
    made = list_of(facts, "2026-10-24T18:00", built=built(run))
    (row,) = Tables(made).visits()
    assert row["who_has_minutes"] == "RN (ELM), to begin Sun 25 Oct 01:30 BST to 01:30 GMT"
    tonight_files(made, {})


def test_hours_are_real_where_the_clocks_go_forward() -> None:
    """From Saturday 18:00 the list ends on Tuesday at 19:00; a visit at 01:30 on Sunday is at 02:30."""
    visits = [visit("LATE", "A", "18:30", "18:30", days=("tue",)), visit("NONE", "A", "01:30", "01:30", days=("sun",))]
    made = list_of(county([of_dale("A")], visits, as_of=dt.date(2027, 3, 27)), "2027-03-27T18:00")
    assert listed(made) == [("NONE", "2027-03-28"), ("LATE", "2027-03-30")]
    assert made.visits[0].opens == made.visits[0].closes == at_clock("2027-03-28T02:30")
    tonight_files(made, {})


def test_enhanced_home_support_and_who_is_in_hospital_are_marked() -> None:
    """As at 18:00 on Monday: A's 72 hours end on Wednesday, B's have ended; C's beginning is not known; D is in hospital."""
    enhanced: dict[str, Any] = {"service": "enhanced_home_support"}
    contracts = [framework("ELM"), framework("DALE"), specialist("DALE", **enhanced)]
    begun = {name: dt.datetime.combine(days(-back), dt.time(8, 10)) for name, back in (("A", 1), ("B", 4))}
    people = [
        *(package(name, contract_id="S-DALE", **enhanced, first_visit_at=first) for name, first in begun.items()),
        package("C", contract_id="S-DALE", **enhanced),
        of_dale("D", held_until=days(9)),
        of_dale("E"),
    ]
    visits = [visit(f"V{name}", name, days=("tue",)) for name in "ABDE"]
    made = list_of(county(people, visits, contracts=contracts))
    files = tonight_files(made, {})
    told = {row["package_id"]: (row["service"], row["held_until"]) for row in csv_rows(files["tonight.csv"])}
    support = ("enhanced_home_support", "")
    assert told == {"A": support, "B": support, "D": ("", str(days(9))), "E": ("", "")}
    assert [row["service"] for row in csv_rows(files["without-times.csv"])] == ["enhanced_home_support"]
    page = files["tonight.html"].decode()
    for reference in (
        "A (not recorded); enhanced home support, for up to 8:10 on 25 November 2026",
        "B (not recorded); enhanced home support that runs on, which nobody has decided",
        "D (not recorded); in hospital as recorded, hours kept until 2 December 2026: ask whether they are home",
        "E (not recorded)</th>",
        "C (not recorded); enhanced home support that runs on, which nobody has decided",
    ):
        assert reference in page
    record = tonight_record(made)
    assert (record["enhanced_support_people"], record["in_hospital_people"]) == (3, 1)
    assert any(each.startswith("Enhanced home support: 3 people") for each in record["notes"])
    assert any(each.startswith("In hospital as recorded: 1 person") for each in record["notes"])


def test_whoever_would_be_harmed_most_stands_first_on_the_page_also_where_their_times_are_not_known() -> None:
    """A's and B's times are known, C's and D's are not; C counts as red, as nothing is recorded."""
    people = [of_dale("A", if_missed="green"), of_dale("B", if_missed="red"), of_dale("C"), of_dale("D", if_missed="green")]
    made = list_of(county(people, [visit(f"V{name}", name, days=("tue",)) for name in "AB"]))
    page = tonight_files(made, {})["tonight.html"].decode()
    places = [page.index(f'<th scope="row">{each}') for each in ("B<", "C (not recorded)<", "A<", "D<")]
    assert places == sorted(places)
    assert "Of 2 people the visit times are not known" in page
    assert page.count("<p>No visits.</p>") == 1, "of amber"


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(content.decode().splitlines()))


def test_a_round_has_the_minutes_between_two_visits_with_the_ways_there_and_on() -> None:
    """1,000 m are 316 seconds: after 07:30 from 07:35:16, and half an hour before 10:00 less the way on, until 09:24:44."""
    made = list_of(county([of_dale("A")], [visit("VA", "A", "07:00", "09:45", days=("tue",))]), built=built(RUN))
    [opening] = made.openings["VA", dt.date(2026, 11, 24)]
    assert (opening.first, opening.last) == (at_clock("2026-11-24T07:35:16"), at_clock("2026-11-24T09:24:44"))
    assert opening.detour_seconds == 2 * 316 - 392
    assert made.rooms == {made.packages[0]: []}, "of a provider with built rounds the week's hours are not told"
    assert "RB (ELM), to begin Tue 24 Nov 07:35 to 09:24" in tonight_files(made, {})["tonight.html"].decode()


@pytest.mark.parametrize(
    ("runs", "person", "why"),
    [
        ([run_of("RB", ("VX", "07:00", "07:30"), ("VY", "08:10", "08:40"))], of_dale("A"), "the ways leave under half an hour"),
        ([RUN], of_dale("A", excluded_provider_ids=("ELM",)), "the person does not want the provider"),
        ([RUN], of_dale("A", skills=("tracheostomy",)), "the provider cannot do it"),
        ([run_of("RB", ("VX", "07:00", "07:30"), ("VY", "10:00", "10:30"), days=("wed",))], of_dale("A"), "another day"),
    ],
)
def test_nobody_is_told_who_has_not_the_minutes(runs: list[list[object]], person: object, why: str) -> None:
    facts = county([person], [visit("VA", "A", "07:00", "09:45", days=("tue",))])  # type: ignore[list-item]
    made = list_of(facts, built=built(*runs))  # type: ignore[arg-type]
    assert made.openings["VA", dt.date(2026, 11, 24)] == [], why
    assert tonight_record(made)["visits_nobody_is_known_for"] == 1


def test_a_run_that_needs_a_break_keeps_it() -> None:
    """Eight hours with one gap from 10:00 to 13:00: 20 minutes of it are the break."""
    long = run_of("RB", ("VX", "07:00", "10:00"), ("VY", "13:00", "15:00"))
    made = list_of(county([of_dale("A")], [visit("VA", "A", "09:00", "12:00", days=("tue",))]), built=built(long))
    [opening] = made.openings["VA", dt.date(2026, 11, 24)]
    assert opening.first == at_clock("2026-11-24T10:25:16")


def test_two_care_workers_are_two_rounds_of_one_provider_at_one_time() -> None:
    """RC is free from 07:05:16 to 08:24:44 only: together with RB from 07:35:16 on."""
    two = of_dale("A", workers=2)
    other = run_of("RC", ("VX", "06:30", "07:00"), ("VZ", "09:00", "09:30"))
    facts = county([two], [visit("VA", "A", "07:00", "09:45", days=("tue",), workers=2)],
                   providers=[provider("DALE"), provider("ELM", skills=("double_handed",))])  # fmt: skip
    [opening] = list_of(facts, built=built(RUN, other)).openings["VA", dt.date(2026, 11, 24)]
    assert opening.round_ids == ("RB", "RC")
    assert (opening.first, opening.last) == (at_clock("2026-11-24T07:35:16"), at_clock("2026-11-24T08:24:44"))
    assert list_of(facts, built=built(RUN)).openings["VA", dt.date(2026, 11, 24)] == []
    tonight_files(list_of(facts, built=built(RUN, other)), {})


def test_without_built_rounds_only_hours_left_are_told_and_that_it_is_so() -> None:
    """ELM has 25 hours a week, of which X, Y and Z have five each: 10 are left; OAK has no limit."""
    contracts = [framework("DALE"), framework("ELM", max_hours_4w=Fraction(100)), legacy("OAK")]
    rounds = [Round("RE", "ELM", "A1", 2, Fraction(30)), Round("RF", "ELM", "A1", None, None)]
    made = list_of(county([of_dale("A", can_step_in="a neighbour")], [visit("VA", "A")], contracts=contracts, rounds=rounds))
    files = tonight_files(made, {})
    told = files["tonight.html"].decode()
    assert "ELM: 10 hours a week left, staff hours beyond care in RE; OAK: no limit to its hours" in told
    assert "only the hours left of a contract this week are known, not when" in told
    assert "a neighbour" in told
    assert "a neighbour" not in files["result.json"].decode()


def test_snow_lists_everybody_and_asks_ones_own_providers_other_rounds() -> None:
    facts = county([of_dale("A")], [visit("VA", "A", days=("tue",))])
    other = run_of("RC", ("VZ", "06:00", "06:30"), ("VY", "10:00", "10:30"), way=0)
    made = tonight(facts, Failure(moment_of(MONDAY_NIGHT), (), snow=True), built=built(RUN, other))
    assert {due.visit.visit_id for due in made.visits} == {"VA", "VX", "VY", "VZ"}
    assert [each.round_ids for each in made.openings["VX", dt.date(2026, 11, 24)]] == [("RC",)]
    tonight_files(made, {})


def test_care_without_times_is_listed_and_offers_are_said() -> None:
    facts = county([of_dale("A"), package("N")], [], offers=[offer("N", "F-DALE")])
    made = list_of(facts)
    assert [made.county.packages[package].package_id for package in made.without_visits] == ["A"]
    assert any("1 person whose care has not begun" in note for note in notes(made))
    assert tonight_files(made, {})["without-times.csv"].decode().splitlines()[1].startswith("A,")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Failure(moment_of(MONDAY_NIGHT), ()), "one of the two"),
        (Failure(moment_of(MONDAY_NIGHT), ("DALE",), snow=True), "one of the two"),
        (Failure(moment_of("2026-11-22T18:00"), ("DALE",)), "lies before the date of the snapshot"),
        (Failure(moment_of(MONDAY_NIGHT), ("DALE", "DALE")), "named 2 times"),
        (Failure(moment_of(MONDAY_NIGHT), ("ASH",)), "there is no provider ASH"),
        (Failure(moment_of(MONDAY_NIGHT), ("OAK",)), "nobody's care runs with provider OAK"),
    ],
)
def test_what_does_not_fit_is_said(asked: Failure, said: str) -> None:
    facts = county([of_dale("A")], [], contracts=[framework("DALE"), framework("ELM"), legacy("OAK")])
    with pytest.raises(CannotListError) as cannot:
        tonight(facts, asked)
    assert any(said in problem for problem in cannot.value.problems)


@pytest.mark.parametrize("text", ["tonight", "2026-11-23", "2026-13-01T10:00", "0001-01-01T10:00", "2027-03-28T01:30"])
def test_a_moment_that_there_is_not_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a date and a time|there is no"):
        moment_of(text)


def test_a_moment_may_have_its_own_offset() -> None:
    assert moment_of("2026-10-25T01:30") == moment_of("2026-10-25T01:30+01:00") != moment_of("2026-10-25T01:30+00:00")


@pytest.fixture(scope="module")
def made() -> Tonight:
    """A and B of DALE, B's visit the worse one; ELM has the minutes for A's; C's times are not known. B is in hospital."""
    people = [of_dale("A", if_missed="amber", can_step_in="a son"), of_dale("B", if_missed="red", held_until=days(9))]
    people.append(package("C", contract_id="S-DALE", service="enhanced_home_support"))
    contracts = [
        specialist("DALE", service="enhanced_home_support"),
        framework("DALE"),
        framework("ELM"),
        framework("OAK", max_hours_4w=Fraction(100)),
    ]
    visits = [visit("VA", "A", "07:00", "09:45", days=("tue",)), visit("VB", "B", "20:00", "21:00", days=("wed",))]
    return list_of(county(people, visits, contracts=contracts), built=built(RUN))


def cell(name: str, before: str, after: str) -> Callable[[dict[str, bytes]], None]:
    def sabotage(files: dict[str, bytes]) -> None:
        assert before in files[name].decode()
        files[name] = files[name].decode().replace(before, after, 1).encode()

    return sabotage


def swapped(files: dict[str, bytes]) -> None:
    header, one, other = files["tonight.csv"].decode().splitlines()
    files["tonight.csv"] = "\n".join((header, "1" + other[1:], "2" + one[1:], "")).encode()


def line(name: str, number: int, times: int) -> Callable[[dict[str, bytes]], None]:
    def sabotage(files: dict[str, bytes]) -> None:
        lines = files[name].decode().splitlines()
        files[name] = "\n".join([*lines[:number], *[lines[number]] * times, *lines[number + 1 :], ""]).encode()

    return sabotage


@pytest.mark.parametrize(
    ("sabotage", "said"),
    [
        (line("tonight.csv", 1, 0), "is listed 0 times"),
        (line("tonight.csv", 2, 2), "is listed 2 times"),
        (line("without-times.csv", 1, 0), "C, whose visits are not known, is listed 0 times"),
        (line("without-times.csv", 1, 2), "C, whose visits are not known, is listed 2 times"),
        (swapped, "not in the order of harm and time"),
        (cell("tonight.csv", "T09:45", "T09:30"), "its window is told wrong"),
        (cell("without-times.csv", ",enhanced_home_support,", ",,"), "service is told wrong"),
        (cell("tonight.csv", "2026-12-02", "2026-12-03"), "held_until is told wrong"),
        (cell("tonight.csv", "a son", "a niece"), "can_step_in is told wrong"),
        (cell("tonight.csv", ",red,red,", ",red,green,"), "counted_as is told wrong"),
        (cell("who-has-minutes.csv", "T07:35:16", "T07:35:15"), "RB has not the minutes"),
        (cell("who-has-minutes.csv", "T09:24:44", "T09:24:45"), "RB has not the minutes"),
        (cell("who-has-minutes.csv", ",RB,,", ",RB,RC,"), "not 1 of one provider"),
        (cell("who-has-minutes.csv", "built_round,ELM", "built_round,DALE"), "DALE cannot come itself"),
        (cell("who-has-minutes.csv", "OAK,F-OAK,,,,,,25.00", "OAK,F-OAK,,,,,,26.00"), "hours left of F-OAK are told wrong"),
    ],
)  # fmt: skip
def test_the_check_finds_whatever_is_put_wrong(sabotage: Callable[[dict[str, bytes]], None], said: str, made: Tonight) -> None:
    files = tonight_files(made, {})
    sabotage(files)
    found = tonight_faults(made.county, made.asked, made.not_recorded, made.built, files)
    assert any(said in each for each in found), found


TIMES = st.times(dt.time(0), dt.time(23, 59)).map(lambda time: time.replace(second=0, microsecond=0))


AUTUMN = st.datetimes(dt.datetime(2026, 10, 23), dt.datetime(2026, 10, 27))
SPRING = st.datetimes(dt.datetime(2027, 3, 25), dt.datetime(2027, 3, 29))
WINDOWS = st.tuples(TIMES, TIMES, st.sets(st.sampled_from(DAYS), min_size=1), st.integers(5, 600))


@settings(max_examples=60)
@given(moment=AUTUMN | SPRING, windows=st.lists(WINDOWS, min_size=1, max_size=4))
def test_each_visit_of_the_72_hours_stands_once_whenever_it_is(
    moment: dt.datetime, windows: list[tuple[dt.time, dt.time, set[str], int]]
) -> None:
    """The check, which was written apart, agrees about every list, over both changes of the clocks."""
    visits = [
        visit(f"V{n}", "A", str(opens), str(closes), days=tuple(day for day in DAYS if day in days), duration_minutes=minutes)
        for n, (opens, closes, days, minutes) in enumerate(windows)
    ]
    facts = county([of_dale("A", place=at(50))], visits, as_of=dt.date(2026, 10, 1))
    tonight_files(tonight(facts, Failure(moment.replace(tzinfo=dt.UTC), ("DALE",)), built=built(RUN)), {})
