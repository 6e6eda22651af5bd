"""All gaps in a provider's rounds as columns, so that a visit is tried in every one at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from optimiser.domain.staffing import DAYS
from optimiser.rounds.fitting.runs import Run
from optimiser.rounds.problem import Bools, Ints

THERE = -2
"""In place of a place: the person's who is tried. Columns of travel end with THERE and NOWHERE, both 0."""


@dataclass(frozen=True)
class Slots:
    """A line per gap: before the first stop of a run, between two, after the last. Places are numbers, -1 where there is none."""

    run: Ints
    """The index of the run."""
    round: Ints
    """The number of its round."""
    day: Ints
    position: Ints
    """How many stops stand before."""
    before: Ints
    """The place come from."""
    after: Ints
    """The place gone to; after the last stop, the base."""
    last: Ints
    """1 after the last stop, else 0."""
    free_from: Ints
    """When the stop before ends; before the first, when the worker may begin."""
    free_until: Ints
    """When the stop after has to begin at the latest, less a break that is kept here; after the last, when the run has to end."""
    way: Ints
    """Seconds of travel that stand there now."""
    walks: Ints
    """1 where the worker walks, else 0."""


@dataclass(frozen=True)
class Tried:
    """A visit in each slot: it can start from ``lowest`` to ``highest``, where that is not empty, for so much more travel."""

    lowest: Ints
    highest: Ints
    extra: Ints

    @property
    def fits(self) -> Bools:
        return self.lowest <= self.highest


def slots_of(runs: Sequence[Run], numbers: Sequence[int]) -> Slots:
    """The slots of some runs; ``numbers``: what each run is called in ``Slots.run``."""
    lines: list[tuple[int, ...]] = []  # as the columns of Slots
    for number, run in zip(numbers, runs, strict=True):
        latest = run.latest_starts()
        before, free_from = run.base, run.floor
        for position, stop in enumerate(run.stops):
            # Before the first stop nothing is pushed back: the run would grow at both ends at once.
            until = stop.start if position == 0 else latest[position]
            pause = run.break_seconds if position == run.break_before else 0
            lines.append(
                (
                    number,
                    run.round_number,
                    run.day,
                    position,
                    before,
                    stop.place,
                    0,
                    free_from,
                    until - pause,
                    stop.travel,
                    run.walks,
                )
            )
            before, free_from = stop.place, stop.end
        lines.append((number, run.round_number, run.day, len(run.stops), before, run.base, 1, free_from, run.cap, 0, run.walks))
    told = np.array(lines, dtype=np.int64).reshape(-1, len(fields(Slots)))
    return Slots(**{part.name: told[:, index] for index, part in enumerate(fields(Slots))})


def joined(slots: Slots, changed: Slots) -> Slots:
    """Slots in which those of some rounds' days are replaced by others."""
    kept = ~np.isin(slots.round * len(DAYS) + slots.day, changed.round * len(DAYS) + changed.day)
    return Slots(*(np.concatenate((getattr(slots, part.name)[kept], getattr(changed, part.name))) for part in fields(Slots)))


def tried(
    slots: Slots, earliest: int, latest: int, seconds: int, driving: tuple[Ints, Ints], walking: tuple[Ints, Ints] | None
) -> Tried:
    """A visit of ``seconds`` in every slot. ``driving``, ``walking``: seconds from each place to it, and from it to each, then
    nothing from ``THERE`` and nothing from ``NOWHERE``.
    """
    there, on = driving[0][slots.before], driving[1][slots.after]
    if walking is not None:
        there = np.where(slots.walks, walking[0][slots.before], there)
        on = np.where(slots.walks, walking[1][slots.after], on)
    lowest = np.maximum(earliest, slots.free_from + there)
    highest = np.minimum(latest, slots.free_until - on - seconds)
    # The way home is in nobody's figures, though it has to be within the shift.
    return Tried(lowest, highest, there + np.where(slots.last, 0, on) - slots.way)
