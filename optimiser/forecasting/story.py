"""A forecast: many draws of a county played forward, what they come to, and what drives them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimiser.county import Ints
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.answers_record import CannotForecastError
from optimiser.forecasting.drivers import Driver, drivers, variants
from optimiser.forecasting.many_draws import CASCADE, Course, Draws, Variant, played_through
from optimiser.forecasting.presets import PRESETS, Preset
from optimiser.forecasting.rates_given import Given
from optimiser.in_parallel.piece_of_work import Elsewhere
from optimiser.in_parallel.story import Report
from optimiser.judging.checking import DisagreementError

MOST_WEEKS = 520
BASE = Variant()


@dataclass(frozen=True)
class Forecast:
    """What was played, and all that came of it."""

    course: Course
    preset: str
    draws: Draws
    asked_for: int
    """How many draws."""
    drivers: tuple[Driver, ...]

    def __repr__(self) -> str:
        return f"<Forecast of {self.course.weeks} weeks, {len(self.draws.of(BASE))} draws>"

    @property
    def complete(self) -> bool:
        return self.draws.complete

    @cached_property
    def figures(self) -> Ints:
        """(draws, weeks + 1, areas + 1, figures)."""
        return np.stack([made.figures for made in self.draws.of(BASE)])

    @cached_property
    def provider_minutes(self) -> Ints:
        """(draws, first and last week, providers)."""
        return np.stack([np.stack((made.provider_minutes_first, made.provider_minutes_last)) for made in self.draws.of(BASE)])


def course_of(
    snapshot: Snapshot, given: Given, *, preset: str = "", until: dt.date | None = None, seed: int = 1, decide: str = CASCADE
) -> Course:
    """What is to be played. Raises ``CannotForecastError`` where it cannot be said for how long."""
    chosen: Preset | None = PRESETS.get(preset)
    if until is None and chosen is None:
        raise CannotForecastError("until when is not said: give --until with a date, or --preset")
    last = until or (chosen.until(snapshot) if chosen else snapshot.as_of)
    weeks = (last - snapshot.as_of).days // 7
    if not 1 <= weeks <= MOST_WEEKS:
        raise CannotForecastError(
            f"until {last} there are {max(0, weeks)} whole weeks from {snapshot.as_of} on: expected 1 to {MOST_WEEKS}"
        )
    played, rates = chosen.changed(snapshot, given) if chosen else (snapshot, given)
    return Course(played, rates, weeks, seed, decide)


def forecast(
    course: Course,
    draws: int,
    *,
    preset: str = "",
    sensitivity_draws: int = 0,
    workers: int = 0,
    elsewhere: Elsewhere | None = None,
    report: Report | None = None,
) -> Forecast:
    """All draws, and for the first ``sensitivity_draws`` of them each rate moved alone.

    Raises ``CannotForecastError``, ``ProcessEndedError``, ``DisagreementError`` where the check does not confirm the first draw.
    """
    tasks: list[tuple[Variant, int]] = [(BASE, draw) for draw in range(draws)]
    moved = variants(course.given)
    tasks += [(variant, draw) for draw in range(min(draws, sensitivity_draws)) for variant in moved]
    made = played_through(course, tasks, workers=workers, elsewhere=elsewhere, report=report)
    if made.broken:
        raise DisagreementError(_said(made.broken))
    return Forecast(course, preset, made, draws, tuple(drivers(made, course.given)))


def _said(broken: Sequence[str]) -> str:
    more = f" (and {len(broken) - 5} more)" if len(broken) > 5 else ""
    return f"the events of a draw break {len(broken)} rule(s): {'; '.join(broken[:5])}{more}"
