"""The shift of ``area_shift``, as well as OR-Tools' routing can be made to solve it.

Given the visits for two as two nodes each that start together, it finds nothing good by itself: almost no single change of its
local search keeps both starts equal. So it is given the beginning that helps it most, and two ways on from there:

1. Crews of two make the visits for two, everybody else the others: a problem without meetings, which it solves well.
2. From there everybody may do everything: with the visits for two at the times found (``keep_times``), or meeting at any time.

Lateness is forbidden, not priced, which makes its search faster; nothing that our search finds good is late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimiser.rounds.problem import ALONE, Day, Ints, Roster

CREWS = 20
BEGINNING_SHARE = 1 / 3
"""Of the time, for the crews."""
FINE = 10
"""Costs are whole numbers of tenths, as the price of waiting is a tenth of that of the ways."""


@dataclass(frozen=True)
class Found:
    """Routes of nodes (the visits, then the second parts of those for two), starts of the visits, cost as OR-Tools says."""

    routes: list[list[int]]
    starts: dict[int, int]
    cost: float


def ortools_shift(day: Day, seconds: float, *, keep_times: bool) -> tuple[Roster, float] | None:
    """The roster that guided local search finds in so many seconds altogether, and its cost in OR-Tools' own words."""
    pairs = np.flatnonzero(day.pairing != ALONE).tolist()
    crewed = _solve(day, list(range(day.calls)), seconds * BEGINNING_SHARE, crews=CREWS)
    if crewed is None:
        return None
    second = {call: day.calls + number for number, call in enumerate(pairs)}
    mates = [[second[node] for node in route if node in second] for route in crewed.routes[:CREWS]]
    times = {call: crewed.starts[call] for call in pairs} if keep_times else {}
    rest = seconds * (1 - BEGINNING_SHARE)
    found = _solve(day, [*range(day.calls), *pairs], rest, begin=[*crewed.routes, *mates], times=times)
    return None if found is None else (_roster(day, found, [*range(day.calls), *pairs]), found.cost)


def _solve(
    day: Day,
    calls: list[int],
    seconds: float,
    *,
    crews: int = 0,
    begin: list[list[int]] | None = None,
    times: dict[int, int] | None = None,
) -> Found | None:
    """Routes for the calls of some nodes. ``crews``: so many vehicles are two workers each, and make the visits for two."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    depot, fleet = len(calls), day.workers - crews
    manager = pywrapcp.RoutingIndexManager(depot + 1, fleet, depot)
    model = pywrapcp.RoutingModel(manager)
    clock = _costs_and_clock(day, calls, model, crews, fleet)
    for node, call in enumerate(calls):
        start = clock.CumulVar(manager.NodeToIndex(node))
        start.SetRange(int(day.earliest[call]), int(day.latest[call]))
        if times:
            start.SetRange(*(2 * (times[call],) if call in times else (int(day.earliest[call]), int(day.latest[call]))))
        if crews and day.pairing[call] != ALONE:
            model.VehicleVar(manager.NodeToIndex(node)).SetValues([-1, *range(crews)])
    for second in range(day.calls, depot):
        one, other = manager.NodeToIndex(calls[second]), manager.NodeToIndex(second)
        if not times:
            model.solver().Add(clock.CumulVar(one) == clock.CumulVar(other))
        model.solver().Add(model.VehicleVar(one) != model.VehicleVar(other))
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(seconds * 1000))
    model.CloseModelWithParameters(search)
    if begin is None:
        found = model.SolveWithParameters(search)
    else:
        found = model.SolveFromAssignmentWithParameters(model.ReadAssignmentFromRoutes(begin, True), search)
    return None if found is None else _found(day, calls, manager, model, clock, found, fleet)


def _costs_and_clock(day: Day, calls: Sequence[int], model: Any, crews: int, fleet: int) -> Any:
    """Ways, and the time from first visit to last, which is care, ways and waiting; all of a crew twice."""
    at = np.array([*day.call_place[calls], day.base[0]])
    way = day.travel[0][np.ix_(at, at)].astype(np.int64)
    care = np.array([*day.duration[calls, 0], 0], dtype=np.int64)
    waiting = round(FINE * day.prices.waiting)
    each = round(FINE * day.prices.travel) - waiting
    ways = [model.RegisterTransitMatrix((people * each * way).tolist()) for people in (1, 2)]
    model.AddDimension(model.RegisterTransitMatrix((way + care[:, None]).tolist()), 86_400, 86_400, False, "time")
    clock = model.GetDimensionOrDie("time")
    for vehicle in range(fleet):
        people = 2 if vehicle < crews else 1
        model.SetArcCostEvaluatorOfVehicle(ways[people - 1], vehicle)
        clock.SetSpanCostCoefficientForVehicle(people * waiting, vehicle)
        clock.CumulVar(model.Start(vehicle)).SetMin(int(day.shift_starts[0]))
        clock.CumulVar(model.End(vehicle)).SetMax(int(day.shift_ends[0]))
    return clock


def _found(day: Day, calls: Sequence[int], manager: Any, model: Any, clock: Any, found: Any, fleet: int) -> Found:
    routes: list[list[int]] = []
    starts: dict[int, int] = {}
    for vehicle in range(fleet):
        route: list[int] = []
        index = model.Start(vehicle)
        while not model.IsEnd(index := found.Value(model.NextVar(index))):
            route.append(manager.IndexToNode(index))
            starts[calls[route[-1]]] = found.Min(clock.CumulVar(index))
        routes.append(route)
    care = float(np.where(day.pairing == ALONE, 1, 2) @ day.duration[:, 0])
    return Found(routes, starts, found.ObjectiveValue() / FINE - day.prices.waiting * care)


def _roster(day: Day, found: Found, calls: Sequence[int]) -> Roster:
    first, second = np.full(day.calls, -1, dtype=np.int64), np.full(day.calls, -1, dtype=np.int64)
    for worker, route in enumerate(found.routes):
        for node in route:
            (first if node < day.calls else second)[calls[node]] = worker
    order: Ints = np.argsort([found.starts[call] for call in range(day.calls)], kind="stable").astype(np.int64)
    return Roster(order, first, second)
