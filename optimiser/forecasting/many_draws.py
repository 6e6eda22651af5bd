"""Many draws, on as many processes as there are processors. The result is the same whatever their number.

The county goes once to each process; draws come back one by one. Ctrl-C ends it with the draws that are done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.answers_record import Answers, answers_of
from optimiser.forecasting.check import Replay
from optimiser.forecasting.decided_together import decided_together
from optimiser.forecasting.events_drawn import Drawn, Life, Scenery
from optimiser.forecasting.ground import Ground
from optimiser.forecasting.keyed_chance import Dice
from optimiser.forecasting.one_at_a_time import Replies, decided
from optimiser.forecasting.play import Play, PlayedDraw
from optimiser.forecasting.rates_given import Given
from optimiser.forecasting.weekly_figures import FIGURES
from optimiser.in_parallel.piece_of_work import Elsewhere, IsOver, Work
from optimiser.in_parallel.story import InParallel, Report
from optimiser.rules.longest_first.book_of_a_county import rules_for

DECLINE = "decline"
CASCADE, OPTIMISER = WAYS = ("cascade", "optimiser")
"""How places are found: as a planner does, or by the engine's own allocation."""


@dataclass(frozen=True)
class Variant:
    """The rates of some draws: those given, or with one of them moved. ``moved`` empty: none."""

    moved: str = ""
    factor: float = 1.0


@dataclass(frozen=True)
class Course:
    """What is played: a county, for so many weeks, by these rates. It goes to each process once."""

    snapshot: Snapshot
    given: Given
    weeks: int
    seed: int
    decide: str = CASCADE

    def __repr__(self) -> str:
        return f"<Course of {self.weeks} weeks of {self.snapshot!r}>"

    @cached_property
    def ground(self) -> Ground:
        return Ground.of(self.snapshot, rules_for(self.snapshot.policy))

    @cached_property
    def answers(self) -> Answers:
        """Raises ``CannotForecastError``."""
        return answers_of(self.snapshot, self.given)

    @cached_property
    def _sceneries(self) -> dict[Variant, Scenery]:
        return {}

    def scenery(self, variant: Variant) -> Scenery:
        if variant not in self._sceneries:
            given = self.given if variant.moved in ("", DECLINE) else self.given.times(variant.moved, variant.factor)
            self._sceneries[variant] = Scenery(self.ground.county.snapshot, given, self.weeks)
        return self._sceneries[variant]

    def begun(self, draw: int, variant: Variant = Variant(), *, logged: bool = False) -> Play:
        """One draw, before its first week."""
        dice, scenery = Dice(self.seed, draw), self.scenery(variant)
        answers = self.answers.times(variant.factor) if variant.moved == DECLINE else self.answers
        replies = Replies(dice, answers, partial(self.given.season_factor, DECLINE))
        way = decided if self.decide == CASCADE else decided_together
        return Play(self.ground, scenery.given, scenery.drawn(dice), replies, way, logged=logged)

    def play(self, draw: int, variant: Variant = Variant(), *, logged: bool = False) -> tuple[Play, PlayedDraw]:
        """One draw from its first week to its last."""
        play = self.begun(draw, variant, logged=logged)
        return play, play.to_the_end()

    def checked(self, draw: int) -> tuple[PlayedDraw, int, list[str]]:
        """The same, with how many events it has and what the check finds wrong with them."""
        play, made = self.play(draw, logged=True)
        return made, len(play.log or []), self.wrong(play, made)

    def wrong(self, play: Play, made: PlayedDraw) -> list[str]:
        """What the check finds wrong with a draw that was played and logged, however its places were found."""
        replay = Replay(
            self.ground.county.snapshot,
            self.ground.rules,
            {each.package.package_id: each.package for week in play.drawn.arrivals for each in week},
            may_end(self.ground.county.snapshot, play.drawn),
            self.given.asks_per_week,
            in_tiers=play.decide is decided,
        )
        told = [dict(zip(FIGURES, figures[-1].tolist(), strict=True)) for figures in made.figures]
        return replay.run(play.log or [], told)


def may_end(snapshot: Snapshot, drawn: Drawn) -> Mapping[str, set[int]]:
    """Per person the weeks in which the need of care may end: as drawn, or after a stay in hospital."""
    lives: dict[str, Life] = {each.package_id: drawn.lives[each.part_of or each.package_id] for each in snapshot.packages}
    lives |= {each.package.package_id: each.life for week in drawn.arrivals for each in week}
    return {
        name: {week for week in (life.ends, *(stay.until for stay in life.stays if not stay.returns)) if week is not None}
        for name, life in lives.items()
    }


@dataclass
class Draws:
    """What the draws have come to, by variant and number, and what the check of the first found."""

    made: dict[tuple[Variant, int], PlayedDraw] = field(default_factory=dict)
    events_checked: int = 0
    broken: list[str] = field(default_factory=list)
    complete: bool = True

    def __repr__(self) -> str:
        return f"<Draws: {len(self.made)}>"

    def of(self, variant: Variant) -> list[PlayedDraw]:
        """In the order of their numbers."""
        return [made for (each, _), made in sorted(self.made.items(), key=lambda item: item[0][1]) if each == variant]


Task = tuple[Variant, int]
Done = tuple[Task, PlayedDraw, int, list[str]]


def played_through(
    course: Course,
    tasks: Sequence[Task],
    *,
    workers: int = 0,
    elsewhere: Elsewhere | None = None,
    report: Report | None = None,
) -> Draws:
    """Every task, the first draw checked. ``workers`` 0: one a processor; ``elsewhere``: on a cluster instead.

    Raises ``CannotForecastError``, ``ProcessEndedError``.
    """
    _ = course.answers  # refused before anything is begun
    playing = Work(_played, course, "plays draws", _in_words)
    with InParallel(playing, workers=workers, most=len(tasks), engine=elsewhere) as processes:
        done = processes.do(tasks, report=report)
    found = Draws(complete=done.complete)
    for task, made, events, broken in done.results.values():
        found.made[task] = made
        found.events_checked += events
        found.broken += broken
    return found


def _played(course: Course, task: Task, _: IsOver) -> Done:
    variant, draw = task
    if draw == 0 and not variant.moved:
        return task, *course.checked(draw)
    return task, course.play(draw, variant)[1], 0, []


def _in_words(task: Task) -> str:
    variant, draw = task
    return f"draw {draw}" + (f" with {variant.moved} moved" if variant.moved else "")
