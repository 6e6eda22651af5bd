"""Times for a roster, and what they cost; compiled, as it is asked a million times a second.

Calls are timed in the roster's order: each as soon as its workers are there and it may begin. For given orders of all
workers no call can be earlier.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from optimiser.rounds.problem import Floats, Ints

STRIDE = 8
"""After every so many calls the state is kept, so that a change far down the order need not time what stands before it."""


@njit(cache=True)
def time_calls(  # type: ignore[no-untyped-def]
    day, order, first, second, begin, limit, kept_place, kept_time, kept_sums, starts, keep
) -> float:
    """The cost of a roster from position ``begin`` on, given what is kept of before; ``inf`` as soon as it passes ``limit``.

    ``day`` is ``packed(day)``. With ``keep`` the states passed on the way and the starts of all parts are written down.
    """
    (travel, call_place, earliest, latest, duration, pairing, least_gap, most_gap, base, shift_starts, shift_ends, prices) = day
    calls, workers = len(order), len(base)
    block = begin // STRIDE
    place, free_at = np.empty(workers, np.int64), np.empty(workers)
    for worker in range(workers):
        place[worker], free_at[worker] = kept_place[block, worker], kept_time[block, worker]
    cost, worst = kept_sums[block, 0], kept_sums[block, 1]
    for position in range(block * STRIDE, calls):
        if keep and position % STRIDE == 0:
            block = position // STRIDE
            for worker in range(workers):
                kept_place[block, worker], kept_time[block, worker] = place[worker], free_at[worker]
            kept_sums[block, 0], kept_sums[block, 1] = cost, worst
        call = order[position]
        here, kind = call_place[call], pairing[call]
        one = first[call]
        here_one = free_at[one] + travel[place[one], here]
        start = max(here_one, earliest[call])
        other, here_other, start_other = -1, 0.0, start
        if kind != 0:
            other = second[call]
            here_other = free_at[other] + travel[place[other], here]
            start_other = max(here_other, earliest[call])
            if kind == 1:
                start = start_other = max(start, start_other)
            elif start_other < start + least_gap[call]:
                start_other = start + least_gap[call]
            elif start_other > start + most_gap[call]:
                start = start_other - most_gap[call]
        late = max(0.0, start - latest[call])
        late_other = max(0.0, start_other - latest[call]) if kind != 0 else 0.0
        cost += prices[2] * (late + late_other)
        worst = max(worst, late, late_other)
        for part in range(1 if kind == 0 else 2):
            worker = one if part == 0 else other
            begins = start if part == 0 else start_other
            ends = begins + duration[call, part]
            home = base[worker]
            cost += prices[0] * (travel[place[worker], here] - travel[place[worker], home] + travel[here, home])
            if place[worker] != home or free_at[worker] > shift_starts[worker]:
                cost += prices[1] * (begins - (here_one if part == 0 else here_other))
            over_before = max(0.0, free_at[worker] + travel[place[worker], home] - shift_ends[worker])
            cost += prices[4] * (max(0.0, ends + travel[here, home] - shift_ends[worker]) - over_before)
            place[worker], free_at[worker] = here, ends
            if keep:
                starts[call, part] = begins
        if cost + prices[3] * worst > limit:
            return np.inf
    return cost + prices[3] * worst  # type: ignore[no-any-return]


def kept_states(calls: int, base: Ints, shift_starts: Floats) -> tuple[Ints, Floats, Floats]:
    """Room for what ``time_calls`` keeps, with the state before the first call."""
    blocks, workers = calls // STRIDE + 1, len(base)
    place, time = np.zeros((blocks, workers), np.int64), np.zeros((blocks, workers))
    place[0], time[0] = base, shift_starts
    return place, time, np.zeros((blocks, 2))
