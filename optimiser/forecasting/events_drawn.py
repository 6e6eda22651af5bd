"""What comes from outside in one draw: who is asked for, whose needs change or end, who goes to hospital, which providers fail.

Nothing here depends on what anybody decides, so that the same draw serves for other rates, presets and ways to decide.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from optimiser.domain.dates import days_after
from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.hazards import Hazard
from optimiser.forecasting.keyed_chance import Dice, poisson
from optimiser.forecasting.rates_file import is_like
from optimiser.forecasting.rates_given import WEEKS_PER_YEAR, Arrivals, Given
from optimiser.whatif.invented import invented_like

DAYS = 7
MORNING = dt.time(9)
LONGEST_STAY = 52
"""Weeks in hospital."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in hospital: from a week on, up to another."""

    week: int
    until: int
    returns: bool


@dataclass(frozen=True, slots=True)
class Life:
    """What happens to one person's need of care. None: not within the forecast."""

    ends: int | None
    stays: tuple[Stay, ...]
    changes: tuple[tuple[int, bool], ...]
    """Weeks in which needs change, and whether to more hours."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody asked for in a week. ``alike``: the place of the package that the person is like in the snapshot's order."""

    package: Package
    alike: int
    life: Life


@dataclass(frozen=True, slots=True)
class Barred:
    """A provider that takes no new work from a week on, up to another."""

    week: int
    until: int
    provider_id: str


@dataclass(frozen=True)
class Drawn:
    """The events of one draw. Weeks are counted from the snapshot's day on; on that day (week 0) nothing is drawn."""

    weeks: int
    lives: dict[str, Life]
    """By id of a person of the snapshot."""
    arrivals: tuple[tuple[Arrival, ...], ...]
    fails: dict[str, int]
    """Per provider that fails: the week."""
    barred: tuple[Barred, ...]

    def __repr__(self) -> str:
        return f"<Drawn: {sum(map(len, self.arrivals))} arrivals in {self.weeks} weeks>"


