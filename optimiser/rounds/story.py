"""The rounds of many providers, several at a time, largest first; equal input gives equal rounds, whatever ends when."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Event

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.rounds.building import Order, build_provider, not_reached, together

Report = Callable[[int, int], None]
"""How many providers are done, of how many."""

_order: Order | None = None
_stop: Event | None = None


def build(
    order: Order, provider_ids: Sequence[str], *, processes: int = 0, report: Report | None = None
) -> tuple[RoundsPlan, bool]:
    """The rounds of some providers, and whether all were planned to the end.

    ``processes`` 0: one a processor. On Ctrl-C whoever is being planned keeps the best so far, the others are listed as not
    planned.
    """
    size = Counter[str]()
    for package in order.snapshot.packages:
        size[package.contract_id] += package.visits_per_week
    work = Counter(dict.fromkeys(provider_ids, 0))
    for contract in order.snapshot.contracts:
        if contract.provider_id in work:
            work[contract.provider_id] += size[contract.contract_id]
    largest_first = sorted(provider_ids, key=lambda name: (-work[name], name))
    count = min(processes or os.cpu_count() or 1, len(provider_ids))
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    if count < 2:
        plans, whole = _one_by_one(order, largest_first, stop, report)
    else:
        with context.Pool(count, _begin, (order, stop)) as pool:
            plans, whole = _gathered(pool.imap_unordered(_build, largest_first), len(provider_ids), stop, report)
    reached = {name for name, _ in plans}
    plans += [(name, not_reached(order, name)) for name in provider_ids if name not in reached]
    return together([plan for _, plan in sorted(plans, key=lambda each: each[0])]), whole


def _one_by_one(
    order: Order, provider_ids: Sequence[str], stop: Event, report: Report | None
) -> tuple[list[tuple[str, RoundsPlan]], bool]:
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    plans = []
    try:
        for name in provider_ids:
            plans.append((name, build_provider(order, name, stop.is_set)))
            if report is not None:
                report(len(plans), len(provider_ids))
    finally:
        signal.signal(signal.SIGINT, before)
    return plans, not stop.is_set()


def _gathered(  # type: ignore[no-untyped-def]
    coming, count: int, stop: Event, report: Report | None
) -> tuple[list[tuple[str, RoundsPlan]], bool]:
    plans: list[tuple[str, RoundsPlan]] = []
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        for each in coming:
            plans.append(each)
            if report is not None:
                report(len(plans), count)
    finally:
        signal.signal(signal.SIGINT, before)
    return plans, not stop.is_set()


def _begin(order: Order, stop: Event) -> None:
    """In a process of the pool: Ctrl-C is the parent's to hear."""
    global _order, _stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _order, _stop = order, stop


def _build(provider_id: str) -> tuple[str, RoundsPlan]:
    assert _order is not None
    return provider_id, build_provider(_order, provider_id, _is_over)


def _is_over() -> bool:
    """Somebody has asked to stop, or whoever started this process has been killed."""
    parent = multiprocessing.parent_process()
    return _stop is None or _stop.is_set() or parent is None or not parent.is_alive()
