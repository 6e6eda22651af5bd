"""The engine of rounds: times worked out by hand, the compiled timing against plain Python, and runs that repeat."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.rounds.problem import ALONE, TOGETHER, Day, Floats, Ints, Limits, Prices, Roster, first_roster
from optimiser.rounds.solve.annealing import Annealing, Effort, cost_of, improve, starts_of

LINE = np.abs(np.subtract.outer(np.arange(6.0) * 10, np.arange(6.0) * 10))
"""Six places in a row, ten minutes apart."""


USUAL = Prices()


def ints(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def floats(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def day_of(
    windows: list[tuple[float, float]],
    durations: list[float],
    pairing: Ints,
    workers: int,
    gaps: tuple[float, float] = (0.0, 0.0),
    prices: Prices = USUAL,
    shift_ends: float = math.inf,
    follows: Ints | None = None,
) -> Day:
    calls = len(windows)
    return Day(
        travel=LINE[None],
        call_place=np.arange(1, calls + 1),
        earliest=floats(*(window[0] for window in windows)),
        latest=floats(*(window[1] for window in windows)),
        duration=np.array([durations, durations], dtype=np.float64).T.copy(),
        pairing=pairing,
        least_gap=np.full(calls, gaps[0]),
        most_gap=np.full(calls, gaps[1]),
        may=np.ones((calls, 2, workers), dtype=np.bool_),
        given=np.zeros((calls, workers)),
        base=np.zeros(workers, dtype=np.int64),
        kind=np.zeros(workers, dtype=np.int64),
        shift_starts=np.zeros(workers),
        shift_ends=np.full(workers, shift_ends),
        prices=prices,
        follows=follows,
    )


def test_one_worker_waits_and_is_late_as_worked_by_hand() -> None:
    # Place 1 at 10 (opens 30, 20 long), place 2 reached at 60 (closed at 45: 15 late), home from place 2 in 20.
    day = day_of([(30, 40), (0, 45)], [20, 5], ints(ALONE, ALONE), 1, prices=Prices(1, 0.5, 2, 3, 7), shift_ends=80)
    roster = Roster(ints(0, 1), ints(0, 0), ints(-1, -1))
    assert starts_of(day, roster)[:, 0].tolist() == [30, 60]
    # travel 10 + 10 + 20, no waiting (before the first call a worker is not out), late 15 (twice 15, thrice the worst),
    # home at 60 + 5 + 20 = 85: 5 over.
    assert cost_of(day, roster) == 40 + 2 * 15 + 3 * 15 + 7 * 5


def test_waiting_between_two_calls_is_paid() -> None:
    day = day_of([(10, 99), (50, 99)], [5, 5], ints(ALONE, ALONE), 1, prices=Prices(1, 0.5, 1, 0, 0))
    roster = Roster(ints(0, 1), ints(0, 0), ints(-1, -1))
    # Free at 15, at place 2 at 25, which opens at 50: 25 of waiting.
    assert cost_of(day, roster) == 40 + 0.5 * 25


def test_two_who_meet_start_together() -> None:
    # Worker 1 comes from place 3 (30, 10 long): free at 40, at place 1 at 60; worker 0 waits for them.
    day = day_of([(0, 99), (0, 99), (0, 99)], [10, 10, 10], ints(TOGETHER, ALONE, ALONE), 2)
    roster = Roster(ints(2, 0, 1), ints(0, 0, 1), ints(1, -1, -1))
    assert starts_of(day, roster).tolist() == [[60, 60], [80, 0], [30, 0]]


@pytest.mark.parametrize(
    ("second_is_free", "order", "expected", "broken"),
    [
        (0, (0, 1), [10, 25], 0),  # there at 20, too early: the second waits
        (10, (0, 1), [10, 30], 0),  # nobody waits
        (40, (0, 1), [10, 60], 25),  # fifty after the first, where 25 were allowed
        (40, (1, 0), [35, 60], 0),  # timed the other way round the first waits, until 25 before the second
        (0, (1, 0), [10, 20], 5),  # and then nobody is left to wait for the least gap
    ],
)
def test_a_call_that_follows_another_keeps_its_gap(
    second_is_free: float, order: tuple[int, int], expected: list[float], broken: float
) -> None:
    day = day_of([(0, 999), (0, 999)], [5, 5], ints(ALONE, ALONE), 2, gaps=(15, 25), follows=ints(-1, 0))
    day.shift_starts[1] = second_is_free
    roster = Roster(ints(*order), ints(0, 1), ints(-1, -1))
    assert starts_of(day, roster)[:, 0].tolist() == expected
    assert cost_of(day, roster) == 60 + 100 * broken


def test_the_order_can_have_a_meeting_between_a_call_and_the_one_that_follows_it() -> None:
    day = day_of([(0, 99)] * 3, [5] * 3, ints(ALONE, TOGETHER, ALONE), 2, gaps=(20, 60), follows=ints(-1, -1, 0))
    starts = starts_of(day, Roster(ints(0, 1, 2), ints(0, 0, 1), ints(-1, 1, -1)))
    assert starts[:, 0].tolist() == [10, 25, 40]


def test_a_call_that_nobody_may_do_is_refused() -> None:
    day = day_of([(0, 9)], [5], ints(ALONE), 1)
    with pytest.raises(ValueError, match="no care worker"):
        Day(**{**day.__dict__, "may": np.zeros((1, 2, 1), dtype=np.bool_)})
    with pytest.raises(ValueError, match="only one care worker"):
        day_of([(0, 9)], [5], ints(TOGETHER), 1)
    with pytest.raises(ValueError, match="only one may do"):
        day_of([(0, 9)] * 2, [5] * 2, ints(ALONE, ALONE), 1, follows=ints(-1, 0))
    with pytest.raises(ValueError, match="no such thing"):
        day_of([(0, 9)] * 2, [5] * 2, ints(ALONE, TOGETHER), 2, follows=ints(-1, 0))


@st.composite
def days(draw: st.DrawFn) -> Day:
    calls, workers = draw(st.integers(2, 9)), draw(st.integers(2, 4))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    places = random.integers(0, 60, (calls + workers, 2)).astype(np.float64)
    earliest = random.integers(0, 300, calls).astype(np.float64)
    may = random.random((calls, 2, workers)) < 0.7
    may[:, 0, 0], may[:, 1, 1] = True, True
    pairing, follows = random.integers(0, 2, calls).astype(np.int64), np.full(calls, -1, dtype=np.int64)
    alone = random.permutation(np.flatnonzero(pairing == ALONE))
    linked = alone[: len(alone) // 4 * 2]
    follows[linked[::2]] = linked[1::2]
    may[linked[::2], 0, 1] = True
    straight = np.hypot(*(np.subtract.outer(places[:, axis], places[:, axis]) for axis in (0, 1)))
    return Day(
        travel=np.array([straight, 3 * straight]),
        call_place=np.arange(calls),
        earliest=earliest,
        latest=earliest + random.integers(0, 60, calls),
        duration=random.integers(5, 40, (calls, 2)).astype(np.float64),
        pairing=pairing,
        least_gap=np.full(calls, 5.0),
        most_gap=np.full(calls, 15.0),
        may=may,
        given=random.integers(0, 30, (calls, workers)).astype(np.float64),
        base=calls + np.arange(workers),
        kind=random.integers(0, 2, workers),
        shift_starts=random.integers(0, 50, workers).astype(np.float64),
        shift_ends=random.integers(200, 400, workers).astype(np.float64),
        prices=Prices(1, 0.25, 2, 3, 4, 5, 6),
        limits=Limits(longest_run=180, break_after=100, break_length=20, even_part=60, even_tolerance=15),
        follows=follows,
        care=random.integers(5, 90, (calls, 2)).astype(np.float64) if draw(st.booleans()) else None,
        carried=random.integers(0, 90, workers).astype(np.float64) if draw(st.booleans()) else None,
    )


def plain_cost(day: Day, roster: Roster) -> float:
    """The cost again, worker by worker, from the starts alone."""
    starts = starts_of(day, roster)
    cost = sum(plain_cost_of_worker(day, roster, starts, worker) for worker in range(day.workers))
    worst = 0.0
    for call in range(day.calls):
        parts = starts[call, : 1 if day.pairing[call] == ALONE else 2]
        late = np.maximum(0, parts - day.latest[call])
        cost, worst = cost + day.prices.lateness * float(late.sum()), max(worst, float(late.max()))
        if day.pairing[call] == TOGETHER:
            assert parts[0] == parts[1]
    for call, before in day.followers:
        gap = starts[call, 0] - starts[before, 0]
        cost += day.prices.broken_gap * max(0, day.least_gap[call] - gap, gap - day.most_gap[call])
    return cost + day.prices.worst_lateness * worst


def plain_cost_of_worker(day: Day, roster: Roster, starts: Floats, worker: int) -> float:
    travel, prices, limits = day.travel[day.kind[worker]], day.prices, day.limits
    place, free = int(day.base[worker]), float(day.shift_starts[worker])
    cost, load, gaps = 0.0, 0.0 if day.carried is None else float(day.carried[worker]), [0.0]
    began = math.inf
    for call in roster.order.tolist():
        for part, whose in enumerate((roster.first, roster.second)):
            if whose[call] != worker or (part == 1 and day.pairing[call] == ALONE):
                continue
            here, start = int(day.call_place[call]), float(starts[call, part])
            arrival = free + travel[place, here]
            assert start >= arrival - 1e-9
            assert start >= day.earliest[call]
            if began < math.inf:
                gaps.append(start - arrival)
            began = min(began, start)
            cost += prices.travel * travel[place, here] + day.given[call, worker]
            place, free = here, start + float(day.duration[call, part])
            load += float(day.duration[call, part] if day.care is None else day.care[call, part])
    if began < math.inf:
        home, run = travel[place, day.base[worker]], free - began
        over = max(0.0, free + home - day.shift_ends[worker]) + max(0.0, run - limits.longest_run)
        over += max(0.0, limits.break_length - max(gaps)) if run > limits.break_after else 0
        cost += prices.travel * home + prices.waiting * sum(gaps) + prices.overtime * over
    return cost + prices.uneven * max(0.0, abs(load - limits.even_part) - limits.even_tolerance)


@settings(max_examples=60)
@given(day=days(), seed=st.integers(0, 99))
def test_what_annealing_says_of_its_best_is_what_plain_arithmetic_finds(day: Day, seed: int) -> None:
    work = Annealing(day, first_roster(day), 6_000, 50, 1, seed)
    work.go(6_000)  # renumbered once on the way
    for roster, cost in ((work.best, work.best_cost), (work.present, work.cost)):
        assert sorted(roster.order.tolist()) == list(range(day.calls))
        assert plain_cost(day, roster) == pytest.approx(cost)
        for call in range(day.calls):
            assert day.may[call, 0, roster.first[call]]
            if day.pairing[call] == ALONE:
                assert roster.second[call] == -1
            else:
                assert day.may[call, 1, roster.second[call]]
                assert roster.second[call] != roster.first[call]
        assert all(roster.first[call] != roster.first[before] for call, before in day.followers)


@settings(max_examples=20)
@given(day=days(), pieces=st.integers(2, 7))
def test_a_run_in_pieces_is_the_same_run(day: Day, pieces: int) -> None:
    whole, parts = (Annealing(day, first_roster(day), 12_000, 50, 1, 7) for _ in range(2))
    whole.go(12_000)
    while parts.done < parts.steps:
        parts.go(12_000 // pieces)
    assert parts.best_cost == pytest.approx(whole.best_cost, rel=1e-9)
    assert (parts.best.order.tolist(), parts.best.first.tolist()) == (whole.best.order.tolist(), whole.best.first.tolist())


def test_a_small_day_is_solved_to_the_best_there_is() -> None:
    random = np.random.default_rng(4)
    day = day_of([(float(start), float(start) + 10) for start in random.integers(0, 80, 5)], [15] * 5, ints(0, 0, 0, 0, 0), 2)
    best = min(
        cost_of(day, Roster(ints(*order), ints(*who), np.full(5, -1, dtype=np.int64)))
        for order in itertools.permutations(range(5))
        for who in itertools.product(range(2), repeat=5)
    )
    assert improve(day, Effort(steps=40_000, hot=50, cold=0.5)).cost == pytest.approx(best)


def test_equal_days_give_equal_rosters_and_a_stop_keeps_the_best() -> None:
    day = day_of(
        [(0, 30), (10, 40), (20, 50), (0, 20), (5, 60)],
        [15] * 5,
        ints(1, 0, 0, 0, 1),
        3,
        gaps=(5, 10),
        follows=ints(-1, 2, -1, -1, -1),
    )
    effort = Effort(steps=20_000)
    one, again = improve(day, effort), improve(day, effort)
    assert (one.cost, one.roster.order.tolist()) == (again.cost, again.roster.order.tolist())
    told: list[float] = []
    stopped = improve(day, effort, should_stop=lambda: True, report=lambda _, cost: told.append(cost))
    assert stopped.steps == 0
    assert stopped.cost == told[-1] == cost_of(day, first_roster(day))
