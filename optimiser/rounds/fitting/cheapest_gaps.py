"""The cheapest gaps for a visit, of all runs of a shift; compiled, on columns: a *run* is one round on one day; times are
seconds from midnight.

The same round, or the same two, is taken on as many days as can be, then where it costs least: one familiar face before a
minute saved.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.problem import Bools, Ints
from optimiser.rounds.solve.compiled import compiled


@compiled
def search(runs, stops, able, inserted, earliest, latest, travel, workspace) -> None:  # type: ignore[no-untyped-def]
    """For the days that are wanted the gaps to take, into ``workspace.chosen``; days that no run can take stay wanted.

    ``earliest``, ``latest``: when the visit may start.
    """
    workspace.chosen[:] = -1
    found = _gaps(runs, stops, able, inserted.seconds, earliest, latest, travel, workspace)
    lines = _alone(runs, found, workspace) if inserted.workers == 1 else _together(runs, found, workspace)
    while _take_most(workspace, lines):
        pass


@compiled
def _gaps(runs, stops, able, seconds, earliest, latest, travel, workspace) -> int:  # type: ignore[no-untyped-def]
    """Every gap into which the visit goes, by run. Returns how many."""
    found = 0
    for number in range(len(runs)):
        run = runs[number]
        if not able[number] or run.stops == 0 or not workspace.wanted[run.day]:
            continue
        there = travel.there_walking if run.walks else travel.there
        back = travel.back_walking if run.walks else travel.back
        before, free = run.base, run.floor
        for position in range(run.stops + 1):
            if free > latest:
                break
            # After the last one: the way home is in nobody's figures, though it has to be within the shift.
            until, onward, now = run.cap - back[run.base], 0, 0
            if position < run.stops:
                stop = stops[run.first + position]
                # Before the first nothing is pushed back: the run would grow at both ends at once.
                until = (stop.start if position == 0 else stop.until) - back[stop.place]
                onward, now = back[stop.place], stop.travel
                if position == run.break_before:
                    until -= run.break_seconds
            lowest = max(earliest, free + there[before])
            highest = min(latest, until - seconds)
            if lowest <= highest:
                gap = workspace.gaps[found]
                gap.run, gap.position, gap.lowest, gap.highest = number, position, lowest, highest
                gap.extra = there[before] + onward - now
                found += 1
            if position < run.stops:
                before, free = stop.place, stop.end
    return found


@compiled
def _clear(table, lines) -> None:  # type: ignore[no-untyped-def]
    for line in range(lines):
        for day in range(table.shape[1]):
            table[line, day].extra = NONE


@compiled
def _alone(runs, found, workspace) -> int:  # type: ignore[no-untyped-def]
    """One care worker: each round's cheapest gap on each day. Returns how many lines of the table are in use."""
    lines = 0
    for number in range(len(runs)):
        lines = max(lines, runs[number].round + 1)
    _clear(workspace.table, lines)
    for number in range(found):
        gap = workspace.gaps[number]
        run = runs[gap.run]
        _offer(workspace.table[run.round, run.day], gap.extra, number, -1)
    return lines


@compiled
def _together(runs, found, workspace) -> int:  # type: ignore[no-untyped-def]
    """Two who meet: of each two rounds the cheapest gaps on each day in which the visit can start at one time."""
    lines = 0
    for number in range(len(runs)):
        lines = max(lines, runs[number].round * (runs[number].round + 1) // 2)
    _clear(workspace.table, lines)
    for number in range(found):
        gap = workspace.gaps[number]
        run = runs[gap.run]
        for earlier in range(number - 1, -1, -1):
            other = workspace.gaps[earlier]
            fellow = runs[other.run]
            if fellow.day != run.day:
                break  # runs stand by day
            if fellow.round == run.round or fellow.worker == run.worker:
                continue
            if max(gap.lowest, other.lowest) <= min(gap.highest, other.highest):
                low, high = min(run.round, fellow.round), max(run.round, fellow.round)
                _offer(workspace.table[high * (high - 1) // 2 + low, run.day], gap.extra + other.extra, earlier, number)
    return lines


@compiled
def _offer(cell, extra, one, other) -> None:  # type: ignore[no-untyped-def]
    if extra < cell.extra:
        cell.extra, cell.one, cell.other = extra, one, other


@compiled
def _take_most(workspace, lines) -> bool:  # type: ignore[no-untyped-def]
    """Choose for all its days the line that serves most of those still wanted. Returns whether there was one."""
    best, most, least = -1, 0, 0
    for line in range(lines):
        days, extra = 0, 0
        for day in range(len(workspace.wanted)):
            if workspace.wanted[day] and workspace.table[line, day].extra < NONE:
                days += 1
                extra += workspace.table[line, day].extra
        if days > most or (days == most and days and extra < least):
            best, most, least = line, days, extra
    if best < 0:
        return False
    for day in range(len(workspace.wanted)):
        cell = workspace.table[best, day]
        if workspace.wanted[day] and cell.extra < NONE:
            workspace.chosen[day, 0], workspace.chosen[day, 1] = cell.one, cell.other
            workspace.wanted[day] = False
    return True


Lines = NDArray[np.void]
NOWHERE, HERE = -1, -2
"""In place of a place: none, and the person's who is tried. They are the last two of every column of ways, where 0 stands."""
NONE = 1 << 60
"""What is dearer than anything."""

RUN = np.dtype(
    [
        (name, np.int64)
        for name in ("round", "day", "worker", "base", "walks", "floor", "cap", "break_before", "break_seconds", "first", "stops")
    ]
)
"""``round``, ``worker``: numbers within the shift. ``base``: the place of the worker, who may begin from ``floor`` on and has
to end by ``cap``. ``break_before``: the stop before which the break is kept, -1: none is needed. ``first``: the first line of
its stops. A run without stops is not there any more."""

STOP = np.dtype([(name, np.int64) for name in ("visit", "place", "start", "end", "latest", "until", "travel", "extra")])
"""``visit``: its number within the shift; of one that is being tried -1 less its number. ``latest``: how late it may begin;
``until``: the same, so that all after it keep to theirs. ``travel``: to it. ``extra``: of one tried, how much more travel."""

GAP = np.dtype([(name, np.int64) for name in ("run", "position", "lowest", "highest", "extra")])
"""Into which a visit goes, between ``lowest`` and ``highest``; ``position``: how many stops stand before."""

CELL = np.dtype([(name, np.int64) for name in ("extra", "one", "other")])
"""What a round, or two, would ask on a day, and the gaps taken; ``other`` -1 for one care worker."""


class PersonTravel(NamedTuple):
    """Seconds to a person from each place and back, by car and on foot."""

    there: Ints
    back: Ints
    there_walking: Ints
    back_walking: Ints


class VisitToInsert(NamedTuple):
    """A visit to be put into rounds."""

    number: int
    earliest: int
    latest: int
    seconds: int
    workers: int
    leeway: int
    """How far apart it may start on different days; NONE where its time is not critical."""


class Workspace(NamedTuple):
    """Where a search puts what it finds; made beforehand, because compiled code makes no arrays."""

    gaps: Lines
    """A line for each gap of each run at most."""
    table: Lines
    """Of cells: a line per round, or per two, and a column per day."""
    chosen: Ints
    """Per day the two gaps taken, -1 where none is."""
    wanted: Bools
    """Per day whether the visit is still to be placed."""
