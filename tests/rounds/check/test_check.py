"""The check of rounds: faults planted one by one in a plan that is right, each found by its own sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from optimiser.domain.rounds_plan import PlannedVisit, RoundsPlan, UnservedVisit
from optimiser.domain.staffing import Staffing, StaffingSettings
from optimiser.rounds.check import check, check_evenness
from tests.making.weeks import case_of, town, town_rounds, worker

Spoil = Callable[[RoundsPlan], RoundsPlan]


def changed(plan: RoundsPlan, old: PlannedVisit, **given: object) -> RoundsPlan:
    return replace(plan, visits=tuple(replace(v, **given) if v == old else v for v in plan.visits))  # type: ignore[arg-type]


def second(plan: RoundsPlan) -> PlannedVisit:
    """A visit that is not the first of its run, for one care worker."""
    alone = {line.visit_id for line in town().visits if line.workers == 1}
    return next(v for v in plan.visits if v.position == 2 and v.visit_id in alone)


def for_two(plan: RoundsPlan) -> PlannedVisit:
    two = {line.visit_id for line in town().visits if line.workers == 2}
    return next(v for v in plan.visits if v.visit_id in two)


def medicated(plan: RoundsPlan) -> PlannedVisit:
    people = {p.package_id for p in town().packages if p.skills}
    lines = {line.visit_id for line in town().visits if line.package_id in people}
    return next(v for v in plan.visits if v.visit_id in lines)


PLANTED: list[tuple[str, Spoil]] = [
    ("begins outside its window", lambda p: changed(p, second(p), start=6 * 3600)),
    ("is not as long as it should be", lambda p: changed(p, second(p), end=second(p).end + 60)),
    ("begins before its care worker is there", lambda p: changed(p, second(p), arrival=second(p).start + 60)),
    ("arrival is not the end of the visit before and the way", lambda p: changed(p, second(p), arrival=second(p).arrival - 60)),
    ("is not as the travel times have it", lambda p: changed(p, second(p), travel_seconds=1)),
    ("is not as the travel times have it", lambda p: changed(p, second(p), metres=second(p).metres + 1)),
    ("positions are not", lambda p: changed(p, second(p), position=9)),
    ("more than one care worker", lambda p: changed(p, second(p), worker="somebody")),
    ("the two care workers do not begin together", lambda p: changed(p, for_two(p), start=for_two(p).start + 60)),
    ("needs 1 care worker(s), has 0", lambda p: replace(p, visits=tuple(v for v in p.visits if v != second(p)))),
    ("needs 1 care worker(s), has 2", lambda p: replace(p, visits=(*p.visits, replace(second(p), position=99)))),
    ("needs 2 care worker(s), has 1", lambda p: replace(p, visits=tuple(v for v in p.visits if v != for_two(p)))),
    (
        "is listed as unserved 1 time(s)",
        lambda p: replace(p, unserved=(UnservedVisit("ROWAN", "N01", second(p).visit_id, second(p).day, "why"),)),
    ),
    ("is to be listed once; it is 1 times", lambda p: replace(p, unserved=(UnservedVisit("ROWAN", "N01", "", "", "why"),))),
    ("unserved without a reason", lambda p: replace(p, unserved=(UnservedVisit("ROWAN", "N01", "V01a", "mon", ""),))),
    ("is not among the rounds", lambda p: changed(p, second(p), round_id="R9")),
    ("is not in the snapshot", lambda p: changed(p, second(p), visit_id="V99")),
    ("the round is there 2 times", lambda p: replace(p, rounds=(*p.rounds, p.rounds[0]))),
    (
        "is not in the care of this provider",
        lambda p: replace(p, rounds=tuple(replace(each, provider_id="OTHER") for each in p.rounds)),
    ),
    (
        "the round does not run on this day",
        lambda p: replace(p, rounds=tuple(replace(each, days=("sun",)) for each in p.rounds)),
    ),
    ("not at about the same time every day", lambda p: changed(p, medicated(p), start=medicated(p).start + 4_000)),
]


@pytest.mark.parametrize(("sentence", "spoil"), PLANTED, ids=[sentence for sentence, _ in PLANTED])
def test_a_planted_fault_is_found(sentence: str, spoil: Spoil) -> None:
    assert any(sentence in fault for fault in check(case_of(spoil(town_rounds()), town())))


STRICTER = [
    ("longer than the longest run", Staffing(shift_hours_limit=Fraction(1))),
    ("no break", Staffing(break_after_hours=Fraction(1, 2), break_minutes=200)),
    ("has too little rest", Staffing(rest_hours=Fraction(24))),
    ("works on 5 days", Staffing(days_per_week=4)),
    ("works more hours than the limit", Staffing(weekly_hours_limit=Fraction(2))),
    ("outside the morning shift", replace(Staffing(), morning=replace(Staffing().morning, ends=Staffing().morning.starts))),
]


@pytest.mark.parametrize(("sentence", "staffing"), STRICTER, ids=[sentence for sentence, _ in STRICTER])
def test_rounds_built_for_other_limits_are_found_to_break_stricter_ones(sentence: str, staffing: Staffing) -> None:
    case = replace(case_of(town_rounds(), town()), settings=StaffingSettings(staffing))
    assert any(sentence in fault for fault in check(case))


def test_care_workers_who_cannot_be_there_are_found() -> None:
    plan = town_rounds()
    name = second(plan).worker
    everybody = sorted({v.worker for v in plan.visits})
    able = [worker(each) for each in everybody]
    for sentence, workers in [
        ("has not the skills", [replace(each, skills=()) for each in able]),
        ("is another provider's", [replace(each, provider_id="OTHER") if each.worker_id == name else each for each in able]),
        ("does not work on", [replace(each, days=("sun",)) if each.worker_id == name else each for each in able]),
    ]:
        assert any(sentence in fault for fault in check(case_of(plan, town(), workers)))
    assert any("is not known" in fault for fault in check(case_of(plan, town(), [worker("W1")])))


def test_one_care_worker_in_two_rounds_at_once_is_found() -> None:
    plan = town_rounds()
    pair = [v for v in plan.visits if v.visit_id == for_two(plan).visit_id and v.day == "mon"]
    run = [v for v in plan.visits if (v.round_id, v.day) == (pair[1].round_id, "mon")]
    both = replace(plan, visits=tuple(replace(v, worker=pair[0].worker) if v in run else v for v in plan.visits))
    faults = check(case_of(both, town()))
    assert any("in two rounds at once on mon" in fault for fault in faults)
    assert any("works more than one run on mon" in fault for fault in faults)
    assert any("the same care worker twice" in fault for fault in faults)


def test_uneven_rounds_without_a_reason_are_found() -> None:
    plan = town_rounds()
    assert check_evenness(case_of(plan, town())) == []
    none = replace(plan, rounds=tuple(replace(each, uneven_because="") for each in plan.rounds))
    busiest = Counter(v.round_id for v in plan.visits if v.round_id.startswith("ROWAN-M")).most_common(1)[0][0]
    less = replace(none, visits=tuple(v for v in plan.visits if v.round_id != busiest or v.day == "mon"))
    assert any(busiest in fault and "is uneven, without a reason" in fault for fault in check_evenness(case_of(less, town())))
    all_told = replace(plan, rounds=tuple(replace(each, uneven_because="why") for each in plan.rounds))
    assert any("has a reason for being uneven, and is not" in fault for fault in check_evenness(case_of(all_told, town())))
