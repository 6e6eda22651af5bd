"""One search: the least of the second level while the first is at most so much and the levels before hold; then the least of
the first that goes with it (the epsilon-constraint method: Haimes, Lasdon and Wismer 1971; Mavrotas 2009).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimiser.domain.level_result import LevelResult
from optimiser.in_parallel.piece_of_work import IsOver
from optimiser.solving.lexicographic import solve
from optimiser.solving.outcome import Effort, Progress
from optimiser.solving.problem import IntArray, Level, Problem


@dataclass(frozen=True)
class Searched:
    """What came of a search. ``limit``: the most of the first level; None: any."""

    limit: int | None
    plan: IntArray
    """Of the problem: per item its choice."""
    one: int
    other: int
    other_bound: int
    """No plan that holds what is held has less of the second level within the limit."""
    one_bound: int
    """And none of these that has no more of the second level than this one has less of the first."""
    proven: bool
    """As levels are proven: both bounds meet what was found."""

    def __repr__(self) -> str:
        return f"<Searched within {self.limit}: {self.one}, {self.other}>"

    @property
    def point(self) -> tuple[int, int]:
        return self.one, self.other

    @property
    def exact(self) -> bool:
        """Whether both bounds meet what was found to the unit, also where a level calls more than that proven."""
        return (self.one_bound, self.other_bound) == self.point


@dataclass(frozen=True)
class Setting:
    """What every search begins with."""

    problem: Problem
    """With a legal plan to start from that holds what is held, and has the least of the first level that is known."""
    held: tuple[Level, ...]
    """Each with the most that it may be."""
    known: tuple[LevelResult[int], ...]
    """Of the held levels and, last, of the first of the two: what they come to in the plan to start from, with their bounds."""
    one: Level
    other: Level
    effort: Effort

    def __repr__(self) -> str:
        return f"<Setting of {self.problem!r}>"


def first_search(
    problem: Problem,
    held: Sequence[Level],
    one: Level,
    other: Level,
    effort: Effort,
    report: Callable[[Progress], None] | None,
    should_stop: Callable[[], bool] | None,
) -> tuple[Setting, Searched, bool]:
    """The end with the least of the first level, what that holds for all others, and whether somebody asked to stop."""
    one, other = (replace(level, tolerance=0) for level in (one, other))
    solution = solve(replace(problem, levels=(*held, one, other)), effort=effort, report=report, should_stop=should_stop)
    *before, of_one, of_other = solution.levels
    limits = tuple(replace(level, most=level.largest(known.best)) for level, known in zip(held, before, strict=True))
    known = tuple(replace(each, best=each.value) for each in (*before, of_one))
    setting = Setting(replace(problem, start=solution.plan), limits, known, one, other, effort)
    proven = of_one.proven and of_other.proven
    found = Searched(of_one.value, solution.plan, of_one.value, of_other.value, of_other.bound, of_one.bound, proven)
    return setting, found, solution.stopped == "cancelled"


def search(setting: Setting, limit: int | None, is_over: IsOver) -> Searched:
    """Within a limit on the first level."""
    bounded = () if limit is None else (replace(setting.one, most=limit),)
    levels = (*setting.held, *bounded, setting.other, setting.one)
    solution = solve(
        replace(setting.problem, levels=levels),
        effort=setting.effort,
        should_stop=is_over,
        dealt_with=setting.known[: len(setting.held) + len(bounded)],
    )
    *_, of_other, of_one = solution.levels
    proven = of_other.proven and of_one.proven
    one_bound = max(of_one.bound, setting.known[-1].bound)
    return Searched(limit, solution.plan, of_one.value, of_other.value, of_other.bound, one_bound, proven)
