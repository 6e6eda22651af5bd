"""Draws of a county with some hours on its contracts: a round of them, done in parallel.

What comes from outside is the same in a draw whatever the hours are, so that rounds differ by the hours alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from optimiser.county import Ints
from optimiser.forecasting.many_draws import Course
from optimiser.forecasting.sizing.marks import Seen, seen_in
from optimiser.forecasting.sizing.sized_areas import SizedArea, Sizes, with_sizes
from optimiser.forecasting.sizing.what_hinders import waiting_because
from optimiser.forecasting.weekly_figures import AT
from optimiser.in_parallel.piece_of_work import Elsewhere, IsOver, Work
from optimiser.in_parallel.story import InParallel, Report


class Task(NamedTuple):
    """``checked``: the draw is replayed from its events as well."""

    sizes: Sizes
    draw: int
    checked: bool


@dataclass(frozen=True)
class DrawnWithSizes:
    """What became of one draw. ``figures``: (last weeks, areas of the snapshot, figures)."""

    figures: Ints
    most_demand: Ints
    """Per area of the snapshot: minutes of the week with the most."""
    waiting_because: Ints
    events: int
    broken: list[str]

    def __repr__(self) -> str:
        return f"<DrawnWithSizes of {len(self.figures)} weeks>"


@dataclass(frozen=True)
class Playing:
    """What every task needs. ``kept``: the county with the hours of the latest task, for the next of the same round."""

    course: Course
    areas: tuple[SizedArea, ...]
    last_weeks: int
    kept: dict[Sizes, Course] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Playing {self.course!r}>"

    def resized(self, sizes: Sizes) -> Course:
        if sizes not in self.kept:
            self.kept.clear()
            self.kept[sizes] = replace(self.course, snapshot=with_sizes(self.course.snapshot, sizes)) if sizes else self.course
        return self.kept[sizes]


@dataclass(frozen=True)
class Round:
    """Draws, in the order of their numbers, all with the same hours."""

    sizes: Sizes
    areas: tuple[SizedArea, ...]
    draws: tuple[DrawnWithSizes, ...]

    def __repr__(self) -> str:
        return f"<Round of {len(self.draws)} draws>"

    @cached_property
    def seen(self) -> list[list[Seen]]:
        """Per sized area and draw."""
        return [[seen_in(draw.figures[:, area.place]) for draw in self.draws] for area in self.areas]

    def sums(self, place: int, figure: str) -> list[int]:
        """Of an area of the snapshot, per draw over the last weeks."""
        return [int(draw.figures[:, place, AT[figure]].sum()) for draw in self.draws]

    def average(self, place: int, figure: str) -> int:
        """Of an area of the snapshot, over the last weeks of all draws, to the nearest."""
        count = sum(len(draw.figures) for draw in self.draws)
        return (2 * sum(self.sums(place, figure)) + count) // (2 * count)

    @property
    def broken(self) -> list[str]:
        return [each for draw in self.draws for each in draw.broken]


class Rounds:
    """Rounds of one county, each asked for once."""

    def __init__(self, playing: Playing, most: int, *, workers: int = 0, elsewhere: Elsewhere | None = None) -> None:
        self._playing = playing
        work = Work(_played, playing, "plays draws", _in_words)
        self._processes = InParallel(work, workers=workers, most=most, engine=elsewhere)

    def __enter__(self) -> Rounds:
        self._processes.__enter__()
        return self

    def __exit__(self, *ended: object) -> None:
        self._processes.__exit__(None, None, None)

    def play(self, sizes: Sizes, draws: Sequence[int], *, checked: bool = False, report: Report | None = None) -> Round | None:
        """None: somebody has asked to stop. ``checked``: the first draw is."""
        tasks = [Task(sizes, draw, checked and draw == draws[0]) for draw in draws]
        done = self._processes.do(tasks, report=report)
        return Round(sizes, self._playing.areas, tuple(done.results.values())) if done.complete else None


def _played(playing: Playing, task: Task, _: IsOver) -> DrawnWithSizes:
    course = playing.resized(task.sizes)
    play, made = course.play(task.draw, logged=task.checked)
    return DrawnWithSizes(
        made.figures[-playing.last_weeks :, :-1],
        made.figures[:, :-1, AT["demand_minutes"]].max(axis=0),
        waiting_because(play.played, playing.areas),
        len(play.log or []),
        course.wrong(play, made) if task.checked else [],
    )


def _in_words(task: Task) -> str:
    return f"draw {task.draw}"
