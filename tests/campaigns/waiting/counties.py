"""Small counties that are tight: fewer hours on contracts than are asked for, so that it matters who goes where."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.rates_given import Given
from tests.campaigns.calibration import rates_of
from tests.making.families import NIGHTS, Kind, county_of_kind

MOST_PEOPLE = 240
"""With care, before a county is made a fifth larger or smaller: below 300 in all."""
ROOM = (0.94, 1.0)
"""The hours of all contracts, as a multiple of the care that runs and waits."""


@dataclass(frozen=True)
class Case:
    """One county and the rates by which it goes on."""

    number: int
    kind: str
    snapshot: Snapshot
    given: Given

    @property
    def asked_of_room(self) -> float:
        """The hours that run and wait on the first day, as a part of the hours of all contracts."""
        room = sum(float(each.max_hours_4w or 0) * 15 for each in self.snapshot.contracts)
        return sum(package.minutes_per_week for package in self.snapshot.packages) / room


def case(seed: int, number: int) -> Case:
    """The county of a number. Needs end but do not change: of changed needs no bound is known that would be near."""
    names = list(NIGHTS)
    name = names[number % len(names)]
    dice = Random(f"waiting worth {seed} {number}")
    snapshot = county_of_kind(_small(NIGHTS[name], dice), dice)
    given = rates_of(len(snapshot.packages), dice)
    return Case(number, name, snapshot, replace(given, changes_per_week=0.0))


def _small(kind: Kind, dice: Random) -> Kind:
    people = round(MOST_PEOPLE * dice.uniform(0.4, 0.9))
    return replace(kind, people=people, waiting=max(4, people // 20), areas=2, slack=dice.uniform(*ROOM))
