"""Every two providers that stop on the same day: thousands. What no plan can avoid is worked out for each of them, what a plan
would leave unmet is estimated from it, and the worst are tried as every other failure is, until the first so many are all tried.

The bound is the flow of ``cut_off``, the same for a pair as for one: exact arithmetic, proven. The estimate adds what the plans
found for each of the two alone leave above their bounds, less what today's plan does. It is no bound: pairs that were not tried
may be worse or better than it says, and the report tells by how much it was off where it could be compared. Where a plan leaves
less than was estimated, a pair that was not tried moves up among the first, and is tried next.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from optimiser.in_parallel.journal import Journal, Kept
from optimiser.in_parallel.piece_of_work import IsOver, Work
from optimiser.in_parallel.story import InParallel
from optimiser.io.result_head import result_head
from optimiser.judging.checking import DisagreementError
from optimiser.whatif.stress.cut_off import room_of_others
from optimiser.whatif.stress.problem import varied
from optimiser.whatif.stress.solve import thorough
from optimiser.whatif.stress.story import (
    Before,
    Failure,
    Stress,
    Stressed,
    Sweep,
    changes_nothing,
    failure_of,
    ranked,
    stressed,
    tried,
)


@dataclass(frozen=True)
class Room:
    """After a failure, the minutes a week of everybody without a place, and the most of them that any plan can place."""

    open_minutes: int
    placeable_minutes: int

    @property
    def unmet_at_least(self) -> int:
        return self.open_minutes - self.placeable_minutes


@dataclass(frozen=True)
class Pair:
    """Two providers that stop together. Minutes a week of the whole county."""

    provider_ids: tuple[str, ...]
    minutes_lost: int
    """Running care of the two."""
    unmet_at_least: int
    """Proven."""
    unmet_estimated: int
    beyond_each_alone: int
    """What no plan can avoid, beyond what it is for each of the two alone: they are each other's substitutes. Below 0: they share
    what is lacking."""
    unmet_found: int | None
    """In the plan that was found, where the pair was tried."""
    changes_more: bool
    """Whether each of the two changes something; else the pair is the other one alone."""

    def __repr__(self) -> str:
        return f"<Pair {' + '.join(self.provider_ids)}>"

    @property
    def unmet(self) -> int:
        """Found, else estimated."""
        return self.unmet_estimated if self.unmet_found is None else self.unmet_found


@dataclass(frozen=True)
class EveryPair:
    """All pairs, most unmet first."""

    pairs: tuple[Pair, ...]
    first: int
    """So many are tried, counted from the worst of those in which each of the two changes something."""

    def __repr__(self) -> str:
        return f"<EveryPair: {len(self.pairs)}>"

    @property
    def next_lot(self) -> tuple[Pair, ...]:
        """Those among the first that are not tried yet; empty: all are."""
        first = [each for each in self.pairs if each.changes_more][: self.first]
        return tuple(each for each in first if each.unmet_found is None)

    @property
    def off_by(self) -> tuple[int, ...]:
        """Of the pairs that were tried: found less estimated, in minutes a week."""
        return tuple(each.unmet_found - each.unmet_estimated for each in self.pairs if each.unmet_found is not None)


@dataclass(frozen=True)
class Asked:
    """A failure, and whether it is tried or only bounded."""

    failure: Failure
    is_tried: bool

    @property
    def key(self) -> str:
        """By what it is found in a journal."""
        return json.dumps(["tried" if self.is_tried else "bounded", *self.failure.provider_ids])


def every_pair(sweep: Sweep, *, first: int = 100, journal: Path | None = None) -> Stress:
    """Every provider alone and every two together, until the ``first`` worst by what is known are all tried. ``journal``: a file
    in which what is done is kept, so that an interrupted run goes on; whoever names it takes it away once the result is where it
    belongs.

    Raises ``ProcessEndedError``, ``DisagreementError``, and ``OSError`` where the journal cannot be written.
    """
    today = thorough(sweep.county, sweep.rules, sweep.effort, sweep.solving, sweep.should_stop)
    if today.stopped:
        return Stress(sweep.county, sweep.rules, today.levels, (), (), swept=True, complete=False)
    before = Before(sweep.county, sweep.rules, today)
    work = Work(_done, before, "tries failures", lambda asked: asked.failure.subject)
    with (
        Journal(journal, _made_for(before)) as kept,
        InParallel(work, workers=sweep.workers, engine=sweep.elsewhere) as processes,
    ):
        return _all(sweep, before, processes, kept, first)


def _all(
    sweep: Sweep, before: Before, processes: InParallel[Before, Asked, Stressed | Room], kept: Journal, first: int
) -> Stress:
    county = sweep.county
    trials = Kept(processes, kept, Stressed, lambda asked: asked.key)
    failures = [failure_of(county, [provider.provider_id]) for provider in county.providers]
    alone = trials.do([Asked(each, is_tried=True) for each in failures], report=sweep.report, should_stop=sweep.should_stop)
    stress = Stress(
        county, sweep.rules, before.today.levels, ranked(alone.results.values()), (), swept=True, complete=alone.complete
    )
    if not alone.complete:
        return stress
    singles = dict(zip((each.subject for each in failures), alone.results.values(), strict=True))
    silent = {each.subject for each in failures if changes_nothing(county, each)}
    both = [failure_of(county, two) for two in combinations(sorted(singles), 2)]
    asked = [each for each in both if silent.isdisjoint(each.provider_ids)]
    bounding = Kept(processes, kept, Room, lambda asked: asked.key)
    bounds = bounding.do([Asked(each, is_tried=False) for each in asked], report=sweep.report, should_stop=sweep.should_stop)
    rooms = {asked[at].provider_ids: room.unmet_at_least for at, room in bounds.results.items()}
    every = EveryPair(_estimated(before, singles, silent, both, rooms), first)
    complete, solved = bounds.complete, dict[tuple[str, ...], Stressed]()
    while complete and (lot := every.next_lot):
        worst = [Asked(failure_of(county, each.provider_ids), is_tried=True) for each in lot]
        found = trials.do(worst, report=sweep.report, should_stop=sweep.should_stop)
        solved |= {each.failure.provider_ids: each for each in found.results.values()}
        every = replace(every, pairs=_in_order([_with_plan(each, solved.get(each.provider_ids)) for each in every.pairs]))
        complete = found.complete
    return replace(stress, pairs=ranked(solved.values()), complete=complete, every_pair=every)


def _done(before: Before, asked: Asked, _: IsOver) -> Stressed | Room:
    if asked.is_tried:
        return tried(before, asked.failure)
    return Room(*room_of_others(varied(before.county, asked.failure.contract_ids), before.rules))


def _estimated(
    before: Before,
    singles: Mapping[str, Stressed],
    silent: set[str],
    both: Sequence[Failure],
    rooms: Mapping[tuple[str, ...], int],
) -> tuple[Pair, ...]:
    """Every pair whose bound is known, most unmet first."""
    nobody = stressed(before, Failure((), frozenset()), before.today)
    above = {name: each.loss.unmet_minutes_after - each.cut.unmet_at_least for name, each in singles.items()}
    above_today = nobody.loss.unmet_minutes_after - nobody.cut.unmet_at_least
    pairs = []
    for failure in both:
        one, other = (singles[name] for name in failure.provider_ids)
        more = silent.isdisjoint(failure.provider_ids)
        if more and failure.provider_ids not in rooms:
            continue
        # Where one of the two changes nothing, its bound is today's, and the pair's is that of the other.
        together = one.cut.unmet_at_least + other.cut.unmet_at_least - nobody.cut.unmet_at_least
        bound = rooms[failure.provider_ids] if more else together
        pairs.append(
            Pair(
                provider_ids=failure.provider_ids,
                minutes_lost=one.loss.lost.minutes_per_week + other.loss.lost.minutes_per_week,
                unmet_at_least=bound,
                unmet_estimated=bound + max(0, sum(above[name] for name in failure.provider_ids) - above_today),
                beyond_each_alone=bound - together,
                unmet_found=None,
                changes_more=more,
            )
        )
    return _in_order(pairs)


def _with_plan(pair: Pair, solved: Stressed | None) -> Pair:
    """With what was found. Raises ``DisagreementError`` where two ways to the same bound differ."""
    if solved is None:
        return pair
    if solved.cut.unmet_at_least != pair.unmet_at_least:
        said = f"{solved.cut.unmet_at_least} and {pair.unmet_at_least} minutes that no plan can avoid"
        raise DisagreementError(f"two flows disagree on what fails with {solved.failure.subject}: {said}")
    return replace(pair, unmet_found=solved.loss.unmet_minutes_after)


def _in_order(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    return tuple(sorted(pairs, key=lambda each: (-each.unmet, -each.unmet_at_least, -each.minutes_lost, each.provider_ids)))


def _made_for(before: Before) -> str:
    """Everything that decides what a failure comes to: the input, the software, the rules, and today's plan."""
    head = result_head(before.county.snapshot, rule_book=before.rules.version)
    plan = [*before.today.verified.plan.contracts]
    return hashlib.sha256(json.dumps([head, plan], sort_keys=True, default=str).encode()).hexdigest()
