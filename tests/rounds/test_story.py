"""Weekly rounds: what the check must find right, what repeats, what stays the same from day to day, and what cannot be served."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.domain.records import Visit
from optimiser.domain.rounds_plan import NO_SKILL, RoundsPlan
from optimiser.domain.staffing import Staffing, StaffingSettings
from optimiser.rounds.check import check, check_evenness
from optimiser.rounds.report.week_figures import figures_of
from optimiser.rounds.round_hours import hours_of_rounds
from optimiser.rounds.story import NOT_REACHED, Order, build, build_provider
from optimiser.rounds.visits_by_shift import NO_VISITS
from optimiser.rounds.week_records import MISSING, NOBODY_FREE
from tests import making
from tests.making.weeks import BRISK, SOME, case_of, hamlet, town, town_rounds, visit, worker


def test_a_town_is_served_whole_and_the_check_finds_nothing() -> None:
    plan = town_rounds()
    assert plan.unserved == ()
    assert check(case_of(plan, town())) == []
    assert len({each.worker for each in plan.visits}) > len(plan.rounds)  # seven days are more than one person works


def test_the_same_input_gives_the_same_rounds() -> None:
    assert build_provider(Order(town(), thoroughness=BRISK), "ROWAN") == town_rounds()


def test_a_visit_is_in_the_same_round_on_nearly_every_day() -> None:
    rounds: dict[str, list[str]] = defaultdict(list)
    for each in town_rounds().visits:
        rounds[each.visit_id].append(each.round_id)
    usual = sum(max(names.count(name) for name in set(names)) for names in rounds.values())
    two = {v.visit_id for v in town().visits if v.workers == 2}
    usual += sum(len(names) // 2 for visit_id, names in rounds.items() if visit_id in two)  # two rounds a day
    assert usual >= 0.85 * len(town_rounds().visits)  # on some days single visits are elsewhere, so that hours are even


def test_two_people_a_minute_apart_are_worked_out_by_hand() -> None:
    packages = [making.package(name, making.at(east), contract_id="F-ROWAN") for name, east in (("N1", 0), ("N2", 1_000))]
    visits = [visit("V1", "N1", "07:00", "07:00"), visit("V2", "N2", "07:30", "08:00")]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=visits)
    plan = build_provider(Order(snapshot, thoroughness=BRISK), "ROWAN")
    monday = [each for each in plan.visits if each.day == "mon"]
    # A kilometre: 76 s and 4 minutes to park are 316 s; from 07:30:00 on, so it begins at 07:35:16.
    assert [(v.visit_id, v.position, v.start - 7 * 3600, v.travel_seconds, v.metres) for v in monday] == [
        ("V1", 1, 0, 0, 0),
        ("V2", 2, 2116, 316, 1300),
    ]
    figures = figures_of(plan, snapshot, StaffingSettings())
    assert (figures.rounds, figures.staff_needed, figures.contact_seconds) == (1, 2, 7 * 3600)
    assert figures.travel_seconds == 7 * 316
    assert figures.paid_seconds == 7 * (3600 + 316)
    assert (figures.waiting_seconds, figures.late_visits, figures.care_workers_per_person_hundredths) == (0, 0, 200)


OUTSIDE_IN_WORDS = (
    "it begins between 11:30pm and 11:45pm and lasts 30 minutes, which no shift holds (morning 7am to 3pm, evening 3pm to 11pm)"
)


def test_what_cannot_be_planned_is_listed_with_why() -> None:
    packages = [making.package(name, contract_id="F-ROWAN") for name in ("N1", "N2", "N3")]
    visits = [visit("V1", "N1", days=("mon",)), visit("V2", "N2", "23:30", "23:45", days=("tue",))]
    plan = build_provider(
        Order(making.snapshot(packages, [making.framework("ROWAN")], visits=visits), thoroughness=BRISK), "ROWAN"
    )
    assert [(u.package_id, u.visit_id, u.day, u.reason) for u in plan.unserved] == [
        ("N2", "V2", "tue", OUTSIDE_IN_WORDS),
        ("N3", "", "", NO_VISITS),
    ]
    assert [v.visit_id for v in plan.visits] == ["V1"]


def with_workers(*workers: object, visits: list[object]) -> RoundsPlan:
    packages = [making.package("N1", contract_id="F-ROWAN", skills=("medication",))]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=visits)  # type: ignore[arg-type]
    order = Order(snapshot, workers=workers, thoroughness=BRISK)  # type: ignore[arg-type]
    plan = build_provider(order, "ROWAN")
    assert check(case_of(plan, snapshot, workers)) == []  # type: ignore[arg-type]
    return plan


def test_known_care_workers_keep_to_their_days_hours_and_skills() -> None:
    plan = with_workers(worker("W1", days=("mon", "tue")), visits=[visit("V1", "N1", days=("mon", "tue", "wed"))])
    assert [(v.day, v.worker) for v in plan.visits] == [("mon", "W1"), ("tue", "W1")]
    assert [(u.day, u.reason) for u in plan.unserved] == [("wed", NOBODY_FREE)]
    plan = with_workers(worker("W1", hours_per_week=Fraction(1)), visits=[visit("V1", "N1", days=SOME)])
    assert len(plan.visits) == 2
    plan = with_workers(worker("W1", skills=()), visits=[visit("V1", "N1", days=("mon",))])
    assert [u.reason for u in plan.unserved] == [NO_SKILL]


def test_who_walks_needs_longer_and_begins_at_home() -> None:
    place = making.at(1_000)
    plan = with_workers(
        worker("W1", travels="walks", latitude=place.latitude, longitude=place.longitude),
        visits=[visit("V1", "N1", days=("mon",))],
    )
    only = plan.visits[0]
    # A kilometre on foot takes 975 s, and the shift begins at 07:00.
    assert (only.travel_seconds, only.start) == (975, 7 * 3600 + 975)


def test_whoever_stands_in_begins_at_their_own_home() -> None:
    near, far = making.at(1_000), making.at(2_000)
    workers = [
        worker("W1", days=("mon",), latitude=near.latitude, longitude=near.longitude),
        worker("W2", days=("tue",), latitude=far.latitude, longitude=far.longitude),
        worker("W3", days=("wed",), travels="walks"),
    ]
    plan = with_workers(*workers, visits=[visit("V1", "N1", "08:00", "08:30", days=("mon", "tue", "wed"))])
    # 76 s a kilometre and 4 minutes to park; who walks cannot stand in for who drives.
    assert [(v.day, v.worker, v.travel_seconds) for v in plan.visits] == [("mon", "W1", 316), ("tue", "W2", 392)]
    assert [u.day for u in plan.unserved] == ["wed"]


def test_both_shifts_of_a_day_are_for_two_care_workers_unless_told_otherwise() -> None:
    packages = [making.package("N1", contract_id="F-ROWAN")]
    visits = [visit("V1", "N1", days=("mon",)), visit("V2", "N1", "16:00", "18:00", days=("mon",))]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=visits)
    served = {}
    for split in (False, True):
        settings = StaffingSettings(Staffing(split_shifts=split))
        plan = build_provider(Order(snapshot, settings, (worker("W1"),), thoroughness=BRISK), "ROWAN")
        assert check(replace(case_of(plan, snapshot, [worker("W1")]), settings=settings)) == []
        served[split] = {v.visit_id for v in plan.visits}
    assert served == {False: {"V1"}, True: {"V1", "V2"}}


def test_a_long_run_has_a_break_though_no_wait_is_there() -> None:
    packages = [making.package(f"N{number}", contract_id="F-ROWAN") for number in range(8)]
    visits = [visit(f"V{n}", f"N{n}", "07:00", "14:10", days=("mon",), duration_minutes=50) for n in range(8)]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=visits)
    plan = build_provider(Order(snapshot, thoroughness=BRISK), "ROWAN")
    # Eight times 50 minutes at one place are 6 h 40 on end, which one care worker can do with a break; so there is one round.
    assert plan.unserved == ()
    assert len(plan.rounds) == 1
    assert check(case_of(plan, snapshot)) == []
    waits = [each.start - each.arrival for each in plan.visits]
    assert sorted(waits) == [0] * 7 + [1200]


def test_where_no_break_fits_there_is_another_round() -> None:
    packages = [making.package(f"N{number}", contract_id="F-ROWAN") for number in range(8)]
    starts = [seconds // 60 for seconds in range(7 * 3600, 7 * 3600 + 8 * 3000, 3000)]
    visits = [
        visit(f"V{n}", f"N{n}", *[f"{start // 60:02}:{start % 60:02}"] * 2, days=("mon",), duration_minutes=50)
        for n, start in enumerate(starts)
    ]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=visits)
    plan = build_provider(Order(snapshot, thoroughness=BRISK), "ROWAN")
    # The same on end, but each at one time only: nobody can wait.
    assert (plan.unserved, len(plan.rounds)) == ((), 2)
    assert check(case_of(plan, snapshot)) == []


def test_two_who_drive_together_are_a_crew_and_two_who_live_apart_meet() -> None:
    def rounds(*visits: Visit, places: tuple[int, ...]) -> RoundsPlan:
        packages = [making.package(f"N{n}", making.at(east), contract_id="F-ROWAN", workers=2) for n, east in enumerate(places)]
        snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=visits)
        plan = build_provider(Order(snapshot, thoroughness=BRISK), "ROWAN")
        assert (plan.unserved, check(case_of(plan, snapshot))) == ((), [])
        return plan

    both = [visit(f"V{n}", f"N{n}", "07:00", "11:00", workers=2) for n in range(4)]
    crew = rounds(*both, places=(0, 500, 1_000, 1_500))
    assert {each.crew_with for each in crew.rounds} == {each.round_id for each in crew.rounds}
    # One visit for two between four people at either end, all of them at fixed times: each end keeps to itself but for that.
    apart = [
        visit(f"V{n}", f"N{n}", at, at, workers=2 if n == 4 else 1)
        for n, at in enumerate(("07:00", "08:00", "07:00", "08:00", "09:30"))
    ]
    met = rounds(*apart, places=(0, 300, 9_000, 9_300, 4_650))
    assert [each.crew_with for each in met.rounds] == ["", ""]
    assert len({each.round_id for each in met.visits if each.visit_id == "V4"}) == 2


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6), people=st.integers(4, 12))
def test_rounds_are_even_or_say_why_and_nobody_is_left_out_for_it(seed: int, people: int) -> None:
    snapshot = hamlet(people, seed)
    plan = build_provider(Order(snapshot, thoroughness=BRISK), "ROWAN")
    case = case_of(plan, snapshot)
    assert (plan.unserved, check(case), check_evenness(case)) == ((), [], [])


def test_single_visits_are_moved_until_rounds_are_even() -> None:
    # Five people of half an hour a day, in two rounds as their times want it: 7 x 60 or 7 x 90 minutes, unless a visit changes
    # hands on some days. The mean is 525 minutes, a visit 30.
    packages = [making.package(f"N{n}", making.at(100 * n), contract_id="F-ROWAN") for n in range(5)]
    times = (("07:00", "07:05"), ("07:00", "07:05"), ("08:00", "09:00"), ("08:00", "09:00"), ("08:00", "09:00"))
    visits = [visit(f"V{n}", f"N{n}", *window) for n, window in enumerate(times)]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=visits)
    plan = build_provider(Order(snapshot, thoroughness=BRISK), "ROWAN")
    hours = hours_of_rounds(plan)
    assert sorted(each.care for each in hours.values()) == [510 * 60, 540 * 60]
    assert all(each.is_even and each.mean == 525 * 60 for each in hours.values())


def test_rounds_that_cannot_be_even_say_why() -> None:
    packages = [making.package(f"N{n}", contract_id="F-ROWAN") for n in range(4)]
    times = ("07:00", "07:00", "08:30", "09:30")
    visits = [visit(f"V{n}", f"N{n}", at, at, duration_minutes=30 if n else 90) for n, at in enumerate(times)]
    snapshot = making.snapshot(packages, [making.framework("ROWAN")], visits=visits)
    staff = (worker("W1", days=SOME), worker("W2", days=("tue",)))
    plan = build_provider(Order(snapshot, workers=staff, thoroughness=BRISK), "ROWAN")
    assert {each.uneven_because for each in plan.rounds} <= {"", MISSING}
    assert check_evenness(case_of(plan, snapshot, staff)) == []


def test_an_interrupted_run_lists_whom_it_did_not_reach() -> None:
    plan = build_provider(Order(town(), thoroughness=BRISK), "ROWAN", should_stop=lambda: True)
    assert plan.visits == ()
    assert {each.reason for each in plan.unserved} == {NOT_REACHED}
    assert check(case_of(plan, town())) == []


def test_several_providers_are_planned_in_processes_of_their_own_and_told_in_order() -> None:
    snapshot = town()
    half = [replace(p, contract_id="F-SORREL") if i % 2 else p for i, p in enumerate(snapshot.packages)]
    both = making.snapshot(half, [making.framework("ROWAN"), making.framework("SORREL")], visits=snapshot.visits)
    told: list[tuple[int, int]] = []
    order = Order(both, thoroughness=BRISK)
    plan, whole = build(order, ("ROWAN", "SORREL"), processes=2, report=lambda done, of: told.append((done, of)))
    alone, _ = build(order, ("ROWAN", "SORREL"), processes=1)
    assert plan == alone
    assert whole
    assert told == [(1, 2), (2, 2)]
    assert check(replace(case_of(plan, both), provider_ids=("ROWAN", "SORREL"))) == []
