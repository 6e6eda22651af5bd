"""A realistic morning of one area against OR-Tools' routing, in equal processor time: 700 worker-visits, 120 of them pairs.

    .venv/bin/python -m tests.benchmarks.area_shift [--seconds S]

Invented and seeded: people around three towns and in the country between, morning and midday windows. Both solve one model: ways
and, twentyfold, lateness, with the same number of care workers, who begin where their first visit is. OR-Tools gets every
visit for two as two nodes of one start and of different vehicles; its beginning is the better of its own cheapest insertion and
the groups that our search begins with. Both costs are worked out again from the routes alone.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from optimiser.rounds.annealing import Annealing, cost_of
from optimiser.rounds.clusters import clustered_roster
from optimiser.rounds.improving import Effort, improve
from optimiser.rounds.problem import ALONE, TOGETHER, Day, Ints, Prices, Roster

ALONE_CALLS, PAIRS, WORKERS = 460, 120, 110
SHIFT = (7 * 3600, 15 * 3600)
LATENESS_PRICE = 20
TRIAL_STEPS = 300_000


def main() -> None:
    """Solve the shift both ways and print the ratio."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=60)
    chosen = options.parse_args()
    day = area_shift(seed=1)
    trial = Annealing(day, clustered_roster(day), 2 * TRIAL_STEPS, 100.0, 50.0, 1)
    trial.go(1)  # compiled, which is not counted
    began = time.process_time()
    trial.go(TRIAL_STEPS)
    a_second = TRIAL_STEPS / (time.process_time() - began)
    began = time.process_time()
    effort = Effort(int(a_second * chosen.seconds), hot=600.0, cold=15.0, beginnings=1, returns=1)
    ours = improve(day, effort, start=clustered_roster(day), should_stop=lambda: time.process_time() - began > chosen.seconds)
    print(f"ours: {ours.cost:,.0f} in {time.process_time() - began:.0f} s of processor, {ours.steps:,} changes", flush=True)
    began = time.process_time()
    other = ortools_roster(day, chosen.seconds)
    seconds = time.process_time() - began
    if other is None:
        print(f"OR-Tools: no solution in {seconds:.0f} s")
        return
    theirs = cost_of(day, other)
    print(f"OR-Tools: {theirs:,.0f} in {seconds:.0f} s of processor; ours is {ours.cost / theirs:.3f} of it")


def area_shift(seed: int) -> Day:
    """The calls of a morning, singles first."""
    dice = np.random.default_rng(seed)
    calls = ALONE_CALLS + PAIRS
    towns = np.array([[0, 0], [9_000, 4_000], [3_000, 11_000]])
    near = towns[dice.integers(0, 3, calls)] + dice.normal(0, 1_500, (calls, 2))
    places = np.where(dice.random((calls, 1)) < 0.7, near, dice.uniform(-4_000, 14_000, (calls, 2)))
    crow = np.hypot(*(np.subtract.outer(places[:, axis], places[:, axis]) for axis in (0, 1)))
    way = np.zeros((1, calls + 1, calls + 1))
    way[0, :-1, :-1] = np.where(np.eye(calls), 0, np.round(crow * 0.076 + 240))
    midday = dice.random(calls) < 0.35
    earliest = np.where(midday, 11.5, 7.0) * 3600
    duration = dice.choice([15, 30, 30, 30, 45, 60], calls) * 60.0
    return Day(
        travel=way,
        call_place=np.arange(calls, dtype=np.int64),
        earliest=earliest,
        latest=earliest + np.where(midday, 2.0, 2.5) * 3600,
        duration=np.column_stack((duration, duration)),
        pairing=np.where(np.arange(calls) < ALONE_CALLS, ALONE, TOGETHER).astype(np.int64),
        least_gap=np.zeros(calls),
        most_gap=np.zeros(calls),
        may=np.ones((calls, 2, WORKERS), dtype=np.bool_),
        given=np.zeros((calls, WORKERS)),
        base=np.full(WORKERS, calls, dtype=np.int64),
        kind=np.zeros(WORKERS, dtype=np.int64),
        shift_starts=np.full(WORKERS, float(SHIFT[0])),
        shift_ends=np.full(WORKERS, float(SHIFT[1])),
        prices=Prices(travel=1, lateness=LATENESS_PRICE, overtime=LATENESS_PRICE),
    )


def ortools_roster(day: Day, seconds: float) -> Roster | None:
    """The best roster that guided local search finds in so many seconds."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    call_of = [*range(day.calls), *(call for call in range(day.calls) if day.pairing[call] != ALONE)]
    depot = len(call_of)
    at = np.array([*day.call_place[call_of], day.base[0]])
    way = day.travel[0][np.ix_(at, at)].astype(np.int64)
    care = np.array([*day.duration[call_of, 0], 0], dtype=np.int64)
    manager = pywrapcp.RoutingIndexManager(depot + 1, day.workers, depot)
    model = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(way.tolist()))
    model.AddDimension(model.RegisterTransitMatrix((way + care[:, None]).tolist()), 86_400, 86_400, False, "time")
    clock = model.GetDimensionOrDie("time")
    for node, call in enumerate(call_of):
        start = clock.CumulVar(manager.NodeToIndex(node))
        start.SetMin(int(day.earliest[call]))
        clock.SetCumulVarSoftUpperBound(manager.NodeToIndex(node), int(day.latest[call]), LATENESS_PRICE)
    for worker in range(day.workers):
        clock.CumulVar(model.Start(worker)).SetMin(SHIFT[0])
        clock.SetCumulVarSoftUpperBound(model.End(worker), SHIFT[1], LATENESS_PRICE)
    for second in range(day.calls, depot):
        one, other = manager.NodeToIndex(call_of[second]), manager.NodeToIndex(second)
        model.solver().Add(clock.CumulVar(one) == clock.CumulVar(other))
        model.solver().Add(model.VehicleVar(one) != model.VehicleVar(other))
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(seconds * 1000))
    model.CloseModelWithParameters(search)
    given = _given(model, day, call_of)
    found = model.SolveFromAssignmentWithParameters(given, search) if given else model.SolveWithParameters(search)
    return None if found is None else _roster(day, model, manager, clock, found, call_of)


def _given(model: Any, day: Day, call_of: list[int]) -> Any:
    """The groups that our own search begins with, as routes."""
    roster, number = clustered_roster(day), {call: node for node, call in reversed(list(enumerate(call_of)))}
    second = {call_of[node]: node for node in range(day.calls, len(call_of))}
    routes: list[list[int]] = [[] for _ in range(day.workers)]
    for call in roster.order.tolist():
        routes[int(roster.first[call])].append(number[call])
        if call in second:
            routes[int(roster.second[call])].append(second[call])
    return model.ReadAssignmentFromRoutes(routes, True)


def _roster(day: Day, model: Any, manager: Any, clock: Any, found: Any, call_of: list[int]) -> Roster:
    first, second = np.full(day.calls, -1, dtype=np.int64), np.full(day.calls, -1, dtype=np.int64)
    starts = np.zeros(day.calls)
    for worker in range(day.workers):
        index = model.Start(worker)
        while not model.IsEnd(index := found.Value(model.NextVar(index))):
            node = manager.IndexToNode(index)
            (first if node < day.calls else second)[call_of[node]] = worker
            starts[call_of[node]] = found.Min(clock.CumulVar(index))
    order: Ints = np.argsort(starts, kind="stable").astype(np.int64)
    return Roster(order, first, second)


if __name__ == "__main__":
    main()