class Scenery:
    """What all draws of a forecast share: hazards by week, and whom people are invented like."""

    def __init__(self, snapshot: Snapshot, given: Given, weeks: int) -> None:
        self.snapshot, self.given, self.weeks = snapshot, given, weeks
        self.days = [days_after(snapshot.as_of, DAYS * week) for week in range(weeks + 1)]
        self.people = sorted({_person(package) for package in snapshot.packages})
        self.ends = Hazard([given.ends_per_week] * weeks)
        self.changes = Hazard([given.changes_per_week] * weeks)
        hospital = [given.hospital_per_week * given.season_factor("hospital", day) for day in self.days[1:]]
        self.hospital = Hazard(hospital)
        self.stay = Hazard([1 / given.hospital_weeks] * LONGEST_STAY)
        self._of_a_year: dict[float, Hazard] = {}
        self.leads = _leads(snapshot.packages)
        self.new = _new(snapshot.packages)
        self.pools = [(line, area_id, mean, pool) for line in given.arrivals for area_id, mean, pool in _pools(snapshot, line)]

    def drawn(self, dice: Dice) -> Drawn:
        """The events of one draw."""
        return Drawn(
            self.weeks,
            {person: self._life(dice, person, 0) for person in self.people},
            tuple(tuple(self._asked_for(dice, week)) if week else () for week in range(self.weeks + 1)),
            dict(self._fails(dice)),
            tuple(self._barred(dice)),
        )

    def _life(self, dice: Dice, name: str, week: int) -> Life:
        ends = self.ends.after(week, dice.chance("ends", name))
        until = ends if ends is not None else self.weeks + 1
        stays: list[Stay] = []
        changes: list[tuple[int, bool]] = []
        since = week
        while (found := self.hospital.after(since, dice.chance("hospital", name, len(stays)))) is not None and found < until:
            back = found + self._stay_weeks(dice, name, len(stays))
            returns = dice.chance("returns", name, len(stays)) < self.given.hospital_returns
            stays.append(Stay(found, back, returns))
            if not returns or back > self.weeks:
                break
            since = back
        since = week
        while (found := self.changes.after(since, dice.chance("changes", name, len(changes)))) is not None and found < until:
            changes.append((found, dice.chance("up", name, len(changes)) < self.given.changes_up))
            since = found
        return Life(ends, tuple(stays), tuple(changes))

    def _stay_weeks(self, dice: Dice, name: str, number: int) -> int:
        """At least one week; as many more as a geometric law gives for the average."""
        return self.stay.after(0, dice.chance("stay", name, number)) or LONGEST_STAY

    def _asked_for(self, dice: Dice, week: int) -> Iterator[Arrival]:
        day = self.days[week]
        factor = self.given.season_factor("arrivals", day)
        for line, area_id, mean, pool in self.pools:
            of_line = (line.area_id, line.source, line.need, area_id, week)
            for number in range(poisson(dice.chance("arrivals", *of_line), mean * factor)):
                alike = pool[int(dice.chance("alike", *of_line, number) * len(pool))]
                like = self.snapshot.packages[alike]
                parts = (self.new, area_id, line.source, line.need, f"{week:03}", f"{number:03}")
                name = "-".join(part for part in parts if part)
                leads = self.leads.get(like.priority) or [0]
                lead = leads[int(dice.chance("lead", *of_line, number) * len(leads))]
                asked_at = dt.datetime.combine(day, MORNING)
                made = invented_like(like, name, like.priority, like.source, days_after(day, lead), asked_at)
                yield Arrival(replace(made, bundle_id="") if made.bundle_id else made, alike, self._life(dice, name, week))

    def _fails(self, dice: Dice) -> Iterator[tuple[str, int]]:
        for provider in self.snapshot.providers:
            own = self.given.providers.get(provider.provider_id)
            if own is not None and own.fails_on is not None:
                week = max(1, -((self.snapshot.as_of - own.fails_on).days // DAYS))
                if week <= self.weeks:
                    yield provider.provider_id, week
                continue
            part = self.given.fails_per_year if own is None or own.fails_per_year is None else own.fails_per_year
            found = self._yearly(part).after(0, dice.chance("fails", provider.provider_id))
            if found is not None:
                yield provider.provider_id, found

    def _barred(self, dice: Dice) -> Iterator[Barred]:
        for provider in self.snapshot.providers:
            own = self.given.providers.get(provider.provider_id)
            part = self.given.restricted_per_year if own is None or own.restricted_per_year is None else own.restricted_per_year
            hazard, week, number = self._yearly(part), 0, 0
            while (found := hazard.after(week, dice.chance("restricted", provider.provider_id, number))) is not None:
                week, number = found + self.given.restricted_weeks, number + 1
                yield Barred(found, week, provider.provider_id)
                if week >= self.weeks:
                    break

    def _yearly(self, part: float) -> Hazard:
        """The hazard of something that befalls this part of providers within a year."""
        if part not in self._of_a_year:
            weekly = 1.0 if part >= 1 else 1 - (1 - part) ** (1 / WEEKS_PER_YEAR)
            self._of_a_year[part] = Hazard([weekly] * self.weeks)
        return self._of_a_year[part]


def _person(package: Package) -> str:
    """Whose care it is: parts of divided care end together."""
    return package.part_of or package.package_id


def _new(packages: Sequence[Package]) -> str:
    """How the ids of people who are invented begin: as nobody's of the snapshot does."""
    return next(
        begins
        for begins in ("NEW", *(f"NEW{number}" for number in range(2, len(packages) + 3)))
        if not any(package.package_id.startswith(f"{begins}-") for package in packages)
    )


def _pools(snapshot: Snapshot, line: Arrivals) -> Iterator[tuple[str, float, Sequence[int]]]:
    """Per area of a line how many are asked for in a week there, and whom they are like."""
    pools: dict[str, list[int]] = defaultdict(list)
    for index, package in enumerate(snapshot.packages):
        if is_like(package, line):
            pools[package.area_id].append(index)
    whole = sum(map(len, pools.values()))
    for area_id, pool in sorted(pools.items()):
        yield area_id, line.per_week * len(pool) / whole, pool


def _leads(packages: Sequence[Package]) -> dict[str, list[int]]:
    """Per priority how many days lie between requests and the days by which care was to start, in order."""
    found: dict[str, list[int]] = defaultdict(list)
    for package in packages:
        if package.status == "new" and package.requested_at is not None and package.start_by is not None:
            found[package.priority].append(max(0, (package.start_by - package.requested_at.date()).days))
    return {priority: sorted(leads) for priority, leads in found.items()}
