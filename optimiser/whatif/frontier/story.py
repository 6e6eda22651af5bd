"""The whole of it: two ends, then the points between them where most is unknown, each plan checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from optimiser.county import County
from optimiser.in_parallel.piece_of_work import Elsewhere, Work
from optimiser.in_parallel.story import InParallel, Report
from optimiser.judging.checking import DisagreementError, VerifiedPlan, verify
from optimiser.rules.book import RuleBook
from optimiser.solving.formulation import Model, build_model
from optimiser.solving.outcome import Effort, Progress
from optimiser.whatif.frontier.boxes import Box, between, cut, limits_of
from optimiser.whatif.frontier.check import Claim, faults
from optimiser.whatif.frontier.two_levels import TwoLevels
from optimiser.whatif.frontier.within_limit import Searched, Setting, first_search, search

LOT = 4
"""So many searches before it is looked again where most is unknown: the same however many are done at once."""
ENDS = 2


@dataclass(frozen=True)
class Point:
    """A plan that none of the others beats in both levels. Values are in the units of the levels."""

    verified: VerifiedPlan
    one: int
    other: int
    other_bound: int
    """No plan that holds what is held and has no more of the first level has less of the second."""
    proven: bool
    """That no plan at all beats it in both."""

    def __repr__(self) -> str:
        return f"<Point: {self.one}, {self.other}>"


@dataclass(frozen=True)
class Frontier:
    """Points with the least of the first level first."""

    county: County
    rules: RuleBook
    asked: TwoLevels
    held_at: tuple[int, ...]
    """Per level that is held the most that it may be: its best and its tolerance."""
    held_proven: bool
    """Whether those bests are proven; else a plan may exist that has less of them, and other points beside it."""
    points: tuple[Point, ...]
    searches: int
    beaten: int
    """Searches whose plan another point beats, or is equal to."""
    whole: bool
    """Whether there is no other point than these: proven to the unit."""
    complete: bool
    """False where somebody ended it early."""

    def __repr__(self) -> str:
        return f"<Frontier of {self.asked!r}: {len(self.points)} points>"

    @property
    def all_proven(self) -> bool:
        return self.held_proven and all(each.proven for each in self.points)


@dataclass(frozen=True)
class Watching:
    """Who is told how it goes, and who may ask to stop."""

    solving: Callable[[Progress], None] | None = None
    report: Report | None = None
    should_stop: Callable[[], bool] | None = None


def frontier(
    county: County,
    rules: RuleBook,
    asked: TwoLevels,
    points: int,
    *,
    effort: Effort,
    workers: int = 0,
    elsewhere: Elsewhere | None = None,
    watching: Watching = Watching(),
) -> Frontier:
    """At most so many points, the two ends among them. The same bytes whatever the workers, and wherever.

    ``workers`` 0: one a processor; ``elsewhere``: on a cluster instead.
    Raises ``PlanRefusedError``, ``DisagreementError``, ``ProcessEndedError``.
    """
    model = build_model(county, rules)
    by_name = {level.name: level for level in model.problem.levels}
    held = [by_name[name] for name in asked.held]
    one, other = by_name[asked.one], by_name[asked.other]
    setting, first, stopped = first_search(model.problem, held, one, other, effort, watching.solving, watching.should_stop)
    done, boxes, complete = [first], list[Box](), not stopped
    if complete:
        work = Work(search, setting, "searches a frontier", _in_words)
        with InParallel(work, workers=workers, most=LOT, engine=elsewhere) as processes:
            done, boxes, complete = _searched(processes, first, points, watching)
    return _made(county, rules, asked, model, setting, done, boxes, complete=complete)


def _searched(
    processes: InParallel[Setting, int | None, Searched], first: Searched, points: int, watching: Watching
) -> tuple[list[Searched], list[Box], bool]:
    """Every search in order, where further points may lie, and whether nobody asked to stop."""

    def lot(limits: Sequence[int | None]) -> tuple[list[Searched], bool]:
        before = len(done)

        def told(count: int, _: int) -> None:
            if watching.report is not None:
                watching.report(before + count, points)

        found = processes.do(limits, report=told, should_stop=watching.should_stop)
        done.extend(found.results.values())
        return list(found.results.values()), found.complete

    done = [first]
    ends, complete = lot([None])
    boxes = [between(first.point, end.point) for end in ends]
    boxes = [box for box in boxes if box.size]
    while complete and boxes and len(done) < points:
        shares = limits_of(boxes, min(LOT, points - len(done)))
        found, complete = lot([limit for limits in shares for limit in limits])
        if complete:
            came = {each.limit: each.point for each in found}
            boxes = [
                left
                for box, limits in zip(boxes, shares, strict=True)
                for left in cut(box, [(limit, came[limit]) for limit in limits])
            ]
    return done, boxes, complete


def _made(
    county: County,
    rules: RuleBook,
    asked: TwoLevels,
    model: Model,
    setting: Setting,
    done: Sequence[Searched],
    boxes: Sequence[Box],
    *,
    complete: bool,
) -> Frontier:
    """The plans checked against every rule, and what is said of them against one another."""
    held = {level.name: level.most for level in setting.held if level.most is not None}
    claims = [
        Claim(verify(county, rules, model.plan_of(each.plan)), each.limit, each.one, each.other, each.one_bound, each.other_bound)
        for each in done
    ]
    unbeaten: dict[tuple[int, int], int] = {}
    for place in sorted(range(len(done)), key=lambda each: (done[each].point, not done[each].proven, each)):
        if all(done[place].other < done[kept].other for kept in unbeaten.values()):
            unbeaten[done[place].point] = place
    shown = list(unbeaten.values())
    said = list(faults(county, rules, (asked.one, asked.other), held, claims, [claims[place] for place in shown]))
    if said:
        raise DisagreementError(f"the points of a frontier do not hold: {'; '.join(said[:5])}")
    return Frontier(
        county,
        rules,
        asked,
        tuple(held.values()),
        all(each.proven for each in setting.known[: len(held)]),
        tuple(_point(done, claims, place) for place in shown),
        searches=len(done),
        beaten=len(done) - len(shown),
        whole=complete and len(done) >= ENDS and not boxes and all(each.exact for each in done),
        complete=complete,
    )


def _point(done: Sequence[Searched], claims: Sequence[Claim], place: int) -> Point:
    """A point, with the best of what every search says of plans with no more of the first level than it has."""
    found = done[place]
    bound = max(each.other_bound for each in done if each.limit is None or each.limit >= found.one)
    return Point(claims[place].verified, found.one, found.other, min(bound, found.other), found.proven)


def _in_words(limit: int | None) -> str:
    return "a search for the other end" if limit is None else f"a search within {limit}"
