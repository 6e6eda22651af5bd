"""The rates by which a county is played forward: how many are asked for, and what happens to people and providers.

All are of a week unless they are named otherwise. Nothing here is known of this county but what a council gives; what is not
given is not played.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

WEEKS_PER_YEAR = 52
YEARLY = ("fails_per_year", "restricted_per_year")
"""Rates that are given for a year, since they are rare."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """People asked for in a week, on average. Empty ``area_id``: in the whole county, spread as its people are.

    Empty ``source`` and ``need``: any. People are like those of the area who have that source and need.
    """

    per_week: float
    area_id: str = ""
    source: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True)
class OfProvider:
    """What is another for one provider; None: as for all."""

    fails_on: dt.date | None = None
    fails_per_year: float | None = None
    restricted_per_year: float | None = None
    decline: float | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, months and days, up to but not including ``until``, in which rates are so many times as high."""

    since: tuple[int, int]
    until: tuple[int, int]
    arrivals: float = 1.0
    hospital: float = 1.0
    decline: float = 1.0

    def holds(self, day: dt.date) -> bool:
        today = (day.month, day.day)
        if self.since < self.until:
            return self.since <= today < self.until
        return today >= self.since or today < self.until


@dataclass(frozen=True, slots=True)
class Given:
    """Every rate. ``settings`` of the file's table ``[rates]`` have the same names."""

    arrivals: tuple[Arrivals, ...]
    ends_per_week: float
    """The part of people whose need of care ends in a week."""
    changes_per_week: float = 0.0
    """The part of people with care whose needs change in a week."""
    change_part: float = 0.25
    """By how much of their hours, to the nearest quarter hour."""
    changes_up: float = 0.5
    """The part of changes that are to more hours."""
    hospital_per_week: float = 0.0
    """The part of people with care who go to hospital in a week."""
    hospital_weeks: float = 2.0
    """How many weeks they stay, on average; at least one."""
    hospital_returns: float = 0.8
    """The part who need care again afterwards."""
    hold_weeks: int = 2
    """How many weeks a provider keeps the place of somebody in hospital."""
    fails_per_year: float = 0.0
    """The part of providers that stop within a year."""
    restricted_per_year: float = 0.0
    """The part of providers that are barred from new work within a year."""
    restricted_weeks: int = 17
    """For how many weeks: support lasts three to six months."""
    decline: float | None = None
    """The part of offers that are declined; None: by each provider's own record."""
    record_weight: float = 10.0
    """How many answers the whole county's record counts for beside a provider's own."""
    lasting: float | None = None
    """The part of declines that stand until needs change; None: as recorded."""
    asks_per_week: int = 5
    """How many offers a planner makes for one person within a week."""
    seasons: tuple[Season, ...] = ()
    providers: Mapping[str, OfProvider] = field(default_factory=dict)
    from_counts: str = ""
    """Whence arrivals and ends come where they are not given; empty: given."""

    def times(self, name: str, factor: float) -> Given:
        """The same with one rate moved: ``arrivals``, ``decline`` (by way of ``Answers``) or a field of this record."""
        if name == "arrivals":
            return replace(self, arrivals=tuple(replace(each, per_week=each.per_week * factor) for each in self.arrivals))
        return replace(self, **{name: getattr(self, name) * factor})

    def ends_beside_hospital(self) -> Given:
        """The same where ``ends_per_week`` counts whoever ends: less those who do not come back from hospital, whom
        ``hospital_per_week`` takes already. Seasons are left aside.
        """
        not_back = self.hospital_per_week * (1 - self.hospital_returns)
        return replace(self, ends_per_week=max(0.0, self.ends_per_week - not_back))

    def season_factor(self, what: str, day: dt.date) -> float:
        """How many times as high a rate is on a day; seasons that meet multiply."""
        factor = 1.0
        for season in self.seasons:
            if season.holds(day):
                factor *= getattr(season, what)
        return factor
