"""A visit put into runs of a shift, and what that does to those who come after; compiled.

How late each stop may begin is kept as it stands (the forward time slack of Savelsbergh 1992, *The vehicle routing problem with
time windows: minimizing route duration*), so that a gap is judged without looking at what comes after it.
"""

from __future__ import annotations

from optimiser.rounds.fitting.cheapest_gaps import HERE, NONE, NOWHERE, search
from optimiser.rounds.solve.compiled import compiled


@compiled
def set_forward_slack(runs, number, stops) -> None:  # type: ignore[no-untyped-def]
    """How late each stop of a run may begin so that it and all after it keep to theirs."""
    run = runs[number]
    # The way home of a worker with a base is not known here, so such a run ends no later than it does.
    allowed = run.cap if run.base == NOWHERE else stops[run.first + run.stops - 1].end
    for position in range(run.stops - 1, -1, -1):
        stop = stops[run.first + position]
        # What is planned holds, even where it stands against a limit that was set since.
        stop.until = max(stop.start, min(stop.latest, allowed - (stop.end - stop.start)))
        allowed = stop.until - stop.travel - (run.break_seconds if position == run.break_before else 0)


@compiled
def set_forward_slack_of_all(runs, stops) -> None:  # type: ignore[no-untyped-def]
    for number in range(len(runs)):
        set_forward_slack(runs, number, stops)


@compiled
def take(runs, stops, used, able, inserted, travel, workspace) -> int:  # type: ignore[no-untyped-def]
    """Put a visit into the best runs of the days that are wanted; the days left stay wanted.

    ``used``: how many lines of ``stops`` are; the stops of changed runs come after them. Returns how many are used now.
    """
    search(runs, stops, able, inserted, inserted.earliest, inserted.latest, travel, workspace)
    middle = _middle(workspace)
    if inserted.leeway < NONE and middle >= 0:
        # At about the same time every day: around the middle one of the times found, so no two lie farther apart.
        for day in range(len(workspace.wanted)):
            workspace.wanted[day] |= workspace.chosen[day, 0] >= 0
        around = inserted.leeway // 2
        earliest, latest = max(inserted.earliest, middle - around), min(inserted.latest, middle + around)
        search(runs, stops, able, inserted, earliest, latest, travel, workspace)
    for day in range(len(workspace.wanted)):
        if workspace.chosen[day, 0] >= 0:
            start = _start(workspace, day)
            for part in range(inserted.workers):
                used = _insert(runs, stops, used, workspace.gaps[workspace.chosen[day, part]], inserted, start, travel)
    return int(used)


@compiled
def _start(workspace, day) -> int:  # type: ignore[no-untyped-def]
    """As late as possible where it opens the run, so that nobody waits after it; else as soon as possible."""
    gap, other = workspace.gaps[workspace.chosen[day, 0]], workspace.gaps[max(workspace.chosen[day])]
    opens = gap.position == 0 and (workspace.chosen[day, 1] < 0 or other.position == 0)
    return int(min(gap.highest, other.highest) if opens else max(gap.lowest, other.lowest))


@compiled
def _middle(workspace) -> int:  # type: ignore[no-untyped-def]
    """Of the days chosen, the middle one of the earliest starts; -1: of none."""
    days = 0
    for day in range(len(workspace.wanted)):
        days += workspace.chosen[day, 0] >= 0
    for day in range(len(workspace.wanted)):
        if workspace.chosen[day, 0] < 0:
            continue
        start, before = _lowest(workspace, day), 0
        for other in range(len(workspace.wanted)):
            if workspace.chosen[other, 0] >= 0:
                earlier = _lowest(workspace, other)
                before += earlier < start or (earlier == start and other < day)
        if before == days // 2:
            return start
    return -1


@compiled
def _lowest(workspace, day) -> int:  # type: ignore[no-untyped-def]
    lowest = workspace.gaps[workspace.chosen[day, 0]].lowest
    return int(lowest if workspace.chosen[day, 1] < 0 else max(lowest, workspace.gaps[workspace.chosen[day, 1]].lowest))


@compiled
def _insert(runs, stops, used, gap, inserted, start, travel) -> int:  # type: ignore[no-untyped-def]
    """A run with one stop more; those after it begin later where they have to."""
    run = runs[gap.run]
    there = travel.there_walking if run.walks else travel.there
    back = travel.back_walking if run.walks else travel.back
    old, new = run.first, used
    for position in range(run.stops + 1):
        here = stops[new + position]
        if position == gap.position:
            here.visit, here.place, here.extra = -1 - inserted.number, HERE, gap.extra
            here.start, here.end, here.latest = start, start + inserted.seconds, start
            here.travel = there[run.base if position == 0 else stops[new + position - 1].place]
            continue
        stops[new + position] = stops[old + position - (position > gap.position)]
        if position > gap.position:
            if position == gap.position + 1:
                here.travel = back[here.place]
            pause = run.break_seconds if position - 1 == run.break_before else 0
            length = here.end - here.start
            here.start = max(here.start, stops[new + position - 1].end + here.travel + pause)
            here.end = here.start + length
    # What it grew at one end it may no longer grow at the other: the limits of a shift and a week are of its whole length.
    earlier, later = max(0, stops[old].start - stops[new].start), stops[new + run.stops].end - stops[old + run.stops - 1].end
    run.floor, run.cap = min(stops[new].start, run.floor + later), max(stops[new + run.stops].end, run.cap - earlier)
    run.break_before += 0 <= gap.position <= run.break_before
    run.first, run.stops = new, run.stops + 1
    set_forward_slack(runs, gap.run, stops)
    for number in range(max(0, gap.run - 1), min(len(runs), gap.run + 2)):  # the same run seen otherwise is gone
        if number != gap.run and runs[number].day == run.day and runs[number].round == run.round:
            runs[number].stops = 0
    return int(used + run.stops)
