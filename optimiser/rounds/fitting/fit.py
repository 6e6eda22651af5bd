"""The cheapest way to take a package into a provider's rounds.

Every visit goes to one round on all its days where one can take it on all, else to as few as the days allow; a visit for two
to two rounds that reach the person at one time. What is planned already may be pushed back within its window, never brought
forward, and not at all where its time matters: so whatever is found can be driven as it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, Shift, StaffingSettings, Worker, seconds_of
from optimiser.rounds.care import shift_for
from optimiser.rounds.fitting.runs import Places, Run, Stop, runs_of
from optimiser.rounds.fitting.slots import THERE, Slots, Tried, joined, slots_of, tried
from optimiser.rounds.problem import Bools, Ints
from optimiser.travel.interface import Travel, degrees
from optimiser.travel.straight_line import WALKING

MOST_PER_DAY = 60
"""Of a day's slots, the cheapest so many are paired for a visit that needs two."""
PAIRED = 1_000_000
"""More than the rounds of any county: two numbers of rounds as one key."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """A visit put into a round on one day. Seconds; ``start`` from midnight. ``pushed``: who begins how much later."""

    visit_id: str
    day: str
    round_id: str
    worker: str
    position: int
    start: int
    extra_travel: int
    pushed: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Fit:
    """How a provider's rounds could take a package. ``missing``: visits and days that no round of its can take."""

    provider_id: str
    insertions: tuple[Insertion, ...]
    missing: tuple[tuple[str, str], ...]

    @property
    def extra_minutes(self) -> int:
        """More travel in a week, whole minutes, half up; less than 0 where a way becomes shorter."""
        return (sum(each.extra_travel for each in self.insertions) + 30) // 60

    @property
    def round_ids(self) -> tuple[str, ...]:
        return tuple(sorted({each.round_id for each in self.insertions}))

    @property
    def is_whole(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class _Reach:
    """Seconds to a person from each place and back, by car and on foot, as ``slots.tried`` takes them."""

    driving: tuple[Ints, Ints]
    walking: tuple[Ints, Ints] | None


class RoundsInMemory:
    """The rounds of a plan, ready to try packages in. Make it once; it takes seconds for a county."""

    def __init__(
        self, plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings, travel: Travel, workers: Iterable[Worker] = ()
    ) -> None:
        self._settings, self._travel = settings, travel
        places = Places()
        self._runs = runs_of(plan, snapshot, settings, workers, places)
        known = places.degrees
        self._points = degrees([place[0] for place in known], [place[1] for place in known])
        self._slots = {
            (provider, shift): slots_of(runs, range(len(runs)))
            for provider, shifts in self._runs.items()
            for shift, runs in shifts.items()
        }
        runs = [run for shifts in self._runs.values() for runs in shifts.values() for run in runs]
        self._walks = any(run.walks for run in runs)
        self.tells_skills = any(run.skills is not None for run in runs)

    @property
    def provenance(self) -> str:
        return self._travel.provenance

    def fit(self, package: Package, visits: Sequence[Visit], provider_ids: Iterable[str]) -> list[Fit]:
        """How each provider's rounds could take a package: whole fits first, then by extra minutes, then in the order given."""
        reach = self._reach(package)
        fits = [self._fit_one(package, visits, provider, reach) for provider in provider_ids]
        return sorted(fits, key=lambda fit: (len(fit.missing), fit.extra_minutes))

    def _reach(self, package: Package) -> _Reach:
        here = degrees([package.latitude], [package.longitude])

        def both(travel: Travel) -> tuple[Ints, Ints]:
            there, back = travel.between(self._points, here).seconds[:, 0], travel.between(here, self._points).seconds[0]
            return np.append(there, (0, 0)), np.append(back, (0, 0))

        return _Reach(both(self._travel), both(WALKING) if self._walks else None)

    def _fit_one(self, package: Package, visits: Sequence[Visit], provider: str, reach: _Reach) -> Fit:
        trial = _Trial(self, provider, package, reach)
        for visit in sorted(visits, key=lambda visit: (-visit.workers, -len(visit.days), visit.earliest_start, visit.visit_id)):
            trial.take(visit)
        return Fit(provider, tuple(trial.insertions), tuple(trial.missing))

    def leeway(self, provider: str, skills: frozenset[str]) -> int | None:
        """How far apart a time-critical visit may start on different days, in seconds; None: the time is not critical."""
        staffing = self._settings.of(provider)
        return None if skills.isdisjoint(staffing.time_critical_skills) else staffing.time_critical_minutes * 60

    def shift_of(self, visit: Visit, provider: str) -> Shift | None:
        """The shift that a visit belongs to; None: it fits in no shift."""
        earliest, latest = seconds_of(visit.earliest_start), seconds_of(visit.latest_start)
        return shift_for(earliest, latest, visit.duration_minutes * 60, self._settings.of(provider))

    def runs(self, provider: str, shift: str) -> list[Run]:
        return self._runs.get(provider, {}).get(shift, [])

    def slots(self, provider: str, shift: str) -> Slots | None:
        return self._slots.get((provider, shift))


class _Trial:
    """One package in one provider's rounds: what has been put where so far."""

    def __init__(self, memory: RoundsInMemory, provider: str, package: Package, reach: _Reach) -> None:
        self._memory, self._provider, self._reach = memory, provider, reach
        self._skills = frozenset(package.skills)
        self._leeway = memory.leeway(provider, self._skills)
        self._runs: dict[str, list[Run]] = {}
        self._slots: dict[str, Slots] = {}
        self._changed: dict[str, set[int]] = defaultdict(set)
        self.insertions: list[Insertion] = []
        self.missing: list[tuple[str, str]] = []

    def take(self, visit: Visit) -> None:
        """Put a visit into the best round on each of its days; note the days that no round can take."""
        wanted = [day for day, name in enumerate(DAYS) if name in visit.days]
        shift = self._memory.shift_of(visit, self._provider)
        slots = None if shift is None else self._slots_now(shift.name)
        if shift is None or slots is None:
            self.missing += [(visit.visit_id, DAYS[day]) for day in wanted]
            return
        runs = self._runs.setdefault(shift.name, list(self._memory.runs(self._provider, shift.name)))
        earliest, latest = seconds_of(visit.earliest_start), seconds_of(visit.latest_start)
        found, chosen = self._tried(visit, runs, slots, wanted, earliest, latest)
        if self._leeway is not None and len(chosen) > 1:
            # At about the same time every day: around the middle one of the times found, so no two lie farther apart.
            starts = sorted(max(int(found.lowest[slot]) for slot in pair) for pair in chosen.values())
            middle = starts[len(starts) // 2]
            window = max(earliest, middle - self._leeway // 2), min(latest, middle + self._leeway // 2)
            found, chosen = self._tried(visit, runs, slots, wanted, *window)
        for day in wanted:
            if day in chosen:
                self._changed[shift.name] |= {int(slots.run[slot]) for slot in chosen[day]}
                self._put(visit, runs, slots, found, chosen[day])
            else:
                self.missing.append((visit.visit_id, DAYS[day]))

    def _slots_now(self, shift: str) -> Slots | None:
        """A shift's slots with what was put there so far; worked out when they are next needed."""
        slots = self._slots.get(shift) or self._memory.slots(self._provider, shift)
        numbers = sorted(self._changed.pop(shift, ()))
        if slots is not None and numbers:
            slots = joined(slots, slots_of([self._runs[shift][number] for number in numbers], numbers))
            self._slots[shift] = slots
        return slots

    def _tried(
        self, visit: Visit, runs: Sequence[Run], slots: Slots, wanted: Sequence[int], earliest: int, latest: int
    ) -> tuple[Tried, dict[int, tuple[int, ...]]]:
        """A visit in every slot within a window, and per day the slots to take."""
        found = tried(slots, earliest, latest, visit.duration_minutes * 60, self._reach.driving, self._reach.walking)
        fits = found.fits
        if self._memory.tells_skills:
            able = np.array([run.skills is None or self._skills <= run.skills for run in runs], dtype=np.bool_)
            fits &= able[slots.run]
        return found, _chosen(slots, found, fits, wanted, visit.workers)

    def _put(self, visit: Visit, runs: list[Run], slots: Slots, found: Tried, pair: tuple[int, ...]) -> None:
        """A visit into one slot, or two at one start."""
        first_in_run = all(slots.position[slot] == 0 for slot in pair)
        # As late as possible where it opens the run, so that nobody waits after it; else as soon as possible.
        start = int(min(found.highest[slot] for slot in pair) if first_in_run else max(found.lowest[slot] for slot in pair))
        for slot in pair:
            number, position = int(slots.run[slot]), int(slots.position[slot])
            run = runs[number]
            there, on = self._ways(slots, slot)
            new, pushed = _inserted(run, visit, position, start, there, on)
            runs[number] = new
            self.insertions.append(
                Insertion(
                    visit.visit_id, DAYS[run.day], run.round_id, run.worker, position + 1, start, int(found.extra[slot]), pushed
                )
            )

    def _ways(self, slots: Slots, slot: int) -> tuple[int, int]:
        there, on = self._reach.walking if slots.walks[slot] and self._reach.walking else self._reach.driving
        return int(there[slots.before[slot]]), int(on[slots.after[slot]])


@dataclass(frozen=True)
class _Options:
    """The ways to place a visit: ``key`` tells the round, or the two rounds, each once a day at its cheapest."""

    key: Ints
    day: Ints
    cost: Ints
    slots: Ints
    """Shape (options, workers)."""


def _chosen(slots: Slots, found: Tried, fits: Bools, wanted: Sequence[int], workers: int) -> dict[int, tuple[int, ...]]:
    """Per day the slot, or the two slots, to take: the same rounds on as many days as can be, at least extra travel."""
    open_days = np.zeros(len(DAYS), dtype=np.bool_)
    open_days[list(wanted)] = True
    able = np.flatnonzero(fits & open_days[slots.day])
    able = able[np.argsort(found.extra[able], kind="stable")]
    options = _single(slots, found, able) if workers == 1 else _double(slots, found, able)
    chosen: dict[int, tuple[int, ...]] = {}
    each, number = np.unique(options.key, return_inverse=True)
    left = np.ones(len(number), dtype=np.bool_)
    while left.any():
        count = np.bincount(number[left], minlength=len(each))
        cost = np.bincount(number[left], weights=options.cost[left], minlength=len(each))
        most = np.flatnonzero(count == count.max())
        leading = most[cost[most].argmin()]
        for option in np.flatnonzero(left & (number == leading)).tolist():
            chosen[int(options.day[option])] = tuple(options.slots[option].tolist())
            open_days[options.day[option]] = False
        left &= open_days[options.day]
    return chosen


def _single(slots: Slots, found: Tried, able: Ints) -> _Options:
    """One care worker: of the slots that fit, the cheapest first, each round's best on each day."""
    _, first = np.unique(slots.round[able] * len(DAYS) + slots.day[able], return_index=True)
    best = able[first]
    return _Options(slots.round[best], slots.day[best], found.extra[best], best[:, None])


def _double(slots: Slots, found: Tried, able: Ints) -> _Options:
    """Two who meet: every two of a day's cheapest slots, in different rounds, that the visit can start in at one time."""
    pairs = [np.empty((2, 0), dtype=np.int64)]
    for day in np.unique(slots.day[able]):
        near = able[slots.day[able] == day][:MOST_PER_DAY]
        pairs.append(near[np.array(np.triu_indices(len(near), 1))])
    one, two = np.concatenate(pairs, axis=1)
    meet = np.maximum(found.lowest[one], found.lowest[two]) <= np.minimum(found.highest[one], found.highest[two])
    kept = meet & (slots.round[one] != slots.round[two])
    one, two = one[kept], two[kept]
    cost = found.extra[one] + found.extra[two]
    order = np.argsort(cost, kind="stable")
    one, two, cost = one[order], two[order], cost[order]
    lower, higher = np.minimum(slots.round[one], slots.round[two]), np.maximum(slots.round[one], slots.round[two])
    key = lower * PAIRED + higher
    _, first = np.unique(key * len(DAYS) + slots.day[one], return_index=True)
    return _Options(key[first], slots.day[one[first]], cost[first], np.column_stack((one, two))[first])


def _inserted(run: Run, visit: Visit, position: int, start: int, there: int, on: int) -> tuple[Run, tuple[tuple[str, int], ...]]:
    """A run with a visit more, and who begins how much later."""
    end = start + visit.duration_minutes * 60
    stops = [*run.stops[:position], Stop(visit.visit_id, THERE, start, end, start, there)]
    pushed = []
    for index in range(position, len(run.stops)):
        stop = run.stops[index]
        travel = on if index == position else stop.travel
        pause = run.break_seconds if index == run.break_before else 0
        begins = max(stop.start, stops[-1].end + travel + pause)
        if begins == stop.start and travel == stop.travel:  # nothing from here on is touched
            stops += run.stops[index:]
            break
        if begins > stop.start:
            pushed.append((stop.visit_id, begins - stop.start))
        stops.append(Stop(stop.visit_id, stop.place, begins, begins + stop.end - stop.start, stop.latest, travel))
    earlier, later = max(0, run.stops[0].start - stops[0].start), stops[-1].end - run.stops[-1].end
    grown = replace(
        run,
        stops=tuple(stops),
        break_before=run.break_before + (0 <= position <= run.break_before),
        # What it grew at one end it may no longer grow at the other: the limits of a shift and a week are of its whole length.
        floor=min(stops[0].start, run.floor + later),
        cap=max(stops[-1].end, run.cap - earlier),
    )
    return grown, tuple(pushed)
